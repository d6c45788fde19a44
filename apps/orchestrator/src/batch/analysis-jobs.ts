import { analysisJobSchema } from '@millrace/domain';
import type { AnalysisJob, AnalysisName, BatchRegistry } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import { UnrecoverableError } from 'bullmq';
import type { Job } from 'bullmq';
import type { RunMembers } from './run-members';

export type AnalysisJobOfQueue = Pick<
  Job<AnalysisJob>,
  'data' | 'attemptsMade' | 'getIgnoredChildrenFailures'
>;

/** What the jobs of the queue of analyses do. What they return is shown with the job. */
export class AnalysisJobs {
  private readonly logger = new Logger(AnalysisJobs.name);

  constructor(
    private readonly registry: BatchRegistry,
    private readonly members: Pick<RunMembers, 'start'>,
  ) {}

  /** @throws Error with the reason when the analysis failed. */
  async handle(job: AnalysisJobOfQueue): Promise<string> {
    const parsed = analysisJobSchema.safeParse(job.data);
    if (!parsed.success) throw new UnrecoverableError(`Not an analysis job: ${parsed.error.message}`);
    const { analysisType, ...key } = parsed.data;
    if (analysisType === undefined) return this.summary(job);
    const run = this.members.start(key, analysisType);
    if (run === undefined) return this.withoutReport(job, key.batchId, analysisType);
    await run;
    return 'completed';
  }

  /** The parent of a report runs when its members have ended; the registry has heard of them before. */
  private async summary(job: AnalysisJobOfQueue): Promise<string> {
    const failures = Object.entries(await job.getIgnoredChildrenFailures());
    if (failures.length === 0) return 'completed';
    // The key of a job ends in its name.
    const names = failures.map(([jobKey]) => jobKey.slice(jobKey.lastIndexOf('-') + 1));
    throw new UnrecoverableError(`Failed: ${names.join(', ')} (see the jobs of these analyses)`);
  }

  /**
   * Nobody waits for this member: its batch has gone on without it, or somebody retries the failed job by hand. Then the
   * batch is tried again, and its next attempt runs what has failed, this member among it.
   */
  private async withoutReport(
    { attemptsMade }: AnalysisJobOfQueue,
    batchId: string,
    member: AnalysisName,
  ): Promise<string> {
    const batch = await this.registry.find(batchId);
    const isFinished = batch?.executions[`aggregated/${member}`]?.outcome !== undefined;
    if (attemptsMade === 0 || isFinished || batch?.status !== 'FAILED') {
      return `nothing to do: the batch is ${batch?.status ?? 'not there'}`;
    }
    const retried = await this.registry.retry(batchId);
    if (retried.kind !== 'retried') return 'nothing to do: the batch cannot be retried any more';
    const { attempt } = retried.record;
    this.logger.log({ batchId, attempt, member }, 'Batch is tried again: its job was retried by hand');
    return `the batch is tried again as attempt ${attempt}`;
  }
}
