import type { AnalysisName, BatchFilters, BatchRecord, BatchStatus } from '@millrace/domain';
import type { Batch } from './generated/client';

/** A row of `batches`; Prisma and the hot statements read the same shape. */
export type BatchRow = Batch;

/**
 * The words of the record come from the database as plain strings: CHECK constraints keep status and source to what
 * the domain knows, and the other columns hold only what the domain validated before it wrote them.
 */
export function toBatchRecord(row: BatchRow): BatchRecord {
  return {
    ...row,
    status: row.status as BatchStatus,
    analysisType: row.analysisType as AnalysisName,
    source: row.source as BatchRecord['source'],
    filters: row.filters as BatchFilters | null,
    executions: row.executions as BatchRecord['executions'],
  };
}
