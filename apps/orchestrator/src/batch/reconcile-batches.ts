import type { AttemptKey, BatchRecord, BatchRegistry } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import { PeriodicTask } from '../periodic-task';
import { summaryOf } from '../spark/session-errors';

/** What the reconciler needs of the queue. */
export interface BatchQueue {
  /** Adds the job of an attempt unless a live one is there; an ended job of the same id is replaced. */
  ensure(key: AttemptKey): Promise<void>;
}

const INTERVAL_MS = 2_000;
/** The oldest first; the others have their turn when these run. */
const MOST_PER_ROUND = 200;

/**
 * Makes the queue agree with the registry, which is the truth: a PENDING row without a live job gets one (a lost
 * enqueue, a wiped Redis, a back-off that has passed), and a RUNNING row that nobody works on is handed back (the former
 * process died). Only the holder of the orchestrator's lease may run it.
 */
export class ReconcileBatches {
  private readonly logger = new Logger(ReconcileBatches.name);
  private readonly rounds = new PeriodicTask(INTERVAL_MS, () => this.round());

  constructor(
    private readonly registry: BatchRegistry,
    private readonly queue: BatchQueue,
    private readonly activeBatchIds: () => ReadonlySet<string>,
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
    // Seen before the rows are read: a batch that is claimed meanwhile must not look abandoned.
    const active = this.activeBatchIds();
    for (const batch of await this.registry.inState('RUNNING')) {
      if (active.has(batch.batchId) || this.activeBatchIds().has(batch.batchId)) continue;
      if ((await this.registry.handBack(batch, {})) !== undefined) {
        this.logger.warn(
          { batchId: batch.batchId, attempt: batch.attempt },
          'Abandoned batch put back on the queue',
        );
      }
    }
    const due = (await this.registry.inState('PENDING')).filter((batch) => this.isDue(batch));
    for (const batch of due.slice(0, MOST_PER_ROUND)) await this.queue.ensure(batch);
  }

  private isDue(batch: BatchRecord): boolean {
    return batch.notBefore === null || batch.notBefore <= this.now();
  }

  private async round(): Promise<void> {
    try {
      await this.reconcile();
    } catch (error) {
      this.logger.warn(`Reconciling failed, tried again in ${INTERVAL_MS} ms: ${summaryOf(error)}`);
    }
  }
}
