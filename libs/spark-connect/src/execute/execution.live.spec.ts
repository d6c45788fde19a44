import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { max } from '../functions/aggregates';
import { xxhash64 } from '../functions/hashes';
import { requireEndpoints } from '@millrace/testing';
import type { SparkSession } from '../session/spark-session';
import { CuttableProxy } from '../testing/cuttable-proxy';
import { countInOrder, liveSession, sharedFolder } from '../testing/live-session';

jest.setTimeout(120_000);

let spark: SparkSession;
let folder: Awaited<ReturnType<typeof sharedFolder>>;

beforeAll(async () => {
  folder = await sharedFolder();
  spark = liveSession().build();
  await spark.version();
});

afterAll(async () => {
  await spark.release();
  await spark.close();
  await folder.remove();
});

/** More work than any spec waits for, and still an end to it should an interrupt come too early to be seen. */
const endless = () => spark.range(0, 2 * 10 ** 10, 1, 4).agg(max(xxhash64('id')));

/** Resolves when the server reports tasks of the execution. */
function runningTasks(): {
  readonly onProgress: (p: { numInflightTasks: number }) => void;
  readonly seen: Promise<void>;
} {
  let resolve: () => void = () => undefined;
  const seen = new Promise<void>((done) => {
    resolve = done;
  });
  const onProgress = ({ numInflightTasks }: { numInflightTasks: number }): void => {
    if (numInflightTasks > 0) resolve();
  };
  return { onProgress, seen };
}

describe('a running execution', () => {
  it('is ended by its operation id', async () => {
    const operationId = randomUUID();
    const { onProgress, seen } = runningTasks();
    const result = endless().collect({ operationId, onProgress });
    const ended = expect(result).rejects.toMatchObject({ code: 'OPERATION_CANCELED' });
    await seen;
    await expect(spark.interruptOperation(operationId)).resolves.toEqual([operationId]);
    await ended;
  });

  it('is ended by the signal of its caller', async () => {
    const controller = new AbortController();
    const { onProgress, seen } = runningTasks();
    const operationId = randomUUID();
    const result = endless().collect({ operationId, onProgress, signal: controller.signal });
    const ended = expect(result).rejects.toMatchObject({ code: 'OPERATION_CANCELED', operationId });
    await seen;
    controller.abort();
    await ended;
    await expect(spark.interruptOperation(operationId)).resolves.toEqual([]);
  });

  it('is ended by its deadline', async () => {
    await expect(endless().collect({ deadlineMs: 500 })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  });

  it('is adopted by another process after its first one has gone', async () => {
    const { host, port } = address();
    const proxy = await CuttableProxy.to(host, port);
    const sessionId = randomUUID();
    const operationId = randomUUID();
    const path = join(folder.path, 'adopted');
    const first = liveSession(sessionId, proxy.port).clientSettings({ retryPolicy: NO_RETRIES }).build();
    const { onProgress, seen } = runningTasks();
    // The server reports every two seconds: the write must take several times that, also on a fast machine.
    const lost = first.range(0, 3_000_000_000, 1, 4).filter(xxhash64('id').gt(2n ** 63n - 2n ** 50n));
    const written = lost.write.format('delta').save(path, { operationId, onProgress });
    const failed = expect(written).rejects.toMatchObject({ code: 'CONNECTION_UNAVAILABLE' });
    await seen;
    proxy.close();
    await failed;
    await first.close();
    const second = liveSession(sessionId).serverSideSessionId(first.serverSideSessionId).build();
    await expect(second.reattach(operationId)).resolves.toEqual({ operationId, rows: [] });
    const history = await second.sql(`DESCRIBE HISTORY delta.\`${path}\``);
    await expect(history.count()).resolves.toBe(1);
    await second.release();
    await second.close();
  });

  it('is not adopted when the server does not know it', async () => {
    await expect(spark.reattach(randomUUID())).rejects.toMatchObject({ code: 'OPERATION_NOT_FOUND' });
  });
});

describe('a broken connection', () => {
  it('is resumed: every row arrives, once', async () => {
    const { host, port } = address();
    const proxy = await CuttableProxy.to(host, port);
    const cut = liveSession(randomUUID(), proxy.port).build();
    await cut.version();
    proxy.cutEvery(300_000);
    await expect(countInOrder(cut.range(0, 400_000, 1, 8))).resolves.toBe(400_000n);
    expect(proxy.cuts).toBeGreaterThan(3);
    proxy.cutEvery(Number.POSITIVE_INFINITY);
    await cut.release();
    await cut.close();
    proxy.close();
  });
});

const NO_RETRIES = {
  maxRetries: 0,
  initialBackoffMs: 1,
  backoffMultiplier: 1,
  maxBackoffMs: 1,
  jitterMs: 0,
  jitterFromMs: 1,
};

function address(): { readonly host: string; readonly port: number } {
  const url = new URL(requireEndpoints().sparkConnect.replace('sc:', 'http:'));
  return { host: url.hostname, port: Number(url.port) };
}
