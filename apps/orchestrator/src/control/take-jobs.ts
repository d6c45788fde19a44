import { Logger } from '@nestjs/common';
import type { Worker } from 'bullmq';
import type { SparkConnection } from '../spark/spark-connection';
import { summaryOf } from '../spark/session-errors';
import type { SparkBreaker } from './spark-breaker';

/** What is needed of a BullMQ worker. */
export type JobWorker = Pick<Worker, 'concurrency' | 'on' | 'pause' | 'resume'>;

/** One takes whole batches, the other one the analyses of full reports. */
export interface JobWorkers {
  readonly batches: JobWorker;
  readonly analyses: JobWorker;
}

export interface TakeJobsParts {
  /** Asked for when jobs are first taken: Nest makes the workers late. */
  readonly workers: () => JobWorkers;
  readonly connection: Pick<SparkConnection, 'isUp' | 'onUpChange'>;
  readonly breaker: Pick<SparkBreaker, 'isOpen' | 'onChange'>;
}

/** Lets both workers take jobs as long as Spark can do something with them: until then, jobs wait instead of failing. */
export class TakeJobs {
  private readonly logger = new Logger(TakeJobs.name);
  private isTaking = false;
  private isEnding = false;

  constructor(
    private readonly parts: TakeJobsParts,
    private readonly concurrency: { readonly batches: number; readonly analyses: number },
  ) {}

  begin(): void {
    const { connection, breaker } = this.parts;
    const { batches, analyses } = this.parts.workers();
    batches.concurrency = this.concurrency.batches;
    analyses.concurrency = this.concurrency.analyses;
    for (const worker of [batches, analyses]) {
      worker.on('error', (error) => {
        this.logger.warn(`Queue: ${summaryOf(error)}`);
      });
    }
    const look = () => {
      this.look();
    };
    connection.onUpChange(look);
    breaker.onChange(look);
    look();
  }

  /** The end: no new batch. Analyses are taken on, because batches that run wait for theirs. */
  async takeNoBatch(): Promise<void> {
    this.isEnding = true;
    await this.parts.workers().batches.pause(true);
  }

  /** After the last batch. */
  async takeNothing(): Promise<void> {
    await this.parts.workers().analyses.pause(true);
  }

  private look(): void {
    const { workers, connection, breaker } = this.parts;
    const mayTake = connection.isUp && !breaker.isOpen;
    if (this.isEnding || mayTake === this.isTaking) return;
    this.isTaking = mayTake;
    const { batches, analyses } = workers();
    for (const worker of [batches, analyses]) {
      // `resume` also starts a worker that never ran, or whose loop ended while it was paused.
      Promise.resolve(mayTake ? worker.resume() : worker.pause(true)).catch((error: unknown) => {
        this.logger.error(`Queue: ${summaryOf(error)}`);
      });
    }
  }
}
