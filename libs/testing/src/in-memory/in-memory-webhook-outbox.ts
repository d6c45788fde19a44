import type { BatchRecord, WebhookDelivery, WebhookOutbox } from '@millrace/domain';

/** The outbox of webhooks in memory: passes the same conformance suite as the one on Postgres. */
export class InMemoryWebhookOutbox implements WebhookOutbox {
  /** Oldest first. */
  private readonly deliveries = new Map<string, WebhookDelivery>();

  /** @param deliveries what is there from the start, oldest first. */
  constructor(deliveries: Iterable<WebhookDelivery> = []) {
    for (const delivery of deliveries) this.deliveries.set(delivery.deliveryId, delivery);
  }

  /** For the registry: the message about a batch that has just ended. */
  add({ batchId, lastEventId, endTime }: BatchRecord, url: string): void {
    const createTime = new Date();
    const deliveryId = crypto.randomUUID();
    this.deliveries.set(deliveryId, {
      deliveryId,
      batchId,
      url,
      eventId: lastEventId,
      status: 'PENDING',
      attempts: 0,
      nextAttempt: endTime ?? createTime,
      lastError: null,
      createTime,
    });
  }

  take(now: Date, leaseUntil: Date, limit: number): Promise<WebhookDelivery[]> {
    const due = [...this.deliveries.values()].filter(
      ({ status, nextAttempt }) => status === 'PENDING' && nextAttempt.getTime() <= now.getTime(),
    );
    return Promise.resolve(
      due.slice(0, limit).map((delivery) => this.put({ ...delivery, nextAttempt: leaseUntil })),
    );
  }

  delivered(deliveryId: string): Promise<boolean> {
    return this.change(deliveryId, 'PENDING', ({ attempts }) => ({
      status: 'DELIVERED',
      attempts: attempts + 1,
      lastError: null,
    }));
  }

  failed(deliveryId: string, failure: { error: string; nextAttempt: Date | null }): Promise<boolean> {
    return this.change(deliveryId, 'PENDING', ({ attempts, nextAttempt }) => ({
      status: failure.nextAttempt === null ? 'DEAD' : 'PENDING',
      attempts: attempts + 1,
      nextAttempt: failure.nextAttempt ?? nextAttempt,
      lastError: failure.error,
    }));
  }

  listDead(limit: number): Promise<WebhookDelivery[]> {
    const dead = [...this.deliveries.values()].filter(({ status }) => status === 'DEAD');
    return Promise.resolve(dead.reverse().slice(0, limit));
  }

  redeliver(deliveryId: string, now: Date): Promise<boolean> {
    return this.change(deliveryId, 'DEAD', () => ({ status: 'PENDING', attempts: 0, nextAttempt: now }));
  }

  /** For the registry: deletes up to so many that were delivered. */
  prune(batchIds: readonly string[], limit: number): number {
    const pruned = [...this.deliveries.values()]
      .filter(({ status, batchId }) => status === 'DELIVERED' && batchIds.includes(batchId))
      .slice(0, limit);
    for (const { deliveryId } of pruned) this.deliveries.delete(deliveryId);
    return pruned.length;
  }

  private change(
    deliveryId: string,
    from: WebhookDelivery['status'],
    changeOf: (delivery: WebhookDelivery) => Partial<WebhookDelivery>,
  ): Promise<boolean> {
    const delivery = this.deliveries.get(deliveryId);
    if (delivery?.status !== from) return Promise.resolve(false);
    this.put({ ...delivery, ...changeOf(delivery) });
    return Promise.resolve(true);
  }

  private put(delivery: WebhookDelivery): WebhookDelivery {
    this.deliveries.set(delivery.deliveryId, delivery);
    return delivery;
  }
}
