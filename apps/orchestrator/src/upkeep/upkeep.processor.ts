import { UPKEEP_QUEUE } from '@millrace/domain';
import { Processor, WorkerHost } from '@nestjs/bullmq';
import { DelayedError, UnrecoverableError } from 'bullmq';
import type { Job } from 'bullmq';
// Injected by its class, so a type-only import would lose it.
import { RunUpkeep } from './run-upkeep';
import { upkeepJobSchema } from './upkeep-queue';
import type { UpkeepJob } from './upkeep-queue';

/** As often as a job may be taken over from a process that died. */
const MOST_TAKE_OVERS = 10;

/** Takes one job at a time. It is started when this process holds the lease and Spark is up. */
@Processor(UPKEEP_QUEUE, { autorun: false, concurrency: 1, maxStalledCount: MOST_TAKE_OVERS })
export class UpkeepProcessor extends WorkerHost {
  constructor(private readonly runUpkeep: RunUpkeep) {
    super();
  }

  /** What it gives is what the queue pages show. */
  async process(job: Job<UpkeepJob>, token?: string): Promise<unknown> {
    const parsed = upkeepJobSchema.safeParse(job.data);
    if (!parsed.success) throw new UnrecoverableError(`Not a job of upkeep: ${parsed.error.message}`);
    const { table, operation } = parsed.data;
    const starts = job.attemptsStarted;
    const verdict = await this.runUpkeep.execute({ table, operation, starts, jobId: job.id ?? job.name });
    if (verdict.kind === 'postponed') {
      await job.moveToDelayed(Date.now() + verdict.delayMs, token);
      throw new DelayedError(verdict.reason);
    }
    return verdict;
  }
}
