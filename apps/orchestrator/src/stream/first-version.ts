import { tableIdentifier } from '@millrace/pipelines';
import type { SparkSession } from 'spark-connect-js';
import { versionRange } from '../spark/delta-time-travel';

/**
 * The version from which a query reads a table: the commit that marked the table when the query was first started, so that what was stored
 * before is history. The mark is a property of the table: it outlives the registry, and a query that died before its first micro-batch begins
 * at the same version again.
 */
export async function firstVersion(spark: SparkSession, path: string, queryName: string): Promise<number> {
  const property = `millrace.${queryName}.after-version`;
  const marked = await readProperty(spark, path, property);
  if (marked !== undefined) return marked + 1;
  const latest = (await versionRange(spark, path))?.latest;
  if (latest === undefined) throw new Error(`There is no table at ${path} to read events from`);
  await spark.sql(`ALTER TABLE ${tableIdentifier(path)} SET TBLPROPERTIES ('${property}' = '${latest}')`);
  return latest + 1;
}

async function readProperty(
  spark: SparkSession,
  path: string,
  property: string,
): Promise<number | undefined> {
  const properties = await (await spark.sql(`SHOW TBLPROPERTIES ${tableIdentifier(path)}`)).collect();
  const found = properties.find((row) => row['key'] === property);
  return found === undefined ? undefined : Number(found['value']);
}
