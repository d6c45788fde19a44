import { randomUUID } from 'node:crypto';
import { isMillraceError, makeBatchId } from '@millrace/domain';
import type { BatchFilters, BatchRecord, BatchRegistry, DeltaBatchRequest, NewBatch } from '@millrace/domain';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { BATCH_QUEUE_PORT, BATCH_REGISTRY } from '../ports';
import type { BatchQueue } from '../ports';

const ID_ATTEMPTS = 3;

/**
 * Registers a batch and puts its first job on the queue. The row is the outbox: when the queue cannot be reached the
 * batch is accepted all the same, and the orchestrator's reconciler adds the job.
 */
@Injectable()
export class SubmitBatch {
  private readonly logger = new Logger(SubmitBatch.name);

  constructor(
    @Inject(BATCH_REGISTRY) private readonly batches: BatchRegistry,
    @Inject(BATCH_QUEUE_PORT) private readonly queue: BatchQueue,
  ) {}

  async execute(request: DeltaBatchRequest): Promise<BatchRecord> {
    const record = await this.register(request, ID_ATTEMPTS);
    await this.enqueue(record);
    return record;
  }

  /** Eight hex digits of a day's batch ids can coincide; then another id is drawn. */
  private async register(request: DeltaBatchRequest, attemptsLeft: number): Promise<BatchRecord> {
    try {
      return await this.batches.register(newBatch(request));
    } catch (error) {
      const isTaken = isMillraceError(error) && error.code === 'CONFLICT';
      if (!isTaken || attemptsLeft <= 1) throw error;
      return this.register(request, attemptsLeft - 1);
    }
  }

  private async enqueue({ batchId, attempt }: BatchRecord): Promise<void> {
    try {
      await this.queue.add({ batchId, attempt });
    } catch (error) {
      this.logger.warn({ err: error, batchId }, 'The queue took no job; the reconciler will add it');
    }
  }
}

function newBatch(request: DeltaBatchRequest): NewBatch {
  const uuid = randomUUID();
  const submitTime = new Date();
  return {
    batchId: makeBatchId(uuid, submitTime),
    uuid,
    submitTime,
    analysisType: request.analysisType,
    source: 'delta',
    startDate: request.startDate,
    endDate: request.endDate,
    filters: filtersOf(request),
  };
}

function filtersOf(request: DeltaBatchRequest): BatchFilters | null {
  const filters = (request.filters ?? {}) as BatchFilters;
  return Object.keys(filters).length === 0 ? null : filters;
}
