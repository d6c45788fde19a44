import { batchJobId } from '@millrace/domain';
import type { BatchRecord, BatchRegistry } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import { PeriodicTask } from '../periodic-task';
import { summaryOf } from '../spark/session-errors';
import type { CancelBatch } from './cancel-batch';
import type { RunBatch } from './run-batch';

/** What the reconciler needs of the queue. */
export interface BatchQueue {
  /** Ids of the jobs that have not ended. */
  liveJobs(): Promise<{ waiting: ReadonlySet<string>; running: ReadonlySet<string> }>;
  /** Adds the job of an attempt unless a live one is there; an ended job of the same id is replaced. */
  ensure(batch: BatchRecord): Promise<void>;
  /** Removes a job that waits; does nothing when it runs or is not there. */
  remove(jobId: string): Promise<void>;
}

export interface ReconcileParts {
  readonly registry: BatchRegistry;
  readonly queue: BatchQueue;
  readonly runBatch: Pick<RunBatch, 'abort' | 'activeBatchIds'>;
  readonly cancelBatch: Pick<CancelBatch, 'finish'>;
}

type LiveJobs = Awaited<ReturnType<BatchQueue['liveJobs']>>;

const INTERVAL_MS = 2_000;
/** The first ones; the others have their turn when these run. */
const MOST_PER_ROUND = 200;

/**
 * Makes the queue agree with the registry, which is the truth: a PENDING row without a live job gets one (a lost
 * enqueue, a wiped Redis, a back-off that has passed), a RUNNING row that nobody works on is handed back (the former
 * process died), and what is to be cancelled is cancelled. Only the holder of the orchestrator's lease may run it.
 */
export class ReconcileBatches {
  private readonly logger = new Logger(ReconcileBatches.name);
  private readonly rounds = new PeriodicTask('Reconciling', INTERVAL_MS, () => this.reconcile());
  /** Cancels that wait for Spark; they must not hold up the rounds. */
  private readonly cancelling = new Map<string, Promise<void>>();

  constructor(
    private readonly parts: ReconcileParts,
    private readonly now: () => Date = () => new Date(),
  ) {}

  start(): void {
    this.rounds.start();
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  /** One pass over both states. */
  async reconcile(): Promise<void> {
    // Seen before the rows are read: a batch that is claimed meanwhile must not look abandoned, and a job that was added
    // meanwhile must not look as if it had no row.
    const active = this.parts.runBatch.activeBatchIds;
    const jobs = await this.liveJobs();
    for (const batch of await this.parts.registry.inState('RUNNING')) {
      const isActive = active.has(batch.batchId) || this.parts.runBatch.activeBatchIds.has(batch.batchId);
      await this.tendRunning(batch, isActive);
    }
    const pending = await this.parts.registry.inState('PENDING');
    for (const batch of pending) if (batch.cancelRequested !== null) this.cancel(batch);
    if (jobs !== undefined) await this.tendQueue(pending, jobs);
  }

  private async tendRunning(batch: BatchRecord, isActive: boolean): Promise<void> {
    const { registry, runBatch } = this.parts;
    const { batchId, attempt } = batch;
    if (batch.cancelRequested !== null) {
      if (isActive) runBatch.abort(batchId, { kind: 'cancel' });
      else this.cancel(batch);
    } else if (!isActive && (await registry.handBack(batch, {})) !== undefined) {
      this.logger.warn({ batchId, attempt }, 'Abandoned batch put back on the queue');
    }
  }

  /** In the background, once at a time for each batch. */
  private cancel(batch: BatchRecord): void {
    const { batchId } = batch;
    if (this.cancelling.has(batchId)) return;
    const cancelled = this.parts.cancelBatch.finish(batch).finally(() => this.cancelling.delete(batchId));
    this.cancelling.set(batchId, cancelled);
  }

  private async tendQueue(pending: readonly BatchRecord[], jobs: LiveJobs): Promise<void> {
    const { queue } = this.parts;
    const due = pending.filter((batch) => this.isDue(batch));
    const isLive = (jobId: string) => jobs.waiting.has(jobId) || jobs.running.has(jobId);
    const withoutJob = due.filter((batch) => !isLive(batchJobId(batch)));
    for (const batch of withoutJob.slice(0, MOST_PER_ROUND)) await queue.ensure(batch);
    // A batch that was cancelled while it waited, say: its job would do nothing, but it looks like work in the queue.
    const wanted = new Set(pending.map((batch) => batchJobId(batch)));
    const stale = [...jobs.waiting].filter((jobId) => !wanted.has(jobId));
    for (const jobId of stale.slice(0, MOST_PER_ROUND)) await queue.remove(jobId);
  }

  private isDue({ notBefore, cancelRequested }: BatchRecord): boolean {
    return cancelRequested === null && (notBefore === null || notBefore <= this.now());
  }

  /** Undefined while Redis is away: what needs no queue is done all the same. */
  private async liveJobs(): Promise<LiveJobs | undefined> {
    try {
      return await this.parts.queue.liveJobs();
    } catch (error) {
      this.logger.warn(`The queue cannot be read, tried again in ${INTERVAL_MS} ms: ${summaryOf(error)}`);
      return undefined;
    }
  }
}
