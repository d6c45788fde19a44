import type { BatchFilters, BatchRecord, BatchStatus } from '@millrace/domain';
import type { Batch } from './generated/client';

/** A row of `batches`, as the statements read it. */
export type BatchRow = Batch;

/**
 * The words of the record come from the database as plain strings: CHECK constraints keep status, source and sinks to
 * what the domain knows, and the other columns hold only what the domain validated before it wrote them.
 */
export function toBatchRecord(row: BatchRow): BatchRecord {
  const { client, clientAddress, userAgent, requestId, ...fields } = row;
  return {
    ...fields,
    requestedBy: { client, address: clientAddress, userAgent, requestId },
    status: row.status as BatchStatus,
    analysisType: row.analysisType as BatchRecord['analysisType'],
    source: row.source as BatchRecord['source'],
    sourceOffsets: row.sourceOffsets as BatchRecord['sourceOffsets'],
    filters: row.filters as BatchFilters | null,
    labels: row.labels as BatchRecord['labels'],
    sinks: row.sinks as BatchRecord['sinks'][number][],
    progress: row.progress as BatchRecord['progress'],
    executions: row.executions as BatchRecord['executions'],
  };
}
