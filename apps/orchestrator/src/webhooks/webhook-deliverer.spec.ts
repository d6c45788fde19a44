import { ServiceUnavailable } from '@millrace/domain';
import { aFailure, aRegisteredBatch, aUuid, InMemoryBatchRegistry } from '@millrace/testing';
import { Logger } from '@nestjs/common';
import { Receiver } from './receiver.fixture';
import { WebhookDeliverer } from './webhook-deliverer';

const KEY = Buffer.alloc(32, 'k');

let batches: InMemoryBatchRegistry;
let receivers: Receiver[];
let deliverer: WebhookDeliverer;
let submitted = 0;

beforeAll(() => {
  Logger.overrideLogger(false);
});

beforeEach(() => {
  batches = new InMemoryBatchRegistry();
  receivers = [];
});

afterEach(async () => {
  await deliverer.stop();
  for (const receiver of receivers) await receiver.close();
});

async function receiver(): Promise<Receiver> {
  const started = await Receiver.start();
  receivers.push(started);
  return started;
}

function begin(timeoutMs = 10_000): void {
  const allowedOrigins = receivers.map(({ origin }) => origin);
  deliverer = new WebhookDeliverer(
    { outbox: batches.webhooks, batches },
    { key: KEY, allowedOrigins, timeoutMs },
  );
  deliverer.start();
}

async function failedBatch({ origin }: Receiver): Promise<void> {
  submitted += 1;
  const record = await aRegisteredBatch(batches, { uuid: aUuid(submitted), webhookUrl: `${origin}/hook` });
  await batches.fail(record, aFailure({ endTime: new Date() }));
}

const pending = async () => {
  const far = new Date('2200-01-01T00:00:00Z');
  return batches.webhooks.take(far, far, 1_000);
};

describe('the deliverer of webhooks', () => {
  it('delivers what is due and what becomes due', async () => {
    const client = await receiver();
    await failedBatch(client);
    begin();
    await client.received(1);
    await failedBatch(client);
    await client.received(2);
    await deliverer.stop();
    expect(await pending()).toEqual([]);
    expect(client.posts).toHaveLength(2);
  });

  it('is not held back by receivers that hang or have many messages', async () => {
    const hanging = await receiver();
    const busy = await receiver();
    const other = await receiver();
    hanging.answer = () => undefined;
    for (let count = 0; count < 700; count++) await failedBatch(hanging);
    for (let count = 0; count < 15; count++) await failedBatch(busy);
    await failedBatch(other);
    begin();
    await Promise.all([other.received(1), busy.received(15)]);
    expect(hanging.posts).toHaveLength(1);
    await hanging.close();
  });

  it('sends at most four at once', async () => {
    let open = 0;
    let most = 0;
    const answers: (() => void)[] = [];
    for (let count = 0; count < 6; count++) {
      const client = await receiver();
      client.answer = (response) => {
        most = Math.max(most, ++open);
        answers.push(() => {
          open -= 1;
          response.writeHead(200).end();
        });
      };
      await failedBatch(client);
    }
    begin();
    while (answers.length < 4) await new Promise(setImmediate);
    for (let answered = 0; answered < 6; answered++) {
      while (answers.length === 0) await new Promise(setImmediate);
      answers.shift()?.();
    }
    await deliverer.stop();
    expect(most).toBe(4);
    expect(await pending()).toEqual([]);
  });

  it('waits for the attempt that is under way when it stops, and begins no other', async () => {
    const client = await receiver();
    let answer: () => void = () => undefined;
    client.answer = (response) => (answer = () => response.writeHead(200).end());
    await failedBatch(client);
    await failedBatch(client);
    begin();
    await client.received(1);
    let isStopped = false;
    const stopped = deliverer.stop().then(() => (isStopped = true));
    await new Promise(setImmediate);
    expect(isStopped).toBe(false);
    answer();
    await stopped;
    expect(client.posts).toHaveLength(1);
    expect(await pending()).toHaveLength(1);
  });

  it('goes on when the registry comes back, and sends again what it could not record', async () => {
    const client = await receiver();
    await failedBatch(client);
    const { webhooks } = batches;
    const take = webhooks.take.bind(webhooks);
    let refusals = 0;
    webhooks.take = (...query) => {
      refusals += 1;
      if (refusals === 1) return Promise.reject(new ServiceUnavailable('Postgres cannot be reached'));
      return take(...query);
    };
    webhooks.delivered = () => Promise.reject(new ServiceUnavailable('Postgres cannot be reached'));
    begin();
    await client.received(1);
    await deliverer.stop();
    const [left] = await pending();
    expect(left).toMatchObject({ status: 'PENDING', attempts: 0 });
    expect(client.posts[0]?.headers['webhook-id']).toBe(left?.deliveryId);
  });
});
