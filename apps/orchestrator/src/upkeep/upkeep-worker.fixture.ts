import { randomUUID } from 'node:crypto';
import { UPKEEP_QUEUE } from '@millrace/domain';
import { requireEndpoints } from '@millrace/testing';
import { Queue, Worker } from 'bullmq';
import type { Job, WorkerOptions } from 'bullmq';
import { Redis } from 'ioredis';
import type { RunUpkeep } from './run-upkeep';
import { RequestUpkeep } from './upkeep-queue';
import type { UpkeepJob } from './upkeep-queue';
import { UpkeepProcessor } from './upkeep.processor';

/** In one step, as a server loses its data: keys that others write meanwhile are not left behind by half. */
const FORGET = `for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end`;

/** The queue of upkeep in a corner of a real Redis, with workers as the orchestrator makes them. */
export class UpkeepQueueFixture {
  private readonly prefix = `spec-${randomUUID()}`;
  private readonly redis = new Redis(requireEndpoints().redis, { maxRetriesPerRequest: null });
  private readonly workers: Worker<UpkeepJob>[] = [];
  readonly queue = new Queue<UpkeepJob>(UPKEEP_QUEUE, { connection: this.redis, prefix: this.prefix });
  readonly requests = new RequestUpkeep(this.queue);

  worker(run: RunUpkeep, options: Partial<WorkerOptions> = {}): Worker<UpkeepJob> {
    const processor = new UpkeepProcessor(run);
    const process = (job: Job<UpkeepJob>, token?: string) => processor.process(job, token);
    const worker = new Worker<UpkeepJob>(UPKEEP_QUEUE, process, {
      connection: this.redis,
      prefix: this.prefix,
      concurrency: 1,
      ...options,
    });
    worker.on('error', () => undefined);
    this.workers.push(worker);
    return worker;
  }

  /** What a Redis that lost its data looks like. */
  async forget(): Promise<void> {
    await this.redis.eval(FORGET, 0, `${this.prefix}:*`);
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close(true)));
    await this.queue.close();
    await this.forget();
    await this.redis.quit();
  }
}
