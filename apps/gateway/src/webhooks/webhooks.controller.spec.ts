import type { WebhookDelivery } from '@millrace/domain';
import {
  aFailure,
  aRegisteredBatch,
  aUuid,
  InMemoryBatchRegistry,
  InMemoryStreamRegistry,
} from '@millrace/testing';
import { startTestGateway } from '../gateway.fixture';
import type { TestGateway } from '../gateway.fixture';

const FAR = new Date('2100-01-01T00:00:00Z');

let batches: InMemoryBatchRegistry;
let gateway: TestGateway;

beforeEach(async () => {
  batches = new InMemoryBatchRegistry();
  gateway = await startTestGateway({ batches, streams: new InMemoryStreamRegistry() });
});

afterEach(() => gateway.app.close());

/** The message about a failed batch, after its last attempt. */
async function deadLetter(number = 1): Promise<WebhookDelivery> {
  const webhookUrl = 'https://user:hunter2@client.example/hook?token=hunter3';
  const record = await aRegisteredBatch(batches, { uuid: aUuid(number), webhookUrl });
  await batches.fail(record, aFailure({ endTime: new Date() }));
  const [delivery] = await batches.webhooks.take(FAR, FAR, 1);
  if (delivery === undefined) throw new Error('There is no delivery');
  await batches.webhooks.failed(delivery.deliveryId, { error: 'It answered 500', nextAttempt: null });
  return delivery;
}

const redeliver = (deliveryId: string) =>
  gateway.app.inject({ method: 'POST', url: `/webhooks/dead/${deliveryId}/redeliver` });

describe('GET /webhooks/dead', () => {
  it('lists nothing while everything was delivered', async () => {
    const answer = await gateway.app.inject('/webhooks/dead');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ deliveries: [] });
  });

  it('lists dead letters, newest first, without the secrets of their URLs', async () => {
    const first = await deadLetter(1);
    const second = await deadLetter(2);
    const answer = await gateway.app.inject('/webhooks/dead');
    const body = answer.json<{ deliveries: WebhookDelivery[] }>();
    expect(body.deliveries.map(({ deliveryId }) => deliveryId)).toEqual([
      second.deliveryId,
      first.deliveryId,
    ]);
    expect(body.deliveries[1]).toEqual({
      deliveryId: first.deliveryId,
      batchId: first.batchId,
      url: 'https://client.example/hook',
      eventId: 2,
      status: 'DEAD',
      attempts: 1,
      lastError: 'It answered 500',
      createTime: first.createTime.toISOString(),
    });
    expect(answer.body).not.toContain('hunter');
    const limited = await gateway.app.inject('/webhooks/dead?limit=1');
    expect(limited.json<{ deliveries: unknown[] }>().deliveries).toHaveLength(1);
    const many = await gateway.app.inject('/webhooks/dead?limit=99999999999999');
    expect(many.json<{ deliveries: unknown[] }>().deliveries.length).toBeGreaterThan(1);
  });

  it.each(['limit=0', 'limit=-1', 'limit=x', 'limit=1.5', 'limit='])('refuses %s', async (query) => {
    const answer = await gateway.app.inject(`/webhooks/dead?${query}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ error: 'INVALID_REQUEST', details: [{ path: 'limit' }] });
  });

  it('refuses what it does not know', async () => {
    const answer = await gateway.app.inject('/webhooks/dead?page=1');
    expect(answer.json()).toMatchObject({ error: 'INVALID_REQUEST', details: [{ path: 'page' }] });
  });
});

describe('POST /webhooks/dead/:deliveryId/redeliver', () => {
  it('makes a dead letter due at once', async () => {
    const { deliveryId } = await deadLetter();
    const answer = await redeliver(deliveryId);
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toEqual({ deliveryId, status: 'PENDING' });
    expect(await batches.webhooks.take(new Date(), FAR, 10)).toMatchObject([{ deliveryId }]);
    expect((await gateway.app.inject('/webhooks/dead')).json()).toEqual({ deliveries: [] });
  });

  it('knows no other deliveries', async () => {
    const { deliveryId } = await deadLetter();
    await redeliver(deliveryId);
    for (const id of [deliveryId, '0d3c5f0e-8a55-4c1b-9a53-0f6f5b1f9a11', 'nonsense']) {
      const answer = await redeliver(id);
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toMatchObject({ error: 'WEBHOOK_NOT_FOUND' });
    }
  });

  it('refuses what can be no id', async () => {
    const answer = await redeliver('a%2e%2e%2fb');
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ details: [{ path: 'deliveryId' }] });
  });
});
