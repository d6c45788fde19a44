import { setTimeout as delay } from 'node:timers/promises';
import { isMillraceError } from '@millrace/domain';
import type { DrainStage } from '@millrace/platform';
import type { ExclusiveLease } from '@millrace/registry';
import { Logger } from '@nestjs/common';
import type { RunBatch } from '../batch/run-batch';
import type { SparkConnection } from '../spark/spark-connection';
import { summaryOf } from '../spark/session-errors';
import type { StreamSupervisor } from '../stream/stream-supervisor';
import type { TakeJobs } from './take-jobs';

/** Something that goes on beside the batches and streams, for as long as this process may act. */
export interface BackgroundTask {
  start(): void;
  /** Resolves when nothing of it is under way any more. */
  stop(): Promise<void>;
}

export interface LifecycleParts {
  /** Held by the one orchestrator that may act. */
  readonly lease: ExclusiveLease;
  readonly connection: SparkConnection;
  readonly supervisor: StreamSupervisor;
  readonly runBatch: RunBatch;
  readonly takeJobs: TakeJobs;
  readonly background: readonly BackgroundTask[];
}

const LEASE_TIMEOUT_MS = 60_000;
const LEASE_RETRY_MS = 2_000;
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
    private readonly settings: { readonly drainTimeoutMs: number },
  ) {}

  async begin(): Promise<void> {
    const { lease, connection, supervisor, takeJobs, background } = this.parts;
    lease.onLost((reason) => {
      this.loseLease(reason);
    });
    if (!(await this.acquireLease())) {
      throw new Error('Another orchestrator uses this registry: stop it first, only one may drive Spark');
    }
    if (this.isDraining) return;
    takeJobs.begin();
    connection.start();
    supervisor.watch();
    for (const task of background) task.start();
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

  /** Waits as long as Postgres is away; false when another orchestrator holds the lease. */
  private async acquireLease(): Promise<boolean> {
    for (;;) {
      try {
        return await this.parts.lease.acquire(LEASE_TIMEOUT_MS);
      } catch (error) {
        if (!isMillraceError(error) || error.code !== 'SERVICE_UNAVAILABLE' || this.isDraining) throw error;
        this.logger.warn(`Waiting for Postgres: ${summaryOf(error)}`);
        await delay(LEASE_RETRY_MS);
      }
    }
  }

  /** Another orchestrator may act from now on: this one must not, not even to drain. Its successor adopts its work. */
  private loseLease(reason: Error): void {
    this.logger.fatal(`The lease is lost (${summaryOf(reason)}): this process ends at once`);
    process.exit(1);
  }

  /** Takes no new batch, finishes micro-batches and batches, hands the rest back. */
  private async finishWork(): Promise<void> {
    this.isDraining = true;
    const { supervisor, runBatch, takeJobs, background } = this.parts;
    // Side by side: Redis, Spark or Postgres may be away, and the others' work must end all the same.
    const results = await Promise.allSettled([
      takeJobs.takeNoBatch(),
      ...background.map((task) => task.stop()),
      supervisor.drain({ forGood: this.isForGood }),
      runBatch.drain(this.settings.drainTimeoutMs).finally(() => takeJobs.takeNothing()),
    ]);
    this.logger.log('Work finished or handed back');
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }
}
