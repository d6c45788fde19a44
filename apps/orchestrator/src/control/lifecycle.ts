import type { DrainStage } from '@millrace/platform';
import type { ExclusiveLease } from '@millrace/registry';
import { Logger } from '@nestjs/common';
import type { BatchProcessor } from '../batch/batch.processor';
import type { ReconcileBatches } from '../batch/reconcile-batches';
import type { RunBatch } from '../batch/run-batch';
import type { SparkConnection } from '../spark/spark-connection';
import { summaryOf } from '../spark/session-errors';
import type { StreamSupervisor } from '../stream/stream-supervisor';

export interface LifecycleParts {
  /** Held by the one orchestrator that may act. */
  readonly lease: ExclusiveLease;
  readonly connection: SparkConnection;
  readonly supervisor: StreamSupervisor;
  readonly reconciler: ReconcileBatches;
  readonly runBatch: RunBatch;
  readonly processor: BatchProcessor;
}

const LEASE_TIMEOUT_MS = 60_000;
/** On top of the wait for batches: interrupting the rest and stopping the queries. */
const DRAIN_MARGIN_MS = 45_000;
const CLOSE_TIMEOUT_MS = 10_000;

/**
 * Starts the parts in order and drains them in order. Nothing runs before the lease is held: two orchestrators would
 * restart each other's streams for ever.
 */
export class Lifecycle {
  private readonly logger = new Logger(Lifecycle.name);
  private isDraining = false;
  private isForGood = false;

  constructor(
    private readonly parts: LifecycleParts,
    private readonly settings: { readonly drainTimeoutMs: number; readonly concurrency: number },
  ) {}

  async begin(): Promise<void> {
    const { lease, connection, supervisor, reconciler } = this.parts;
    if (!(await lease.acquire(LEASE_TIMEOUT_MS))) {
      throw new Error('Another orchestrator uses this registry: stop it first, only one may drive Spark');
    }
    lease.onLost((reason) => {
      this.loseLease(reason);
    });
    this.beginTakingJobs();
    connection.start();
    supervisor.watch();
    reconciler.start();
  }

  /** The streams stay stopped after this drain, until somebody starts them again. */
  stopForGood(): void {
    this.isForGood = true;
  }

  get drainStages(): readonly DrainStage[] {
    const { connection, lease } = this.parts;
    return [
      {
        name: 'streams and batches',
        timeoutMs: this.settings.drainTimeoutMs + DRAIN_MARGIN_MS,
        run: () => this.finishWork(),
      },
      { name: 'spark session', timeoutMs: CLOSE_TIMEOUT_MS, run: () => connection.close() },
      { name: 'lease', timeoutMs: CLOSE_TIMEOUT_MS, run: () => lease.release() },
    ];
  }

  /** Another orchestrator may act from now on: this one must not, not even to drain. Its successor adopts its work. */
  private loseLease(reason: Error): void {
    this.logger.fatal(`The lease is lost (${summaryOf(reason)}): this process ends at once`);
    process.exit(1);
  }

  private beginTakingJobs(): void {
    const { worker } = this.parts.processor;
    worker.concurrency = this.settings.concurrency;
    worker.on('error', (error) => {
      this.logger.warn(`Queue: ${summaryOf(error)}`);
    });
    // A batch needs Spark: while it is away, jobs wait in the queue instead of failing.
    this.parts.connection.onUpChange((isUp) => {
      if (this.isDraining) return;
      if (!isUp) void worker.pause(true);
      else if (worker.isRunning()) void worker.resume();
      else void worker.run();
    });
  }

  /** Takes no new batch, finishes micro-batches and batches, hands the rest back. */
  private async finishWork(): Promise<void> {
    this.isDraining = true;
    const { supervisor, reconciler, runBatch, processor } = this.parts;
    await processor.worker.pause(true);
    await reconciler.stop();
    const [streams, batches] = await Promise.allSettled([
      supervisor.drain({ forGood: this.isForGood }),
      runBatch.drain(this.settings.drainTimeoutMs),
    ]);
    this.logger.log({ streams, batches }, 'Work finished or handed back');
    for (const result of [streams, batches]) if (result.status === 'rejected') throw result.reason;
  }
}
