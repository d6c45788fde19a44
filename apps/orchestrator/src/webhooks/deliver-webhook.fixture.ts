import type { BatchRecord, WebhookDelivery } from '@millrace/domain';
import { aFailure, aRegisteredBatch, aUuid, InMemoryBatchRegistry } from '@millrace/testing';
import { DeliverWebhook } from './deliver-webhook';
import type { WebhookSettings } from './deliver-webhook';
import { Receiver } from './receiver.fixture';

export const KEY = Buffer.alloc(32, 'k');
export const END = new Date('2025-01-15T10:31:00Z');
/** Long after everything that the registry in memory stamps. */
export const NOW = new Date('2100-01-01T00:00:00.750Z');
export const LEASE = new Date('2100-01-01T00:01:00Z');
export const NEVER: AbortSignal = new AbortController().signal;

export type DeliveryState = WebhookDelivery | 'DELIVERED';

/** A client that listens, a registry, and what lies between them. */
export class DeliveryBench {
  readonly batches = new InMemoryBatchRegistry();

  private constructor(public receiver: Receiver) {}

  static async start(): Promise<DeliveryBench> {
    return new DeliveryBench(await Receiver.start());
  }

  close(): Promise<void> {
    return this.receiver.close();
  }

  deliver(settings: Partial<WebhookSettings> = {}): DeliverWebhook {
    const ports = { outbox: this.batches.webhooks, batches: this.batches };
    const { origin } = this.receiver;
    return new DeliverWebhook(
      ports,
      { key: KEY, allowedOrigins: [origin], timeoutMs: 10_000, ...settings },
      () => NOW,
    );
  }

  async failedBatch(path = '/hook?token=t'): Promise<BatchRecord> {
    const webhookUrl = this.receiver.origin + path;
    const record = await aRegisteredBatch(this.batches, { uuid: aUuid(1), webhookUrl });
    await this.batches.fail(record, aFailure({ endTime: END }));
    return record;
  }

  async due(): Promise<WebhookDelivery> {
    const [delivery] = await this.batches.webhooks.take(NOW, LEASE, 10);
    if (delivery === undefined) throw new Error('Nothing is due');
    return delivery;
  }

  /** The delivery as it stands, whatever its state: due ones are taken by a far future. */
  async stateOf({ deliveryId }: WebhookDelivery): Promise<DeliveryState> {
    const { webhooks } = this.batches;
    const far = new Date('2200-01-01T00:00:00Z');
    const all = [...(await webhooks.listDead(10)), ...(await webhooks.take(far, far, 10))];
    return all.find((one) => one.deliveryId === deliveryId) ?? 'DELIVERED';
  }

  async attempt(deliverer = this.deliver()): Promise<DeliveryState> {
    const delivery = await this.due();
    await deliverer.execute(delivery, NEVER);
    return this.stateOf(delivery);
  }
}
