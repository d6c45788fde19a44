import { isMillraceError } from '@millrace/domain';
import type { RecoveredBatch } from '@millrace/domain';
import { mapBounded } from '../bounded';
import { batchFolders } from './batch-steps';
import { BATCHES_AT_ONCE } from './ports';
import type { RecoveryPorts, WalkOptions } from './ports';
import { recoveredBatch } from './recovered-batch';
import { readStoredBatch } from './stored-batch';

export interface RecoverySummary {
  readonly folders: number;
  /** Batches that got a row, by id. */
  readonly recovered: readonly RecoveredBatch[];
  /** Batches that did not, and why. */
  readonly failed: readonly { readonly batchId: string; readonly message: string }[];
}

export interface RecoveryOptions extends WalkOptions {
  /** How long results are kept after their batch has ended. */
  readonly retentionMs: number;
}

/**
 * Gives each folder below `batches/` that has no row one, from its Delta logs. Rows that are there are never changed. What
 * is wrong with one batch does not keep the others from being recovered.
 *
 * @throws ServiceUnavailable when the registry does not answer.
 */
export async function recoverRegistry(
  ports: RecoveryPorts,
  options: RecoveryOptions,
): Promise<RecoverySummary> {
  // Before the rows: a batch has its row before its folder, so none that begins meanwhile is taken for a lost one.
  const folders = await batchFolders(ports);
  const recovered: RecoveredBatch[] = [];
  const failed: { batchId: string; message: string }[] = [];
  let done = 0;
  await mapBounded(folders, BATCHES_AT_ONCE, async (batchId) => {
    options.signal?.throwIfAborted();
    if ((await ports.batches.find(batchId)) === undefined) {
      try {
        const batch = await recoverBatch(ports, batchId, options);
        if (batch !== undefined) recovered.push(batch);
      } catch (error) {
        if (isMillraceError(error) && error.code === 'SERVICE_UNAVAILABLE') throw error;
        failed.push({ batchId, message: error instanceof Error ? error.message : String(error) });
      }
    }
    options.onProgress?.({ what: 'folders', done: ++done, total: folders.length });
  });
  return { folders: folders.length, recovered: recovered.sort(byId), failed: failed.sort(byId) };
}

async function recoverBatch(
  ports: RecoveryPorts,
  batchId: string,
  { retentionMs, now }: RecoveryOptions,
): Promise<RecoveredBatch | undefined> {
  const stored = await readStoredBatch(ports, batchId);
  const batch = recoveredBatch(stored, { paths: ports.paths, retentionMs, now: now() });
  if (await ports.batches.recover(batch)) return batch;
  // Another process may have been first; that is as good.
  if ((await ports.batches.find(batchId)) !== undefined) return undefined;
  throw new Error(`Another batch has its UUID, ${batch.uuid}`);
}

const byId = (a: { readonly batchId: string }, b: { readonly batchId: string }) =>
  a.batchId < b.batchId ? -1 : 1;
