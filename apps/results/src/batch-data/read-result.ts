import type { PageQuery } from '@millrace/domain';
import type { ResultsPorts } from '../ports';
import type { ResultTable } from './result-table';

/** A page of a stored result. */
export interface ResultRows {
  /** Rows of the whole result. */
  readonly total: number;
  readonly returned: number;
  /** JSON array. */
  readonly json: string;
}

/** The rows of exactly the version that the batch committed, whatever happened to the table since. */
export async function readResult(
  tables: ResultsPorts['tables'],
  table: ResultTable,
  query: PageQuery,
): Promise<ResultRows> {
  const snapshot = await tables.openSnapshot(table.path, { version: table.version });
  const total = await tables.countRows(snapshot);
  const { json, returned } = await tables.readPage(snapshot, { order: table.order, ...query });
  return { total, returned, json };
}
