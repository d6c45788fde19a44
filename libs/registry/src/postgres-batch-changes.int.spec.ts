import { aRegisteredBatch, aUuid, describeBatchChanges, listenTo } from '@millrace/testing';
import { Client } from 'pg';
import { freshDatabase } from './fresh-database';
import type { FreshDatabase } from './fresh-database';
import { migrate } from './migrate';
import { openRegistry } from './open-registry';
import type { Registry } from './open-registry';
import { silentServer } from './silent-server';

let database: FreshDatabase;

beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database.url);
});
afterAll(() => database.drop());

const registries: Registry[] = [];
afterEach(async () => {
  for (const registry of registries.splice(0)) await registry.close();
});

/** A registry with a name of its own, on an empty table. */
async function opened(databaseUrl = database.url) {
  await database.query('DELETE FROM batches');
  const applicationName = `changes-${crypto.randomUUID()}`;
  const registry = openRegistry({ databaseUrl, maxConnections: 3, applicationName });
  registries.push(registry);
  const connections = () =>
    database.query(`SELECT pid, query, state FROM pg_stat_activity WHERE application_name = $1`, [
      `${applicationName}-changes`,
    ]);
  return { ...registry, connections, isListening: () => until(connections, isListening) };
}

const isListening = (rows: Record<string, unknown>[]) =>
  rows.some(({ query, state }) => query === 'LISTEN batch_changed' && state === 'idle');

/** Asks until the answer is the wanted one; the limit of the test is the limit. */
async function until<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
  }
}

const cut = (pid: unknown) => database.query('SELECT pg_terminate_backend($1)', [pid]);

describeBatchChanges('PostgresBatchChanges', async () => {
  const registry = await opened();
  return { port: registry, close: () => registry.close() };
});

describe('the connection that changes come through', () => {
  it('is made for the first listener, once, and closed with the registry', async () => {
    const registry = await opened();
    await registry.ping();
    expect(await registry.connections()).toHaveLength(0);
    for (let listener = 0; listener < 3; listener += 1) registry.changes.onChange(() => undefined);
    await registry.isListening();
    expect(await registry.connections()).toHaveLength(1);
    await Promise.all([registry.close(), registry.close()]);
    await until(registry.connections, (rows) => rows.length === 0);
    registry.changes.onChange(() => undefined);
    expect(await registry.connections()).toHaveLength(0);
  });

  it('tells of a change after its commit only', async () => {
    const registry = await opened();
    const { heard } = listenTo(registry.changes);
    await registry.isListening();
    const slow = await aRegisteredBatch(registry.batches);
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query('BEGIN');
    await client.query(`UPDATE batches SET status = 'RUNNING' WHERE batch_id = $1`, [slow.batchId]);
    const other = await aRegisteredBatch(registry.batches, { uuid: aUuid(1) });
    expect(await heard(2)).toEqual([slow.batchId, other.batchId]);
    await client.query('COMMIT');
    expect(await heard(3)).toEqual([slow.batchId, other.batchId, slow.batchId]);
    await client.end();
  });

  it('tells nothing of a change that was rolled back', async () => {
    const registry = await opened();
    const { heard } = listenTo(registry.changes);
    await registry.isListening();
    const { batchId } = await aRegisteredBatch(registry.batches);
    await database.query(
      `BEGIN; UPDATE batches SET status = 'RUNNING' WHERE batch_id = '${batchId}'; ROLLBACK`,
    );
    const other = await aRegisteredBatch(registry.batches, { uuid: aUuid(1) });
    expect(await heard(2)).toEqual([batchId, other.batchId]);
    expect(await registry.batches.events(batchId, 0, 10)).toHaveLength(1);
  });

  it('is made again each time that it was cut', async () => {
    const registry = await opened();
    const { heard } = listenTo(registry.changes);
    for (let number = 1; number <= 3; number += 1) {
      const [connection] = await registry.isListening();
      const { batchId } = await aRegisteredBatch(registry.batches, { uuid: aUuid(number) });
      expect((await heard(number)).at(-1)).toBe(batchId);
      await cut(connection?.['pid']);
      await until(registry.connections, (rows) => rows.every(({ pid }) => pid !== connection?.['pid']));
    }
  });

  it('is made as soon as a Postgres that was away is back', async () => {
    const proxy = await silentServer(database.url);
    const registry = await opened(proxy.url);
    await proxy.close();
    const { heard } = listenTo(registry.changes);
    await expect(registry.ping()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    const back = await silentServer(database.url, Number(new URL(proxy.url).port));
    await registry.isListening();
    const { batchId } = await aRegisteredBatch(registry.batches);
    expect(await heard(1)).toEqual([batchId]);
    await back.close();
  });

  it('lets a registry be closed while it cannot be made, and while Postgres hangs', async () => {
    const proxy = await silentServer(database.url);
    const [hanging, refused] = [await opened(proxy.url), await opened(proxy.url)];
    hanging.changes.onChange(() => undefined);
    await hanging.isListening();
    proxy.fallSilent();
    await hanging.close();
    await proxy.close();
    refused.changes.onChange(() => undefined);
    await refused.close();
  });
});
