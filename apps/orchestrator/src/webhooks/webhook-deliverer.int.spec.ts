import { migrate, openRegistry } from '@millrace/registry';
import type { Registry } from '@millrace/registry';
import { aFailure, aRegisteredBatch, aUuid, requireEndpoints } from '@millrace/testing';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { Receiver } from './receiver.fixture';
import { WebhookDeliverer } from './webhook-deliverer';

const { postgres } = requireEndpoints();
const name = `webhooks_${crypto.randomUUID().replaceAll('-', '')}`;
const databaseUrl = Object.assign(new URL(postgres), { pathname: `/${name}` }).href;

let admin: Client;
let registry: Registry;
let receiver: Receiver;
let deliverers: WebhookDeliverer[];
let submitted = 0;

beforeAll(async () => {
  Logger.overrideLogger(false);
  admin = new Client({ connectionString: postgres });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  await migrate(databaseUrl);
  registry = openRegistry({ databaseUrl, maxConnections: 3, applicationName: name });
});

afterAll(async () => {
  await registry.close();
  await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
  await admin.end();
});

beforeEach(async () => {
  receiver = await Receiver.start();
  deliverers = [];
});

afterEach(async () => {
  await Promise.all(deliverers.map((deliverer) => deliverer.stop()));
  await receiver.close();
});

function begin(): WebhookDeliverer {
  const ports = { outbox: registry.webhooks, batches: registry.batches };
  const settings = { key: Buffer.alloc(32, 'k'), allowedOrigins: [receiver.origin], timeoutMs: 10_000 };
  const deliverer = new WebhookDeliverer(ports, settings);
  deliverers.push(deliverer);
  deliverer.start();
  return deliverer;
}

async function failedBatch(): Promise<string> {
  submitted += 1;
  const webhookUrl = `${receiver.origin}/hook`;
  const record = await aRegisteredBatch(registry.batches, { uuid: aUuid(submitted), webhookUrl });
  await registry.batches.fail(record, aFailure({ endTime: new Date() }));
  return record.batchId;
}

const told = () =>
  receiver.posts.map(({ body }) => (JSON.parse(body) as { data: { batchId: string } }).data.batchId).sort();

describe('webhooks through Postgres', () => {
  it('tell of each batch once, also with two processes at it', async () => {
    const batchIds: string[] = [];
    for (let count = 0; count < 150; count++) batchIds.push(await failedBatch());
    begin();
    begin();
    await receiver.received(150);
    await Promise.all(deliverers.map((deliverer) => deliverer.stop()));
    expect(told()).toEqual(batchIds.sort());
    expect(await registry.webhooks.take(new Date('2100-01-01'), new Date('2100-01-01'), 100)).toEqual([]);
  });

  it('become dead letters that can be delivered once more', async () => {
    receiver.answer = (response) => response.writeHead(410).end();
    const batchId = await failedBatch();
    begin();
    let dead = await registry.webhooks.listDead(1);
    while (dead.length === 0) dead = await registry.webhooks.listDead(1);
    expect(dead).toMatchObject([{ batchId, status: 'DEAD', attempts: 1, eventId: 2 }]);
    receiver.answer = (response) => response.writeHead(200).end();
    expect(await registry.webhooks.redeliver(dead[0]?.deliveryId ?? '', new Date())).toBe(true);
    await receiver.received(2);
    expect(receiver.posts[1]?.headers['webhook-id']).toBe(receiver.posts[0]?.headers['webhook-id']);
    expect(JSON.parse(receiver.posts[1]?.body ?? '')).toMatchObject({
      type: 'batch.failed',
      data: { batchId },
    });
    expect(await registry.webhooks.listDead(1)).toEqual([]);
  });
});
