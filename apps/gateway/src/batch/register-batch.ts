import { randomUUID } from 'node:crypto';
import { IdempotencyKeyReused, isMillraceError, makeBatchId, ServiceUnavailable } from '@millrace/domain';
import type { BatchRecord, BatchRegistry, NewBatch, Registration } from '@millrace/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { GatewayConfig } from '../config';
import { BATCH_REGISTRY, GATEWAY_CONFIG } from '../ports';
import { EnqueueBatch } from './enqueue-batch';
import type { Sender } from './sender';

const ID_ATTEMPTS = 3;
/** A full queue takes a while to make room. */
const FULL_RETRY_AFTER_SECONDS = 30;

export function queueIsFull(pending: number): ServiceUnavailable {
  return new ServiceUnavailable(
    `${String(pending)} batches wait already, too many for one more; ask again when some have run`,
    { retryAfterSeconds: FULL_RETRY_AFTER_SECONDS },
  );
}

/** What a batch is to do, before it has an id. */
export type BatchContent = Omit<NewBatch, 'batchId' | 'uuid' | 'submitTime' | keyof Sender>;

export interface Submitted {
  readonly record: BatchRecord;
  /** An equal batch of the same client that has not ended yet. */
  readonly twin: string | null;
  /** The client sent its key again: this batch is the one of the first time. */
  readonly isReplay: boolean;
}

/**
 * Registers a batch and puts its first job on the queue. The row is the outbox: when the queue cannot be reached the
 * batch is accepted all the same, and the orchestrator's reconciler adds the job.
 */
@Injectable()
export class RegisterBatch {
  constructor(
    private readonly enqueue: EnqueueBatch,
    @Inject(BATCH_REGISTRY) private readonly batches: BatchRegistry,
    @Inject(GATEWAY_CONFIG) private readonly config: Pick<GatewayConfig, 'maxPendingBatches'>,
  ) {}

  /**
   * What the client's key gave the first time. Asked before anything else is, so that sending again works also while
   * the parts that the first time needed are away.
   * @throws IdempotencyKeyReused
   */
  async replayOf(
    { requestedBy, idempotencyKey }: Sender,
    fingerprint: string,
  ): Promise<Submitted | undefined> {
    if (idempotencyKey === null) return undefined;
    const record = await this.batches.findByKey(requestedBy.client, idempotencyKey);
    if (record === undefined) return undefined;
    if (record.fingerprint !== fingerprint) throw new IdempotencyKeyReused(record.batchId);
    return { record, twin: null, isReplay: true };
  }

  /** @throws ServiceUnavailable when too many batches wait; IdempotencyKeyReused. */
  async execute(content: BatchContent, sender: Sender): Promise<Submitted> {
    const registration = await this.register({ ...content, ...sender }, ID_ATTEMPTS);
    if (registration.kind === 'full') throw queueIsFull(registration.pending);
    const { record } = registration;
    if (registration.kind === 'replayed') return { record, twin: null, isReplay: true };
    await this.enqueue.execute(record);
    return { record, twin: registration.twin, isReplay: false };
  }

  /** Eight hex digits of a day's batch ids can coincide; then another id is drawn. */
  private async register(content: BatchContent & Sender, attemptsLeft: number): Promise<Registration> {
    const uuid = randomUUID();
    const submitTime = new Date();
    const batch = { ...content, uuid, submitTime, batchId: makeBatchId(uuid, submitTime) };
    try {
      return await this.batches.register(batch, { maxPending: this.config.maxPendingBatches });
    } catch (error) {
      const isTaken = isMillraceError(error) && error.code === 'CONFLICT';
      if (!isTaken || attemptsLeft <= 1) throw error;
      return this.register(content, attemptsLeft - 1);
    }
  }
}
