import { BatchEnded, BatchExpired } from '@millrace/domain';
import type { BatchRecord, BatchRegistry } from '@millrace/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { GatewayConfig } from '../config';
import { BATCH_REGISTRY, GATEWAY_CONFIG } from '../ports';
import { EnqueueBatch } from './enqueue-batch';
import { FindBatch } from './find-batch';
import { queueIsFull } from './register-batch';

/** Lets a failed batch try again: only the steps that did not finish are run. */
@Injectable()
export class RetryBatch {
  constructor(
    private readonly findBatch: FindBatch,
    private readonly enqueue: EnqueueBatch,
    @Inject(BATCH_REGISTRY) private readonly batches: BatchRegistry,
    @Inject(GATEWAY_CONFIG) private readonly config: Pick<GatewayConfig, 'maxPendingBatches'>,
  ) {}

  /**
   * @throws BatchNotFound; BatchEnded unless it is FAILED; BatchExpired when what it had finished was deleted;
   * ServiceUnavailable when too many batches wait.
   */
  async execute(reference: string): Promise<BatchRecord> {
    const { batchId } = await this.findBatch.execute(reference);
    const retry = await this.batches.retry(batchId, { maxPending: this.config.maxPendingBatches });
    if (retry.kind === 'full') throw queueIsFull(retry.pending);
    if (retry.kind === 'refused') {
      const { status, resultsDeleted, expiresAt } = await this.findBatch.execute(batchId);
      if (status === 'FAILED' && resultsDeleted !== null) throw new BatchExpired(batchId, expiresAt);
      throw new BatchEnded(batchId, status, 'only a failed batch can be retried');
    }
    await this.enqueue.execute(retry.record);
    return retry.record;
  }
}
