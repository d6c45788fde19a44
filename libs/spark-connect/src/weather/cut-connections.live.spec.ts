import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import type { SparkSession } from '../session/spark-session';
import { CuttableProxy } from '../testing/cuttable-proxy';
import { deltaCommits } from '../testing/delta-commits';
import { countInOrder, liveAddress, liveSession, sharedFolder } from '../testing/live-session';
import type { Direction } from '../testing/proxy-link';
import { RpcRelay } from '../testing/rpc-relay';
import { EAGER_PROGRESS, whenRunning } from '../testing/running-action';
import { slowRows } from '../testing/slow-rows';

jest.setTimeout(300_000);

let proxy: CuttableProxy;
let folder: Awaited<ReturnType<typeof sharedFolder>>;
const sessions: SparkSession[] = [];

beforeAll(async () => {
  folder = await sharedFolder();
  const { host, port } = liveAddress();
  proxy = await CuttableProxy.to(host, port);
});

afterEach(async () => {
  proxy.cutNoMore();
  await proxy.accept();
  for (const spark of sessions.splice(0)) {
    await spark.release();
    await spark.close();
  }
});

afterAll(async () => {
  proxy.close();
  await folder.remove();
});

/** A session through the proxy, on a connection of its own; released after the spec. */
function throughProxy(
  settings: Parameters<ReturnType<typeof liveSession>['clientSettings']>[0] = {},
): SparkSession {
  const spark = liveSession(randomUUID(), proxy.port)
    .config(...EAGER_PROGRESS)
    .clientSettings(settings)
    .build();
  sessions.push(spark);
  return spark;
}

/** Every byte at first, where the frames of the handshake are, then in steps that share no factor with the size of any frame. */
function offsetsUpTo(total: number, steps: number): number[] {
  const first = Array.from({ length: 16 }, (_, at) => at + 1);
  const step = Math.max(7, Math.floor(total / steps)) | 1;
  const rest = Array.from({ length: Math.ceil(total / step) }, (_, at) => 17 + at * step);
  return [...first, ...rest].filter((offset) => offset <= total);
}

/** How many bytes some work moves, on a connection that nothing breaks. */
async function bytesOf(
  direction: Direction,
  work: (spark: SparkSession) => Promise<unknown>,
): Promise<number> {
  // What is slow for the first time sends more messages of its progress.
  await work(throughProxy());
  const before = proxy.bytes(direction);
  await work(throughProxy());
  return proxy.bytes(direction) - before;
}

/** As the default policy, without its long waits. */
const QUICK_RETRIES = {
  maxRetries: 15,
  initialBackoffMs: 20,
  backoffMultiplier: 2,
  maxBackoffMs: 200,
  jitterMs: 0,
  jitterFromMs: 1_000,
};

const EXPECTED_IDS = Array.from({ length: 200 }, (_, id) => id);

async function ids(spark: SparkSession): Promise<number[]> {
  return (await spark.range(0, 200, 1, 2).collect()).map(({ id }) => Number(id));
}

describe.each<Direction>(['toClient', 'toServer'])('a connection that breaks at any byte %s', (direction) => {
  it('gives the same rows, each once', async () => {
    const total = await bytesOf(direction, ids);
    const offsets = offsetsUpTo(total, 30);
    const cutsBefore = proxy.cuts;
    for (const offset of offsets) {
      const spark = throughProxy();
      proxy.cutAfter(offset, direction);
      expect([offset, await ids(spark)]).toEqual([offset, EXPECTED_IDS]);
      proxy.cutNoMore();
    }
    expect(offsets.length).toBeGreaterThan(30);
    // The last bytes of the measured run are of releases, which come at their own time.
    expect(proxy.cuts - cutsBefore).toBeGreaterThan(offsets.length * 0.8);
  });

  it('runs a write once', async () => {
    const path = join(folder.path, direction);
    const append = (spark: SparkSession) => spark.range(10).write.format('delta').mode('append').save(path);
    const total = await bytesOf(direction, append);
    const step = Math.ceil(total / 9);
    let writes = await deltaCommits(path);
    for (let offset = 30; offset < total; offset += step) {
      const spark = throughProxy();
      // An answered request before it: a session that is known to both sides.
      await spark.version();
      proxy.cutAfter(offset, direction);
      await append(spark);
      proxy.cutNoMore();
      writes += 1;
      expect([offset, await deltaCommits(path)]).toEqual([offset, writes]);
    }
    expect(writes).toBeGreaterThan(6);
  });
});

describe('a connection that breaks again and again', () => {
  it('is resumed: every row of a large result arrives, once', async () => {
    const spark = throughProxy();
    await spark.version();
    const cuts = proxy.cuts;
    proxy.cutEvery(300_000);
    await expect(countInOrder(spark.range(0, 400_000, 1, 8))).resolves.toBe(400_000n);
    expect(proxy.cuts - cuts).toBeGreaterThan(3);
  });
});

describe('a server that cannot be reached for a while', () => {
  it('is waited for in the middle of a result', async () => {
    const spark = throughProxy();
    const slow = slowRows(spark, { rows: 4, msPerRow: 1_000 });
    const { result } = await whenRunning((options) => slow.collect(options));
    await proxy.refuse();
    const connections = proxy.connections;
    setTimeout(() => void proxy.accept(), 1_500);
    expect((await result).map(({ id }) => id)).toEqual([0n, 1n, 2n, 3n]);
    expect(proxy.connections).toBeGreaterThan(connections);
  });

  it('is waited for by a first request', async () => {
    const spark = throughProxy();
    await proxy.refuse();
    setTimeout(() => void proxy.accept(), 1_000);
    await expect(ids(spark)).resolves.toEqual(EXPECTED_IDS);
  });

  it('is given up within the deadline of the call', async () => {
    const spark = throughProxy();
    await proxy.refuse();
    const startedAt = Date.now();
    await expect(spark.version({ deadlineMs: 1_500 })).rejects.toMatchObject({
      code: expect.stringMatching(/^(CONNECTION_UNAVAILABLE|DEADLINE_EXCEEDED)$/) as string,
    });
    await expect(spark.range(1).collect({ deadlineMs: 1_500 })).rejects.toMatchObject({
      code: expect.stringMatching(/^(CONNECTION_UNAVAILABLE|DEADLINE_EXCEEDED)$/) as string,
    });
    expect(Date.now() - startedAt).toBeLessThan(20_000);
  });

  it('that answers UNAVAILABLE itself is asked again, for each kind of call', async () => {
    const { host, port } = liveAddress();
    const relay = await RpcRelay.to(host, port);
    const spark = liveSession(randomUUID(), relay.port)
      .clientSettings({ retryPolicy: QUICK_RETRIES })
      .build();
    const busy = { grpcStatus: status.UNAVAILABLE, message: 'the server is starting' };
    for (const method of ['ExecutePlan', 'ReattachExecute', 'AnalyzePlan', 'Config'])
      relay.refuse(method, 2, busy);
    await expect(ids(spark)).resolves.toEqual(EXPECTED_IDS);
    await expect(spark.version()).resolves.toMatch(/^4\./);
    await expect(spark.conf.get('spark.sql.session.timeZone')).resolves.toBeDefined();
    expect(relay.calls('AnalyzePlan')).toBeGreaterThanOrEqual(3);
    await spark.release();
    await spark.close();
    relay.close();
  });
});

describe.each<[string, Direction[]]>([
  ['in which nothing reaches the client', ['toClient']],
  ['in which nothing reaches the server', ['toServer']],
  ['in which nothing passes', ['toClient', 'toServer']],
])('a half-open connection %s', (_, directions) => {
  it('does not keep an execution from its end, nor the calls after it', async () => {
    const spark = throughProxy({ streamIdleTimeoutMs: 2_000, unaryDeadlineMs: 2_000 });
    const path = join(folder.path, `frozen-${directions.join('-')}`);
    const slow = slowRows(spark, { rows: 8, msPerRow: 1_000 });
    const { result } = await whenRunning((options) => slow.write.format('delta').save(path, options));
    const connections = proxy.connections;
    proxy.freeze(...directions);
    await result;
    await expect(deltaCommits(path)).resolves.toBe(1);
    // Where only requests are lost the execution does not notice; the next call does.
    await spark.version({ deadlineMs: 2_000 }).catch(() => undefined);
    await expect(spark.version()).resolves.toMatch(/^4\./);
    expect(proxy.connections).toBeGreaterThan(connections);
  });

  it('ends a unary call at its deadline, and the next one works', async () => {
    const spark = throughProxy();
    await spark.version();
    proxy.freeze(...directions);
    const startedAt = Date.now();
    await expect(spark.version({ deadlineMs: 1_000 })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(Date.now() - startedAt).toBeLessThan(10_000);
    await expect(spark.version({ deadlineMs: 30_000 })).resolves.toMatch(/^4\./);
  });
});
