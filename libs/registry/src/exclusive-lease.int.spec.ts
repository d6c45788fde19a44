import { exclusiveLease } from './exclusive-lease';
import type { ExclusiveLease, LeaseTiming } from './exclusive-lease';
import { freshDatabase } from './fresh-database';
import type { FreshDatabase } from './fresh-database';
import { silentServer } from './silent-server';

let database: FreshDatabase;
const leases: ExclusiveLease[] = [];

beforeAll(async () => {
  database = await freshDatabase();
});
afterEach(async () => {
  await Promise.all(leases.splice(0).map((lease) => lease.release()));
});
afterAll(() => database.drop());

const aLease = (name = 'orchestrator', url = database.url, timing: LeaseTiming = {}) => {
  const lease = exclusiveLease(url, name, timing);
  leases.push(lease);
  return lease;
};
const loss = (lease: ExclusiveLease) =>
  new Promise<Error>((resolve) => {
    lease.onLost(resolve);
  });

describe('an exclusive lease', () => {
  it('is held by one at a time', async () => {
    const [first, second] = [aLease(), aLease()];
    expect(await first.acquire(0)).toBe(true);
    expect(await second.acquire(0)).toBe(false);
    expect(await second.acquire(150)).toBe(false);
    await first.release();
    expect(await second.acquire(0)).toBe(true);
  });

  it('goes to the one that waits as soon as it is free', async () => {
    const [first, second] = [aLease(), aLease()];
    await first.acquire(0);
    const waiting = second.acquire(20_000);
    await first.release();
    expect(await waiting).toBe(true);
  });

  it('goes to one of ten that ask at once', async () => {
    const asked = await Promise.all(Array.from({ length: 10 }, () => aLease().acquire(0)));
    expect(asked.filter(Boolean)).toHaveLength(1);
  });

  it('does not keep leases of other names back', async () => {
    expect(await aLease('orchestrator').acquire(0)).toBe(true);
    expect(await aLease('upkeep').acquire(0)).toBe(true);
  });

  it('can be acquired again after its release, and not while it is held', async () => {
    const lease = aLease();
    expect(await lease.acquire(0)).toBe(true);
    await expect(lease.acquire(0)).rejects.toThrow('in use already');
    await lease.release();
    await lease.release();
    expect(await lease.acquire(0)).toBe(true);
  });

  it('says when Postgres ends its connection, once, and can be acquired again', async () => {
    const lease = aLease();
    const reasons: Error[] = [];
    lease.onLost((reason) => reasons.push(reason));
    const lost = loss(lease);
    await lease.acquire(0);
    await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'millrace-lease-orchestrator' AND datname = current_database()`,
    );
    expect(await lost).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: 'The lease orchestrator is lost',
    });
    expect(await lease.acquire(5_000)).toBe(true);
    expect(reasons).toHaveLength(1);
  });

  it('says nothing when it is released', async () => {
    const lease = aLease();
    const reasons: Error[] = [];
    lease.onLost((reason) => reasons.push(reason));
    await lease.acquire(0);
    await lease.release();
    expect(reasons).toEqual([]);
  });

  it('is lost when Postgres falls silent', async () => {
    const proxy = await silentServer(database.url);
    const lease = aLease('silent', proxy.url, { heartbeatMs: 50, heartbeatTimeoutMs: 200 });
    const lost = loss(lease);
    await lease.acquire(0);
    proxy.fallSilent();
    expect((await lost).cause).toMatchObject({ message: 'Query read timeout' });
    await proxy.close();
  });

  it('is free at once when its holder dies without a goodbye', async () => {
    const proxy = await silentServer(database.url);
    const [holder, next] = [aLease('orchestrator', proxy.url), aLease()];
    await holder.acquire(0);
    const waiting = next.acquire(20_000);
    // What the kernel does for a process that is killed: the sockets close, Postgres hears no word.
    await proxy.close();
    expect(await waiting).toBe(true);
  });

  it('says so when Postgres cannot be reached', async () => {
    const proxy = await silentServer(database.url);
    await proxy.close();
    await expect(aLease('orchestrator', proxy.url).acquire(0)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
    });
  });
});
