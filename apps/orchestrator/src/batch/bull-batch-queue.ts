import { batchJobId } from '@millrace/domain';
import type { AttemptKey, BatchJob } from '@millrace/domain';
import type { Queue } from 'bullmq';
import type { BatchQueue } from './reconcile-batches';

/** Ended jobs are kept for Bull Board; the registry is the record. */
const KEPT_ENDED_JOBS = { count: 1_000 };

export class BullBatchQueue implements BatchQueue {
  constructor(private readonly queue: Queue<BatchJob>) {}

  async ensure({ batchId, attempt }: AttemptKey): Promise<void> {
    const jobId = batchJobId({ batchId, attempt });
    const job = await this.queue.getJob(jobId);
    if (job !== undefined) {
      const state = await job.getState();
      if (state !== 'completed' && state !== 'failed' && state !== 'unknown') return;
      // Its row is still PENDING, so it ended without doing its work (the registry was away, say).
      await job.remove();
    }
    await this.queue.add(
      'batch',
      { batchId, attempt },
      { jobId, removeOnComplete: KEPT_ENDED_JOBS, removeOnFail: KEPT_ENDED_JOBS },
    );
  }
}
