import {
  ANALYSIS_QUEUE,
  BATCH_JOB_OPTIONS,
  BATCH_QUEUE,
  batchJobId,
  batchJobPriority,
  ServiceUnavailable,
  UPKEEP_QUEUE,
} from '@millrace/domain';
import type { BatchJob } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { BatchQueue } from '../ports';

const LONGEST_RECONNECT_PAUSE_MS = 2_000;
const DISCONNECT_TIMEOUT_MS = 100;

export interface BullBatchQueueOptions {
  readonly redisUrl: string;
  /** Longest wait for Redis: a request never hangs on it. */
  readonly timeoutMs: number;
}

/** The queue in Redis. Without Redis every call fails within its time limit, and works again when Redis is back. */
export class BullBatchQueue implements BatchQueue {
  private readonly logger = new Logger(BullBatchQueue.name);
  private readonly redis: Redis;
  private readonly queue: Queue<BatchJob>;
  private readonly others: readonly Queue[];
  private wasDown = false;

  constructor(private readonly options: BullBatchQueueOptions) {
    this.redis = new Redis(options.redisUrl, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: null,
      disconnectTimeout: DISCONNECT_TIMEOUT_MS,
      retryStrategy: (attempt) => Math.min(attempt * 100, LONGEST_RECONNECT_PAUSE_MS),
    });
    this.queue = new Queue<BatchJob>(BATCH_QUEUE, {
      connection: this.redis,
      defaultJobOptions: BATCH_JOB_OPTIONS,
    });
    this.others = [ANALYSIS_QUEUE, UPKEEP_QUEUE].map((name) => new Queue(name, { connection: this.redis }));
    this.redis.on('error', (error: Error) => {
      this.report(error);
    });
    this.redis.on('ready', () => {
      this.wasDown = false;
    });
    for (const queue of this.shownQueues) {
      queue.on('error', (error: Error) => {
        this.report(error);
      });
    }
  }

  private get isReachable(): boolean {
    return this.redis.status === 'ready';
  }

  /** For the queue pages: this one, and those that the orchestrator fills. */
  get shownQueues(): readonly Queue[] {
    return [this.queue, ...this.others];
  }

  async add(job: BatchJob, fairRank: number): Promise<void> {
    const options = { jobId: batchJobId(job), priority: batchJobPriority(fairRank) };
    await this.withinTimeout(() => this.queue.add('batch', job, options));
  }

  async ping(): Promise<void> {
    await this.withinTimeout(() => this.redis.ping());
  }

  async close(): Promise<void> {
    // First when it is away: BullMQ would wait for it.
    if (!this.isReachable) this.redis.disconnect();
    await Promise.allSettled(this.shownQueues.map((queue) => queue.close()));
    this.redis.disconnect();
  }

  private async withinTimeout(send: () => Promise<unknown>): Promise<void> {
    if (!this.isReachable) throw new ServiceUnavailable('The queue (Redis) cannot be reached');
    const sent = send();
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new ServiceUnavailable('The queue (Redis) did not answer in time'));
      }, this.options.timeoutMs);
    });
    // Whichever comes second is nobody's concern any more.
    sent.catch(() => undefined);
    try {
      await Promise.race([sent, timeout]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Once for each time Redis goes away, not for each attempt to reach it again. */
  private report(error: Error): void {
    if (this.wasDown) return;
    this.wasDown = true;
    this.logger.warn({ err: error }, 'The queue (Redis) cannot be reached');
  }
}
