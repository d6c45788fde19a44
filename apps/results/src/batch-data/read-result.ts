import { isDeltaError } from '@millrace/delta';
import type { DeltaErrorReason, Snapshot } from '@millrace/delta';
import { InvalidRequest, ResultsMissing } from '@millrace/domain';
import type { BatchRecord, BatchStep } from '@millrace/domain';
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

/** The rows of one version of a table. */
export interface ResultReader {
  /** @throws ResultsMissing when the table was deleted. */
  count(): Promise<number>;
  /** JSON objects. @throws ResultsMissing, InvalidRequest for a column that the table does not have. */
  rows(query: Pick<DataQuery, 'columns' | 'limit' | 'offset'>): Promise<readonly string[]>;
}

/** What says that somebody deleted the table, or parts of it, and not that it cannot be read. */
const DELETED: readonly DeltaErrorReason[] = [
  'TABLE_NOT_FOUND',
  'VERSION_NOT_FOUND',
  'TIME_NOT_FOUND',
  'FILE_MISSING',
];

/**
 * Reads exactly the version that is meant, whatever happened to the table since.
 *
 * @throws ResultsMissing when the table was deleted.
 */
export async function openResult(
  tables: ResultsPorts['tables'],
  { batchId }: BatchRecord,
  { path, step, version, order }: ResultTable,
): Promise<ResultReader> {
  const told = async <T>(read: Promise<T>): Promise<T> => {
    try {
      return await read;
    } catch (cause) {
      throw unlessDeleted(cause, batchId, step);
    }
  };
  const snapshot = await told(tables.openSnapshot(path, { version }));
  return {
    count: () => told(tables.countRows(snapshot)),
    rows: ({ columns, limit, offset }) => {
      if (columns !== undefined) requireColumns(snapshot, columns);
      return told(tables.readRows(snapshot, { order, limit, offset, ...(columns && { columns }) }));
    },
  };
}

/** The error to tell: where the table was deleted, that its results are missing. */
export function unlessDeleted(cause: unknown, batchId: string, step: BatchStep): unknown {
  const isDeleted = isDeltaError(cause) && DELETED.includes(cause.reason);
  return isDeleted ? new ResultsMissing(batchId, step, { cause }) : cause;
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
