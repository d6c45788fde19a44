import { setTimeout as delay } from 'node:timers/promises';
import { BATCH_JOB_OPTIONS, batchJobId } from '@millrace/domain';
import type { AttemptKey, BatchJob } from '@millrace/domain';
import type { Queue } from 'bullmq';
import type { BatchQueue } from './reconcile-batches';

const DEADLINE_MS = 5_000;

export class BullBatchQueue implements BatchQueue {
  constructor(private readonly queue: Queue<BatchJob>) {}

  /** @throws when Redis does not answer: the client itself would wait for ever. */
  async ensure(key: AttemptKey): Promise<void> {
    const late = new AbortController();
    const timeout = delay(DEADLINE_MS, undefined, { signal: late.signal }).then(() => {
      throw new Error(`Redis did not answer within ${DEADLINE_MS} ms`);
    });
    // Whichever loses the race must not become an unhandled rejection.
    timeout.catch(() => undefined);
    const ensured = this.ensureJob(key);
    ensured.catch(() => undefined);
    try {
      await Promise.race([ensured, timeout]);
    } finally {
      late.abort();
    }
  }

  private async ensureJob({ batchId, attempt }: AttemptKey): Promise<void> {
    const jobId = batchJobId({ batchId, attempt });
    const job = await this.queue.getJob(jobId);
    if (job !== undefined) {
      const state = await job.getState();
      if (state !== 'completed' && state !== 'failed' && state !== 'unknown') return;
      // Its row is still PENDING, so it ended without doing its work (the registry was away, say).
      await job.remove();
    }
    await this.queue.add('batch', { batchId, attempt }, { ...BATCH_JOB_OPTIONS, jobId });
  }
}
