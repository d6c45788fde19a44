import {
  ANALYSIS_QUEUE,
  BATCH_JOB_OPTIONS,
  analysisJobId,
  batchJobId,
  batchJobPriority,
} from '@millrace/domain';
import type { AnalysisJob, AnalysisName, AttemptKey, BatchRecord } from '@millrace/domain';
import type { FlowJob, FlowProducer, Queue } from 'bullmq';
import { hasEnded, withinDeadline } from './bull-deadline';
import type { MemberQueue } from './run-members';

/**
 * A flow for each attempt of a full report: the parent `<batchId>-<attempt>` has one child for each member, and is run
 * when all have ended, however they did.
 */
export class BullMemberQueue implements MemberQueue {
  constructor(
    private readonly flows: FlowProducer,
    private readonly queue: Queue<AnalysisJob>,
  ) {}

  async add(batch: BatchRecord, members: readonly AnalysisName[]): Promise<void> {
    await withinDeadline(this.addFlow(batch, members));
  }

  async ensure(batch: BatchRecord, members: readonly AnalysisName[]): Promise<void> {
    await withinDeadline(this.ensureFlow(batch, members));
  }

  async discard(key: AttemptKey): Promise<void> {
    await withinDeadline(this.discardFlow(key));
  }

  private async ensureFlow(batch: BatchRecord, members: readonly AnalysisName[]): Promise<void> {
    const missing = await Promise.all(
      members.map(async (member) => ((await this.isLive(analysisJobId(batch, member))) ? [] : [member])),
    );
    const lost = missing.flat();
    if (lost.length === 0) return;
    // A parent that has ended takes no more children.
    await this.isLive(batchJobId(batch));
    await this.addFlow(batch, lost);
  }

  /** Whether the job waits or runs; one that has ended is removed, so that it can be added again. */
  private async isLive(jobId: string): Promise<boolean> {
    const state = await this.queue.getJobState(jobId);
    if (!hasEnded(state)) return true;
    if (state !== 'unknown') await this.queue.remove(jobId, { removeChildren: false });
    return false;
  }

  private async addFlow(batch: BatchRecord, members: readonly AnalysisName[]): Promise<void> {
    const { batchId, attempt } = batch;
    const options = { ...BATCH_JOB_OPTIONS, priority: batchJobPriority(batch.fairRank) };
    const children = members.map((analysisType): FlowJob => {
      const data: AnalysisJob = { batchId, attempt, analysisType };
      // The parent must not hang on a failed child: it says which ones failed.
      const opts = {
        ...options,
        jobId: analysisJobId(batch, analysisType),
        ignoreDependencyOnFailure: true,
      };
      return { name: analysisType, queueName: ANALYSIS_QUEUE, data, opts };
    });
    const data: AnalysisJob = { batchId, attempt };
    const opts = { ...options, jobId: batchJobId(batch) };
    await this.flows.add({ name: 'report', queueName: ANALYSIS_QUEUE, data, opts, children });
  }

  /** Children that have failed stay to be looked at, and those that run end by themselves. */
  private async discardFlow(key: AttemptKey): Promise<void> {
    const parent = await this.queue.getJob(batchJobId(key));
    await parent?.removeUnprocessedChildren();
    await parent?.remove({ removeChildren: false });
  }
}
