import { isDeltaError } from '@millrace/delta';
import type { DeltaErrorReason } from '@millrace/delta';
import { ResultsMissing } from '@millrace/domain';
import type { BatchRecord, PageQuery } from '@millrace/domain';
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

/** What says that somebody deleted the table, or parts of it, and not that it cannot be read. */
const DELETED: readonly DeltaErrorReason[] = ['TABLE_NOT_FOUND', 'VERSION_NOT_FOUND', 'FILE_MISSING'];

/**
 * The rows of exactly the version that the batch committed, whatever happened to the table since.
 *
 * @throws ResultsMissing when it was deleted.
 */
export async function readResult(
  tables: ResultsPorts['tables'],
  { batchId }: BatchRecord,
  table: ResultTable,
  query: PageQuery,
): Promise<ResultRows> {
  try {
    const snapshot = await tables.openSnapshot(table.path, { version: table.version });
    const total = await tables.countRows(snapshot);
    const { json, returned } = await tables.readPage(snapshot, { order: table.order, ...query });
    return { total, returned, json };
  } catch (cause) {
    if (!isDeltaError(cause) || !DELETED.includes(cause.reason)) throw cause;
    throw new ResultsMissing(batchId, table.step, { cause });
  }
}
