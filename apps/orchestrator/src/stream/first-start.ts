import { tableIdentifier } from '@millrace/pipelines';
import type { DataFrame, SparkSession } from 'spark-connect-js';
import { col, lit } from 'spark-connect-js/functions';
import { versionRange } from '../spark/delta-time-travel';

/** Rows that a micro-batch had taken before the first start may be stored after it. */
const MARGIN_MS = 3_600_000;

/** When a query first was started. */
export interface FirstStart {
  /** Of the table that it reads, the first that is not history. */
  readonly version: number;
  /** Undefined of marks that were made before they told it. */
  readonly time: Date | undefined;
}

/**
 * Where a query begins to read a table: at the commit that marked the table when the query was first started, so that what was stored
 * before is history. The mark is properties of the table: it outlives the registry, and a query that died before its first micro-batch
 * begins at the same version again.
 */
export async function firstStart(
  spark: SparkSession,
  path: string,
  queryName: string,
  now: Date,
): Promise<FirstStart> {
  const [afterVersion, startTime] = [
    `millrace.${queryName}.after-version`,
    `millrace.${queryName}.start-time`,
  ];
  const properties = await readProperties(spark, path);
  const [marked, since] = [properties.get(afterVersion), properties.get(startTime)];
  if (marked !== undefined) {
    return { version: Number(marked) + 1, time: since === undefined ? undefined : new Date(since) };
  }
  const latest = (await versionRange(spark, path))?.latest;
  if (latest === undefined) throw new Error(`There is no table at ${path} to read events from`);
  await spark.sql(
    `ALTER TABLE ${tableIdentifier(path)} SET TBLPROPERTIES ('${afterVersion}' = '${latest}', '${startTime}' = '${now.toISOString()}')`,
  );
  return { version: latest + 1, time: now };
}

/**
 * Without history that is added to the table later, as the seeder does: before there is a watermark, ninety days of it would become
 * windows of every minute.
 *
 * @param rows with `processing_timestamp`, when each was read to be stored; one without it may be new.
 */
export function withoutHistory(rows: DataFrame, { time }: FirstStart): DataFrame {
  if (time === undefined) return rows;
  const since = new Date(time.getTime() - MARGIN_MS).toISOString();
  const storedAt = col('processing_timestamp');
  return rows.filter(storedAt.isNull().or(storedAt.geq(lit(since).cast('timestamp'))));
}

async function readProperties(spark: SparkSession, path: string): Promise<ReadonlyMap<unknown, string>> {
  const properties = await (await spark.sql(`SHOW TBLPROPERTIES ${tableIdentifier(path)}`)).collect();
  return new Map(
    properties.flatMap(({ key, value }) => (typeof value === 'string' ? [[key, value] as const] : [])),
  );
}
