import { BatchEnded } from '@millrace/domain';
import type { BatchRecord, BatchRegistry } from '@millrace/domain';
import { Inject, Injectable } from '@nestjs/common';
import { BATCH_REGISTRY } from '../ports';
import { FindBatch } from './find-batch';

/** Asks for the end of a batch: at once while it waits, else as soon as Spark has stopped. Asking again changes nothing. */
@Injectable()
export class CancelBatch {
  constructor(
    private readonly findBatch: FindBatch,
    @Inject(BATCH_REGISTRY) private readonly batches: BatchRegistry,
  ) {}

  /** @throws BatchNotFound; BatchEnded when it ended in another way. */
  async execute(reference: string): Promise<BatchRecord> {
    const { batchId } = await this.findBatch.execute(reference);
    const asked = await this.batches.requestCancel(batchId, new Date());
    if (asked !== undefined) return asked;
    const ended = await this.findBatch.execute(batchId);
    if (ended.status !== 'CANCELLED') {
      throw new BatchEnded(batchId, ended.status, 'there is nothing left to cancel');
    }
    return ended;
  }
}
