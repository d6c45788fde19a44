import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { DeltaTables } from '@millrace/delta';
import type { Snapshot } from '@millrace/delta';
import { deltaBasePath } from './stack-under-test';

/** The newest version of a table. */
export async function latestVersion(table: string): Promise<number> {
  const tables = DeltaTables.open({ root: deltaBasePath() });
  const { version } = await tables.openSnapshot(join(deltaBasePath(), table), {});
  await tables.close();
  return version;
}

/** Answers SQL over the files of one version of a table, with no part of Millrace's page reading in between. */
export async function queryDelta(
  table: string,
  version: number | undefined,
  sql: (rows: string) => string,
): Promise<Record<string, unknown>[]> {
  const tables = DeltaTables.open({ root: deltaBasePath() });
  const folder = join(deltaBasePath(), table);
  const snapshot = await tables.openSnapshot(folder, version === undefined ? {} : { version });
  await tables.close();
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    const result = await connection.runAndReadAll(sql(rowsOf(snapshot, folder)));
    return result.getRowObjectsJS();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A table has no files before the first rows are written, of which the engine could tell the columns. */
function rowsOf({ files, schema }: Snapshot, folder: string): string {
  const columns = schema.map(({ name }) => `NULL AS "${name.replaceAll('"', '""')}"`);
  if (files.length === 0) return `(SELECT ${columns.join(', ')} WHERE false)`;
  const paths = files.map(({ path }) => `'${join(folder, path).replaceAll("'", "''")}'`);
  return `read_parquet([${paths.join(', ')}], hive_partitioning = true, union_by_name = true)`;
}
