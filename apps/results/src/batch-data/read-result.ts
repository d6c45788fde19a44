import { isDeltaError } from '@millrace/delta';
import type { DeltaErrorReason, PageRequest, Snapshot } from '@millrace/delta';
import { InvalidRequest, ResultsMissing } from '@millrace/domain';
import type { BatchRecord } from '@millrace/domain';
import type { ResultsPorts } from '../ports';
import type { DataQuery } from './data-query';
import type { ResultTable } from './result-table';

/** A page of a stored result. */
export interface ResultRows {
  /** Rows of the whole result. */
  readonly total: number;
  readonly returned: number;
  /** JSON array. */
  readonly json: string;
}

/** Reads the rows of exactly the version of a table that is meant, whatever happened to the table since. */
export interface ResultReader {
  /** @throws ResultsMissing when the table was deleted. */
  count(): Promise<number>;
  /** JSON objects. @throws ResultsMissing, InvalidRequest for a column that the table does not have. */
  rows(query: Pick<DataQuery, 'columns' | 'limit' | 'offset'>): Promise<readonly string[]>;
}

/** What says that somebody deleted the table, or parts of it, and not that it cannot be read. */
const DELETED: readonly DeltaErrorReason[] = ['TABLE_NOT_FOUND', 'VERSION_NOT_FOUND', 'FILE_MISSING'];

export function readerOf(
  tables: ResultsPorts['tables'],
  { batchId }: BatchRecord,
  { path, step, version, order }: ResultTable,
): ResultReader {
  const read = async <T>(use: (snapshot: Snapshot) => Promise<T>): Promise<T> => {
    try {
      return await use(await tables.openSnapshot(path, { version }));
    } catch (cause) {
      if (!isDeltaError(cause) || !DELETED.includes(cause.reason)) throw cause;
      throw new ResultsMissing(batchId, step, { cause });
    }
  };
  return {
    count: () => read((snapshot) => tables.countRows(snapshot)),
    rows: ({ columns, limit, offset }) =>
      read((snapshot) => {
        if (columns !== undefined) requireColumns(snapshot, columns);
        const request: PageRequest = { order, limit, offset, ...(columns && { columns }) };
        return tables.readRows(snapshot, request);
      }),
  };
}

/** One page. */
export async function readResult(result: ResultReader, query: DataQuery): Promise<ResultRows> {
  const total = await result.count();
  const rows = await result.rows(query);
  return { total, returned: rows.length, json: `[${rows.join(',')}]` };
}

function requireColumns({ schema }: Snapshot, columns: readonly string[]): void {
  const known = schema.map(({ name }) => name);
  const unknown = columns.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const message = `must name columns of the table, which has no ${JSON.stringify(unknown)} but ${known.join(', ')}`;
  throw new InvalidRequest([{ path: 'columns', message }]);
}
