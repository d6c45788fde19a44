import { access, copyFile, readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { SparkSession } from 'spark-connect-js';

/** Longer ago than Delta keeps files that no version has. */
const LONG_AGO_MS = 9 * 86_400_000;
const ABANDONED = 'part-abandoned.parquet';

/** A copy of one of a table's files, of no version and old: what a writer that died has left there, which VACUUM deletes. */
export async function abandonFile(table: string): Promise<string> {
  const names = await readdir(table, { recursive: true });
  const [first] = names.filter((name) => name.endsWith('.parquet') && !name.startsWith('_'));
  if (first === undefined) throw new Error(`There is no file in ${table}`);
  const abandoned = join(table, ABANDONED);
  await copyFile(join(table, first), abandoned);
  const time = new Date(Date.now() - LONG_AGO_MS);
  await utimes(abandoned, time, time);
  return abandoned;
}

export const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Which files are sorted, and by what. */
export interface Sorting {
  readonly by: string;
  /** Of partitions; absent: all files. Each partition is a job of its own. */
  readonly where?: string;
}

/**
 * What upkeep does to tables of the stream, done to a table: files are written anew, in another order.
 *
 * @returns how many files were replaced.
 */
export async function keepUp(spark: SparkSession, table: string, { by, where }: Sorting): Promise<number> {
  const name = `delta.\`${table}\``;
  const which = where === undefined ? '' : ` WHERE ${where}`;
  const answer = await spark.sql(`OPTIMIZE ${name}${which} ZORDER BY (${by})`);
  const [row] = await answer.selectExpr('metrics.numFilesRemoved AS replaced').collect();
  await spark.sql(`VACUUM ${name}`);
  return Number(row?.['replaced']);
}
