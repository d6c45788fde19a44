import { BatchNotFound } from '@millrace/domain';
import type { BatchRecord, BatchRegistry } from '@millrace/domain';
import { Inject, Injectable } from '@nestjs/common';
import { BATCH_REGISTRY } from '../ports';
import { requireBatchReference } from './batch-reference';

/** The record of one batch, by its id or its UUID. */
@Injectable()
export class FindBatch {
  constructor(@Inject(BATCH_REGISTRY) private readonly batches: BatchRegistry) {}

  /** @throws BatchNotFound */
  async execute(reference: string): Promise<BatchRecord> {
    const record = await this.batches.find(requireBatchReference(reference));
    if (record === undefined) throw new BatchNotFound(reference);
    return record;
  }
}
