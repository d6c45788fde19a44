import type { BatchRecord } from '@millrace/domain';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { BATCH_QUEUE_PORT } from '../ports';
import type { BatchQueue } from '../ports';

/** Puts the job of a batch's attempt on the queue; without the queue the reconciler does it later. */
@Injectable()
export class EnqueueBatch {
  private readonly logger = new Logger(EnqueueBatch.name);

  constructor(@Inject(BATCH_QUEUE_PORT) private readonly queue: BatchQueue) {}

  async execute({ batchId, attempt, fairRank }: BatchRecord): Promise<void> {
    try {
      await this.queue.add({ batchId, attempt }, fairRank);
    } catch (error) {
      this.logger.warn({ err: error, batchId }, 'The queue took no job; the reconciler will add it');
    }
  }
}
