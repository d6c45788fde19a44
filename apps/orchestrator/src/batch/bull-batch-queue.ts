import { BATCH_JOB_OPTIONS, batchJobId, batchJobPriority } from '@millrace/domain';
import type { BatchJob, BatchRecord } from '@millrace/domain';
import type { Queue } from 'bullmq';
import { hasEnded, withinDeadline } from './bull-deadline';
import type { BatchQueue } from './reconcile-batches';

export class BullBatchQueue implements BatchQueue {
  constructor(private readonly queue: Queue<BatchJob>) {}

  async liveJobs(): Promise<{ waiting: ReadonlySet<string>; running: ReadonlySet<string> }> {
    const ids = (types: Parameters<Queue['getRanges']>[0]) => this.queue.getRanges(types, 0, -1);
    const [waiting, running] = await withinDeadline(
      Promise.all([ids(['wait', 'prioritized', 'delayed']), ids(['active'])]),
    );
    return { waiting: new Set(waiting), running: new Set(running) };
  }

  async ensure(batch: BatchRecord): Promise<void> {
    await withinDeadline(this.ensureJob(batch));
  }

  async remove(jobId: string): Promise<void> {
    await withinDeadline(this.queue.remove(jobId));
  }

  private async ensureJob({ batchId, attempt, fairRank }: BatchRecord): Promise<void> {
    const jobId = batchJobId({ batchId, attempt });
    const state = await this.queue.getJobState(jobId);
    if (!hasEnded(state)) return;
    // Its row is still PENDING, so it ended without doing its work (the registry was away, say).
    if (state !== 'unknown') await this.queue.remove(jobId);
    const options = { ...BATCH_JOB_OPTIONS, jobId, priority: batchJobPriority(fairRank) };
    await this.queue.add('batch', { batchId, attempt }, options);
  }
}
