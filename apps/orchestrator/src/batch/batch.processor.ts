import { BATCH_QUEUE, batchJobSchema } from '@millrace/domain';
import type { BatchJob } from '@millrace/domain';
import { Processor, WorkerHost } from '@nestjs/bullmq';
import { UnrecoverableError } from 'bullmq';
import type { Job } from 'bullmq';
// Injected by its class, so a type-only import would lose it.
import { RunBatch } from './run-batch';

/** Takes jobs off the queue. It is started by the lifecycle, when this process holds the lease and Spark is up. */
@Processor(BATCH_QUEUE, { autorun: false })
export class BatchProcessor extends WorkerHost {
  constructor(private readonly runBatch: RunBatch) {
    super();
  }

  async process(job: Pick<Job<BatchJob>, 'data'>): Promise<void> {
    const parsed = batchJobSchema.safeParse(job.data);
    if (!parsed.success) throw new UnrecoverableError(`Not a batch job: ${parsed.error.message}`);
    await this.runBatch.execute(parsed.data);
  }
}
