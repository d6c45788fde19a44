import {
  BatchExpired,
  BatchNotFound,
  BatchNotReady,
  InvalidRequest,
  isBatchReference,
} from '@millrace/domain';
import type { BatchRecord, BatchRegistry } from '@millrace/domain';

/** States whose record says why there is nothing to read; of others the message is that of an earlier attempt. */
const EXPLAINED = new Set(['FAILED', 'UNKNOWN']);

/**
 * The record of a batch whose results can be read.
 *
 * @param reference batch id or UUID, as the path names it; anything else is refused before it is looked up.
 * @throws InvalidRequest, BatchNotFound, BatchNotReady, BatchExpired
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
    const errorMessage = EXPLAINED.has(record.status) ? (record.errorMessage ?? undefined) : undefined;
    throw new BatchNotReady(record.batchId, record.status, errorMessage);
  }
  if (record.resultsDeleted !== null) throw new BatchExpired(record.batchId, record.expiresAt);
  return record;
}

/** Deleted under a reader that was slower than the grace it had: then that its time was over is the answer. */
export async function unlessExpired<T>(
  batches: Pick<BatchRegistry, 'find'>,
  { batchId }: BatchRecord,
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    await requireCompletedBatch(batches, batchId);
    throw error;
  }
}
