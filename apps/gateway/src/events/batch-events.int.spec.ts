import type { Service } from '@millrace/platform';
import { migrate, openRegistry } from '@millrace/registry';
import type { Registry } from '@millrace/registry';
import { aFailure, aRegisteredBatch, aUuid, requireEndpoints } from '@millrace/testing';
import type { BatchRecord } from '@millrace/domain';
import { Client } from 'pg';
import { createGateway } from '../create-gateway';
import { RecordingQueue, testConfig } from '../gateway.fixture';
import { EventClient } from './event-client.fixture';
import { OUTCOME, progress } from './event-gateway.fixture';

const { postgres } = requireEndpoints();
const name = `events_${crypto.randomUUID().replaceAll('-', '')}`;
const databaseUrl = Object.assign(new URL(postgres), { pathname: `/${name}` }).href;
const APPLICATION = `gateway-${name}`;

let admin: Client;
/** As the orchestrator has it: another process than the gateway. */
let writer: Registry;
let service: Service;
let url: string;
let submitted = 0;
const clients: EventClient[] = [];

beforeAll(async () => {
  admin = new Client({ connectionString: postgres });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  await migrate(databaseUrl);
  writer = openRegistry({ databaseUrl, maxConnections: 2, applicationName: `writer-${name}` });
  const registry = openRegistry({ databaseUrl, maxConnections: 4, applicationName: APPLICATION });
  const queue = new RecordingQueue();
  const ports = { ...registry, queue, pingRegistry: () => registry.ping() };
  service = await createGateway(testConfig({ DATABASE_URL: databaseUrl, GATEWAY_PORT: '0' }), ports);
  url = await service.listen();
});

afterAll(async () => {
  for (const client of clients) client.close();
  await service.app.close();
  await writer.close();
  await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
  await admin.end();
});

const registered = () => aRegisteredBatch(writer.batches, { uuid: aUuid(++submitted) });

async function open({ batchId }: BatchRecord, lastEventId?: number): Promise<EventClient> {
  const headers = lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) };
  const client = await EventClient.open(`${url}/batch/${batchId}/events`, headers);
  clients.push(client);
  return client;
}

/** Ends every connection of the gateway to Postgres, and tells how many there were. */
async function cut(): Promise<number> {
  const { rows } = await admin.query(
    'SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1 AND application_name LIKE $2',
    [name, `${APPLICATION}%`],
  );
  return rows.length;
}

const listening = async () => {
  const { rows } = await admin.query(
    `SELECT 1 FROM pg_stat_activity WHERE application_name = $1 AND query LIKE 'LISTEN%' AND state = 'idle'`,
    [`${APPLICATION}-changes`],
  );
  return rows.length;
};

const numbers = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe('the events of a batch, through Postgres', () => {
  it('come from another process as they are committed, long before the next look', async () => {
    while ((await listening()) === 0);
    const record = await registered();
    const client = await open(record);
    await client.until(() => client.events.length === 1);
    const begin = performance.now();
    await writer.batches.claim(record, new Date());
    await client.until(() => client.events.length === 2);
    await writer.batches.storeProgress(record, progress(50));
    await client.until(() => client.events.length === 3);
    await writer.batches.complete(record, OUTCOME);
    await client.untilEnd();
    expect(performance.now() - begin).toBeLessThan(4_500);
    expect(client.ids).toEqual([1, 2, 3, 4, undefined]);
    expect(client.events.map(({ data }) => data['status'] ?? data['percent'])).toEqual([
      'PENDING',
      'RUNNING',
      50,
      'COMPLETED',
      'COMPLETED',
    ]);
    const again = await open(record, 4);
    expect(again.status).toBe(204);
  });

  it('go on without gap or repetition when the connections to Postgres are cut', async () => {
    const record = await registered();
    const steady = await open(record);
    await steady.until(() => steady.events.length === 1);
    await writer.batches.claim(record, new Date());
    let connectionsCut = 0;
    for (let rows = 1; rows <= 60; rows++) {
      await writer.batches.storeProgress(record, { ...progress(50), rows });
      if (rows % 20 === 0) connectionsCut += await cut();
    }
    await writer.batches.complete(record, OUTCOME);
    const resumed = await open(record, 30);
    await Promise.all([steady.untilEnd(), resumed.untilEnd()]);
    expect(connectionsCut).toBeGreaterThanOrEqual(2);
    expect(steady.ids).toEqual([...numbers(63), undefined]);
    expect(resumed.ids).toEqual([...numbers(63).slice(30), undefined]);
  });

  it('are in order for many clients while many batches change at once', async () => {
    const records = [];
    for (let count = 0; count < 5; count++) records.push(await registered());
    const readers = await Promise.all(
      records.flatMap((record) => [open(record), open(record), open(record)]),
    );
    await Promise.all(
      records.map(async (record) => {
        await writer.batches.claim(record, new Date());
        for (let rows = 1; rows <= 20; rows++) {
          await writer.batches.storeProgress(record, { ...progress(50), rows });
        }
        await writer.batches.fail(record, aFailure({ endTime: new Date() }));
      }),
    );
    for (const reader of readers) {
      await reader.untilEnd();
      expect(reader.ids).toEqual([...numbers(23), undefined]);
    }
  });
});
