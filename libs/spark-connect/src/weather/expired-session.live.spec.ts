import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { SparkSession } from '../session/spark-session';
import type { StreamingQuery } from '../streaming/streaming-query';
import { sharedFolder } from '../testing/live-session';
import { OwnServer } from '../testing/own-server';
import { RecordingListener } from '../testing/recording-listener';
import { EAGER_PROGRESS, whenRunning } from '../testing/running-action';
import { slowRows } from '../testing/slow-rows';

jest.setTimeout(120_000);

const TIMEOUT_MS = 3_000;
/** Well within the timeout, also where the machine is busy. */
const HEARTBEAT_MS = 200;
const EXPIRY_LIMIT_MS = 60_000;

let server: OwnServer;
let folder: Awaited<ReturnType<typeof sharedFolder>>;
const sessions: SparkSession[] = [];

beforeAll(async () => {
  folder = await sharedFolder();
  server = await OwnServer.start({
    conf: {
      'spark.connect.session.manager.defaultSessionTimeout': `${String(TIMEOUT_MS)}ms`,
      'spark.connect.session.manager.maintenanceInterval': '200ms',
    },
  });
});

afterEach(async () => {
  for (const spark of sessions.splice(0)) {
    await spark.release();
    await spark.close();
  }
});

afterAll(async () => {
  await server.stop();
  await folder.remove();
});

function session(sessionId?: string): SparkSession {
  const spark = server
    .session(sessionId)
    .config(...EAGER_PROGRESS)
    .build();
  sessions.push(spark);
  return spark;
}

/** Waits for some work, with requests in between that keep the session from expiring. */
async function keptInUse<T>(spark: SparkSession, work: Promise<T>): Promise<T> {
  const isDone = work.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([isDone, delay(HEARTBEAT_MS, false)]))) await spark.version();
  return work;
}

/** Resolves when every session of the server has expired. Asks Spark's UI: a request to a session would prolong it. */
async function allExpired(): Promise<void> {
  const until = Date.now() + EXPIRY_LIMIT_MS;
  while (Date.now() < until) {
    const page = await (await fetch(`${server.ui}/connect/`)).text();
    const online = /(\d+)\s+session\(s\)\s+are\s+online/.exec(page)?.[1];
    if (online === undefined)
      throw new Error('the page of Spark Connect does not say how many sessions are online');
    if (online === '0') return;
    await delay(HEARTBEAT_MS);
  }
  throw new Error(`a session was still there after ${String(EXPIRY_LIMIT_MS)} ms`);
}

/** A query that never ends by itself. */
function startStream(spark: SparkSession, checkpoint: string): Promise<StreamingQuery> {
  return spark.readStream
    .format('rate')
    .load()
    .writeStream.format('noop')
    .option('checkpointLocation', join(folder.path, checkpoint))
    .start();
}

/** What work rejected with; its result is no error. */
function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'it succeeded',
    (reason: unknown) => reason,
  );
}

const EXPIRED = {
  code: 'SESSION_CLOSED',
  errorClass: 'INVALID_HANDLE.SESSION_CLOSED',
  message: expect.stringMatching(
    /defaultSessionTimeout.*build a new session with a new session id/s,
  ) as string,
};

describe('a session that the server ended because nothing was asked of it', () => {
  it('says so to each kind of call; a new one works, and its query goes on there', async () => {
    const sessionId = randomUUID();
    const spark = session(sessionId);
    // Of a session without queries: each event that is taken from the server is a request, and so keeps the session.
    const listener = new RecordingListener();
    const heard = session();
    await keptInUse(heard, heard.streams.addListener(listener));
    const query = await keptInUse(spark, startStream(spark, 'idle'));
    await spark.range(1).createTempView('mine');
    await allExpired();

    for (const call of [
      () => spark.version(),
      () => spark.table('mine').schema(),
      () => spark.conf.get('spark.sql.session.timeZone'),
      () => spark.conf.set('spark.sql.session.timeZone', 'UTC'),
      () => spark.range(1).collect(),
      () => spark.range(1).write.format('noop').mode('append').save(),
      () => spark.sql('SELECT 1'),
      () => spark.interruptOperation(randomUUID()),
      () => spark.interruptTag('mine'),
      () => spark.reattach(randomUUID()),
      () => spark.streams.active(),
      () => query.status(),
      () => query.lastProgress(),
      () => query.awaitTermination({ timeoutMs: 60_000 }),
      () => query.stop(),
      // The id is spent, also for those who come to it anew.
      () => session(sessionId).version(),
    ]) {
      expect([call.toString(), await errorOf(call())]).toEqual([
        call.toString(),
        expect.objectContaining(EXPIRED),
      ]);
    }
    await listener.until(() => listener.failures.length > 0);
    expect(listener.failures).toEqual([{ where: 'bus', error: expect.objectContaining(EXPIRED) as unknown }]);
    await expect(spark.release()).resolves.toBeUndefined();

    const next = session();
    // Otherwise a start would end a run that is left over, and say nothing.
    await next.conf.set('spark.sql.streaming.stopActiveRunOnRestart', false);
    const resumed = await keptInUse(next, startStream(next, 'idle'));
    expect(resumed).toMatchObject({ id: query.id });
    expect(resumed.runId).not.toBe(query.runId);
  });
});

describe('a session with an execution', () => {
  it('expires in the middle of it when nothing else is asked, and stays when something is', async () => {
    const lonely = session();
    const kept = session();
    const query = await keptInUse(kept, startStream(kept, 'kept'));
    // Twice as long as a session lives that nobody uses.
    const slow = { rows: (2 * 2 * TIMEOUT_MS) / 500, msPerRow: 500, partitions: 2 };
    const running = (spark: SparkSession) => whenRunning((options) => slowRows(spark, slow).collect(options));
    const { result: left } = await keptInUse(kept, running(lonely));
    const lost = errorOf(left);
    const { result } = await keptInUse(kept, running(kept));
    const keptRows = keptInUse(kept, result);
    expect(await lost).toMatchObject(EXPIRED);
    await expect(keptRows).resolves.toHaveLength(slow.rows);
    await expect(query.status()).resolves.toMatchObject({ isActive: true });
  });
});
