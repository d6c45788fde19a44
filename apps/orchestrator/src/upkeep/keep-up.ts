import { Logger } from '@nestjs/common';
import type { Worker } from 'bullmq';
import type { BackgroundTask } from '../control/lifecycle';
import type { SparkBreaker } from '../control/spark-breaker';
import type { JobWorker } from '../control/take-jobs';
import type { SparkConnection } from '../spark/spark-connection';
import { summaryOf } from '../spark/session-errors';
import type { RunUpkeep } from './run-upkeep';
import type { UpkeepJob } from './upkeep-queue';
import type { UpkeepSchedules } from './upkeep-schedules';

type JobEvents = Pick<Worker<UpkeepJob>, 'on'>;

export interface KeepUpParts {
  /** Asked for at the start: Nest makes the worker late. */
  readonly worker: () => JobEvents & Pick<JobWorker, 'pause' | 'resume'>;
  readonly schedules: Pick<UpkeepSchedules, 'start' | 'stop'>;
  readonly run: Pick<RunUpkeep, 'drain'>;
  readonly connection: Pick<SparkConnection, 'isUp' | 'onUpChange'>;
  readonly breaker: Pick<SparkBreaker, 'isOpen' | 'onChange'>;
}

/** How BullMQ words it, beside its event `lockRenewalFailed`. */
const LOCK_LOST = /^could not renew lock for job /;
const LOST =
  'Redis has lost this job of upkeep: what it does in Spark goes on and is recorded, and its times are set anew';

/** Lets upkeep take jobs for as long as Spark can do something with them. */
export class KeepUp implements BackgroundTask {
  private readonly logger = new Logger(KeepUp.name);
  private isTaking = false;
  private isEnding = false;

  constructor(private readonly parts: KeepUpParts) {}

  start(): void {
    const { worker, schedules, connection, breaker } = this.parts;
    this.listen(worker());
    const look = () => {
      this.look();
    };
    connection.onUpChange(look);
    breaker.onChange(look);
    schedules.start();
    look();
  }

  async stop(): Promise<void> {
    this.isEnding = true;
    const { worker, schedules, run } = this.parts;
    // Side by side: Redis may be away, and what runs must end all the same.
    const results = await Promise.allSettled([worker().pause(true), schedules.stop(), run.drain()]);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  /** When Redis has lost the job that runs, its lock cannot be renewed, and BullMQ would say so until the job ends. */
  private listen(worker: JobEvents): void {
    const lost = new Set<string>();
    worker.on('error', (error) => {
      if (!LOCK_LOST.test(error.message)) this.logger.warn(`Queue: ${summaryOf(error)}`);
    });
    worker.on('lockRenewalFailed', (jobIds) => {
      for (const jobId of jobIds.filter((id) => !lost.has(id))) {
        lost.add(jobId);
        this.logger.warn({ jobId }, LOST);
      }
    });
    // Ids begin anew when Redis has lost everything.
    worker.on('active', ({ id }) => lost.delete(id ?? ''));
  }

  private look(): void {
    const { worker, connection, breaker } = this.parts;
    const mayTake = connection.isUp && !breaker.isOpen;
    if (this.isEnding || mayTake === this.isTaking) return;
    this.isTaking = mayTake;
    // `resume` also starts a worker that never ran.
    Promise.resolve(mayTake ? worker().resume() : worker().pause(true)).catch((error: unknown) => {
      this.logger.error(`Queue: ${summaryOf(error)}`);
    });
  }
}
