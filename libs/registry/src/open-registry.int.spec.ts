import { aBatch, aNewBatch, aRecoveredBatch, aUuid } from '@millrace/testing';
import { freshDatabase } from './fresh-database';
import type { FreshDatabase } from './fresh-database';
import { migrate } from './migrate';
import { openRegistry } from './open-registry';
import type { Registry } from './open-registry';
import { silentServer } from './silent-server';
import type { SilentServer } from './silent-server';

let database: FreshDatabase;
let proxy: SilentServer;
let registry: Registry;

beforeAll(async () => {
  database = await freshDatabase();
  await migrate(database.url);
});
afterAll(() => database.drop());

beforeEach(async () => {
  proxy = await silentServer(database.url);
  registry = openRegistry({
    databaseUrl: proxy.url,
    maxConnections: 4,
    applicationName: 'outage-spec',
    statementTimeoutMs: 1_000,
  });
});
afterEach(async () => {
  await registry.close();
  await proxy.close();
});

const UNAVAILABLE = { code: 'SERVICE_UNAVAILABLE' };

/** One call for each way a statement is sent. */
const CALLS: [string, () => Promise<unknown>][] = [
  ['ping', () => registry.ping()],
  ['a prepared statement', () => registry.batches.find('batch-20250115-a3f8e2b1')],
  ['a change', () => registry.batches.claim({ batchId: 'batch-20250115-a3f8e2b1', attempt: 1 }, new Date())],
  ['a list', () => registry.batches.list({ limit: 1 })],
  ['a submission', () => registry.batches.register(aNewBatch(), { maxPending: 0 })],
  ['a recovery', () => registry.batches.recover(aRecoveredBatch())],
  ['events', () => registry.batches.events('batch-20250115-a3f8e2b1', 0, 1)],
  ['a place in the queue', () => registry.batches.queuePosition(aBatch())],
  ['the outbox', () => registry.webhooks.take(new Date(), new Date(), 1)],
  ['a change of the outbox', () => registry.webhooks.delivered(aUuid())],
  ['a read of the streams', () => registry.streams.list()],
  [
    'a write of the session',
    () => registry.streams.saveSession({ userId: 'u', sessionId: 's', serverSideSessionId: null }),
  ],
];

describe('a registry whose Postgres', () => {
  it.each(CALLS)('refuses connections says so on %s', async (_, call) => {
    await proxy.close();
    await expect(call()).rejects.toMatchObject(UNAVAILABLE);
  });

  it.each(CALLS)('hangs gives an error instead of waiting, on %s', async (_, call) => {
    await call();
    proxy.fallSilent();
    await expect(call()).rejects.toMatchObject(UNAVAILABLE);
  });

  it.each(CALLS)('ended the connections works again on %s', async (_, call) => {
    await call();
    const ended = await database.query(
      `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'outage-spec' AND datname = current_database()`,
    );
    // The pool may hear of each dead connection only from the statement that meets it.
    for (let met = 0; met < ended.length; met++) {
      const [answer] = await Promise.allSettled([call()]);
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject(UNAVAILABLE);
    }
    await call();
  });

  it('has no such database says so as an error of its own', async () => {
    const lost = openRegistry({
      databaseUrl: `${database.url}_gone`,
      maxConnections: 1,
      applicationName: 'outage-spec',
    });
    await expect(lost.ping()).rejects.toThrow('does not exist');
    await lost.close();
  });
});

describe('opening a registry', () => {
  it('connects only when it is used', async () => {
    const sessions = () =>
      database.query(`SELECT pid FROM pg_stat_activity WHERE application_name = 'lazy-spec'`);
    const lazy = openRegistry({ databaseUrl: database.url, maxConnections: 2, applicationName: 'lazy-spec' });
    expect(await sessions()).toHaveLength(0);
    await lazy.ping();
    expect(await sessions()).toHaveLength(1);
    await lazy.close();
  });

  it('never opens more connections than allowed', async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        index % 2 === 0 ? registry.batches.list({ limit: 5 }) : registry.batches.find(aNewBatch().batchId),
      ),
    );
    const sessions = await database.query(
      `SELECT pid FROM pg_stat_activity WHERE application_name = 'outage-spec' AND datname = current_database()`,
    );
    expect(sessions.length).toBeLessThanOrEqual(4);
  });

  it('names the trouble and not the password when the URL is none', () => {
    const open = () =>
      openRegistry({ databaseUrl: 'postgres//secret', maxConnections: 1, applicationName: 'x' });
    expect(open).toThrow('The database URL is not of the form');
    expect(open).not.toThrow('secret');
  });

  it('closes twice without complaint', async () => {
    await registry.ping();
    await Promise.all([registry.close(), registry.close()]);
  });
});
