import { createHash } from 'node:crypto';
import { csvHeader, isDeltaError } from '@millrace/delta';
import type { DeltaErrorReason, LineFormat, RowText } from '@millrace/delta';
import { ResultsMissing } from '@millrace/domain';
import type { BatchRecord, BatchStep, PageQuery } from '@millrace/domain';
import type { RecordBatch } from 'apache-arrow';
import type { WriteFile } from '../exports/export-files';
import type { ResultsPorts } from '../ports';
import type { ResultTable } from './result-table';
import { requireSelection, rowOrder } from './row-selection';
import type { Selection } from './row-selection';

/** A page of a stored result. */
export interface ResultRows {
  /** Rows of the whole result. */
  readonly rowCount: number;
  /** Of these, the rows that are paged. */
  readonly total: number;
  readonly returned: number;
  /** JSON array, in UTF-8. */
  readonly json: Buffer;
}

/** The rows of one version of a table that a request selects. Each read can throw ResultsMissing. */
export interface ResultReader {
  /** Of the whole table. */
  rowCount(): Promise<number>;
  /** That are selected. */
  count(): Promise<number>;
  /** One page as a JSON array. */
  page(page: PageQuery): Promise<RowText>;
  /** The first line of CSV. */
  readonly csvHeader: string;
  /** However many, some thousands at a time, read as they are taken. */
  stream(page: PageQuery, format: LineFormat): AsyncGenerator<RowText, void, undefined>;
  /** As `stream`, as record batches. */
  recordBatches(page: PageQuery): AsyncGenerator<RecordBatch, void, undefined>;
  /** All of them in one file. */
  parquet(page: PageQuery): ParquetRows;
}

/** Rows that can be written as a file of Parquet. */
export interface ParquetRows {
  /** Of these rows alone, and nothing of a client is in it. */
  readonly name: string;
  readonly write: WriteFile;
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
 * @param signal that nobody waits for its rows any more.
 * @throws ResultsMissing when the table was deleted, InvalidRequest for columns that it does not have.
 */
export async function openResult(
  tables: ResultsPorts['tables'],
  { batchId }: BatchRecord,
  { path, step, version, order: own, conditions = [] }: ResultTable,
  selection: Selection,
  signal?: AbortSignal,
): Promise<ResultReader> {
  const told = async <T>(read: () => Promise<T>): Promise<T> => {
    try {
      return await read();
    } catch (cause) {
      throw unlessDeleted(cause, batchId, step);
    }
  };
  const toldAll = <T>(parts: AsyncGenerator<T, void, undefined>) => eachTold(parts, told);
  const snapshot = await told(() => tables.openSnapshot(path, { version }));
  requireSelection(snapshot, selection);
  const { columns, filter = [], sort } = selection;
  const filters = [...conditions, ...filter];
  const request = { order: rowOrder(own, sort), filters, ...(columns && { columns }) };
  const shown = snapshot.schema.map(({ name }) => name).filter((name) => columns?.includes(name) ?? true);
  return {
    rowCount: () => told(() => tables.countRows(snapshot)),
    count: () => told(() => tables.countRows(snapshot, filters)),
    page: (page) => told(() => tables.readPage(snapshot, { ...request, ...pageOnly(page), signal })),
    csvHeader: csvHeader(shown),
    stream: (page, format) =>
      toldAll(tables.streamText(snapshot, { ...request, ...pageOnly(page), signal }, format)),
    recordBatches: (page) => toldAll(tables.streamArrow(snapshot, { ...request, ...pageOnly(page), signal })),
    parquet: (page) => ({
      name: digest([path, String(version), { ...request, columns: shown, ...pageOnly(page) }]),
      write: (name, unwanted) =>
        told(() => tables.writeParquet(snapshot, { ...request, ...pageOnly(page), signal: unwanted }, name)),
    }),
  };
}

const digest = (facts: readonly unknown[]) =>
  createHash('sha256').update(JSON.stringify(facts)).digest('hex');

/** Whatever each read of the parts throws is told. */
async function* eachTold<T>(
  parts: AsyncGenerator<T, void, undefined>,
  told: <R>(read: () => Promise<R>) => Promise<R>,
): AsyncGenerator<T, void, undefined> {
  try {
    for (;;) {
      const { value, done } = await told(() => parts.next());
      if (done === true) return;
      yield value;
    }
  } finally {
    await parts.return();
  }
}

/** The error to tell: where the table was deleted, that its results are missing. */
export function unlessDeleted(cause: unknown, batchId: string, step: BatchStep): unknown {
  const isDeleted = isDeltaError(cause) && DELETED.includes(cause.reason);
  return isDeleted ? new ResultsMissing(batchId, step, { cause }) : cause;
}

/** One page. */
export async function readResult(result: ResultReader, page: PageQuery): Promise<ResultRows> {
  const [rowCount, total] = [await result.rowCount(), await result.count()];
  const { rows, bytes } = await result.page(page);
  return { rowCount, total, returned: rows, json: bytes };
}

const pageOnly = ({ limit, offset }: PageQuery): PageQuery => ({ limit, offset });
