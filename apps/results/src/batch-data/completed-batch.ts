import { BatchNotFound, BatchNotReady, InvalidRequest, isBatchReference } from '@millrace/domain';
import type { BatchRecord, BatchRegistry } from '@millrace/domain';

/**
 * The record of a batch whose results can be read.
 *
 * @param reference batch id or UUID, as the path names it; anything else is refused before it is looked up.
 * @throws InvalidRequest, BatchNotFound, BatchNotReady
 */
export async function requireCompletedBatch(
  batches: Pick<BatchRegistry, 'find'>,
  reference: string,
): Promise<BatchRecord> {
  if (!isBatchReference(reference)) {
    throw new InvalidRequest([{ path: 'batchId', message: 'must be the id of a batch' }]);
  }
  const record = await batches.find(reference);
  if (record === undefined) throw new BatchNotFound(reference);
  if (record.status !== 'COMPLETED') {
    const errorMessage = record.status === 'FAILED' ? (record.errorMessage ?? undefined) : undefined;
    throw new BatchNotReady(record.batchId, record.status, errorMessage);
  }
  return record;
}
