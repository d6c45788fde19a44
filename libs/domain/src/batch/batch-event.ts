import type { BatchProgress } from './batch-record';
import type { BatchStatus } from './batch-status';

/**
 * Something that happened to a batch. Ids count from 1 for each batch, without a gap until its `progress` events are
 * pruned, some time after its end.
 */
export interface BatchEvent {
  readonly batchId: string;
  readonly id: number;
  readonly time: Date;
  readonly detail: BatchEventDetail;
}

/**
 * `status`: a new state or attempt; `progress`: RUNNING goes on; `cancel`: somebody asked for the end of a running batch;
 * `deleted`: its results are gone.
 */
export type BatchEventDetail =
  | {
      readonly type: 'status';
      readonly status: BatchStatus;
      readonly attempt: number;
      readonly errorMessage: string | null;
    }
  | { readonly type: 'progress'; readonly progress: BatchProgress }
  | { readonly type: 'cancel' }
  | { readonly type: 'deleted' };

/** Tells of changes as they happen, so that nobody has to ask again and again. */
export interface BatchChanges {
  /**
   * Calls the listener after each change of a batch that wrote an event and was committed. Changes may be missed while the
   * connection is away: a listener also looks for itself from time to time.
   * @returns ends the subscription.
   */
  onChange(listener: (batchId: string) => void): () => void;
}

/** A message to a client's URL about a batch that ended; the registry makes one with the change of state. */
export interface WebhookDelivery {
  readonly deliveryId: string;
  readonly batchId: string;
  readonly url: string;
  /** Id of the event that it tells. */
  readonly eventId: number;
  readonly status: 'PENDING' | 'DELIVERED' | 'DEAD';
  readonly attempts: number;
  readonly nextAttempt: Date;
  readonly lastError: string | null;
  readonly createTime: Date;
}

/** The outbox of webhooks. */
export interface WebhookOutbox {
  /** PENDING ones that are due, oldest first; each is leased to the caller until `leaseUntil`. */
  take(now: Date, leaseUntil: Date, limit: number): Promise<WebhookDelivery[]>;
  delivered(deliveryId: string): Promise<boolean>;
  /** Counts the attempt; without a next one the delivery is DEAD. */
  failed(deliveryId: string, failure: { error: string; nextAttempt: Date | null }): Promise<boolean>;
  /** The dead letters, newest first. */
  listDead(limit: number): Promise<WebhookDelivery[]>;
  /** DEAD -> PENDING, due at once, its attempts counted anew. */
  redeliver(deliveryId: string, now: Date): Promise<boolean>;
}
