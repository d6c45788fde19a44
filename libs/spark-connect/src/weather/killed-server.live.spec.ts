import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { SparkSession } from '../session/spark-session';
import { deltaCommits } from '../testing/delta-commits';
import { sharedFolder } from '../testing/live-session';
import { OwnServer } from '../testing/own-server';
import { EAGER_PROGRESS, whenRunning } from '../testing/running-action';
import { slowRows } from '../testing/slow-rows';

jest.setTimeout(300_000);

/** More than a server takes to come back here, less than a person waits. */
const RECOVERY_LIMIT_MS = 120_000;

let server: OwnServer;
let folder: Awaited<ReturnType<typeof sharedFolder>>;
const sessions: SparkSession[] = [];

beforeAll(async () => {
  folder = await sharedFolder();
  server = await OwnServer.start();
});

afterEach(async () => {
  for (const spark of sessions.splice(0)) await spark.close();
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

/** What became of some work, and when, from now on. */
async function outcomeOf(
  work: Promise<unknown>,
): Promise<{ readonly error: unknown; readonly afterMs: number }> {
  const startedAt = Date.now();
  const error: unknown = await work.then(
    () => 'it succeeded',
    (reason: unknown) => reason,
  );
  return { error, afterMs: Date.now() - startedAt };
}

/** Spark 4.0 answers a reattach with SESSION_NOT_FOUND, and everything else with SESSION_CHANGED. */
const LOST_SESSION = {
  code: expect.stringMatching(/^SESSION_(CHANGED|CLOSED)$/) as string,
  errorClass: expect.stringMatching(/^INVALID_HANDLE\.SESSION_(CHANGED|NOT_FOUND)$/) as string,
  message: expect.stringContaining('build a new session') as string,
};

describe('a server that is killed and comes back', () => {
  it('in the middle of a result: the reader learns that its session is gone', async () => {
    const spark = session();
    let rows = 0;
    let restarted: Promise<void> | undefined;
    const read = async (): Promise<void> => {
      for await (const row of slowRows(spark, {
        rows: 40,
        msPerRow: 500,
        partitions: 20,
      }).toLocalIterator()) {
        rows += Number('id' in row);
        if (rows === 2) restarted = server.restart();
      }
    };
    const { error, afterMs } = await outcomeOf(read());
    expect(error).toMatchObject(LOST_SESSION);
    expect(rows).toBeLessThan(40);
    expect(afterMs).toBeLessThan(RECOVERY_LIMIT_MS);
    await restarted;
  });

  it('in the middle of a write: a typed error, and the write is not run again', async () => {
    const spark = session();
    const path = join(folder.path, 'killed');
    const slow = slowRows(spark, { rows: 60, msPerRow: 500 });
    const { result } = await whenRunning((options) => slow.write.format('delta').save(path, options));
    const outcome = outcomeOf(result);
    await server.restart();
    const { error, afterMs } = await outcome;
    expect(error).toMatchObject(LOST_SESSION);
    expect(afterMs).toBeLessThan(RECOVERY_LIMIT_MS);
    // Had the plan been sent to the new server, it would run there now.
    await expect(runningJobs()).resolves.toEqual([]);
    await expect(deltaCommits(path)).resolves.toBe(0);
    // The cure that the error names.
    await session().range(3).write.format('delta').save(path);
    await expect(deltaCommits(path)).resolves.toBe(1);
  });

  it('between two calls: each kind of call says so, and a new session works', async () => {
    const sessionId = randomUUID();
    const spark = session(sessionId);
    await spark.sql('CREATE TEMPORARY VIEW mine AS SELECT 1');
    const query = await spark.readStream
      .format('rate')
      .load()
      .writeStream.format('noop')
      .option('checkpointLocation', join(folder.path, 'checkpoint'))
      .start();
    await server.restart();
    for (const call of [
      () => spark.version(),
      () => spark.conf.get('spark.sql.session.timeZone'),
      () => spark.range(1).collect(),
      () => spark.sql('SELECT 1'),
      () => spark.table('mine').schema(),
      () => spark.interruptOperation(randomUUID()),
      () => spark.reattach(randomUUID()),
      () => spark.streams.active(),
      () => query.status(),
      () => query.stop(),
    ]) {
      expect([call.toString(), (await outcomeOf(call())).error]).toEqual([
        call.toString(),
        expect.objectContaining(LOST_SESSION),
      ]);
    }
    await expect(session().range(1).collect()).resolves.toEqual([{ id: 0n }]);
  });

  it('for good: a call ends at its deadline, a result when the retries are used up', async () => {
    const spark = server
      .session()
      .config(...EAGER_PROGRESS)
      .clientSettings({ retryPolicy: { ...RETRIES_OF_SECONDS } })
      .build();
    sessions.push(spark);
    const slow = slowRows(spark, { rows: 60, msPerRow: 500 });
    const { result } = await whenRunning((options) => slow.collect(options));
    const outcome = outcomeOf(result);
    await server.kill();
    const { error, afterMs } = await outcome;
    expect(error).toMatchObject({ code: 'CONNECTION_UNAVAILABLE' });
    expect(afterMs).toBeLessThan(60_000);
    const called = await outcomeOf(spark.version({ deadlineMs: 2_000 }));
    expect(called.error).toMatchObject({
      code: expect.stringMatching(/^(CONNECTION_UNAVAILABLE|DEADLINE_EXCEEDED)$/) as string,
    });
    expect(called.afterMs).toBeLessThan(15_000);
    await server.restart();
  });
});

const RETRIES_OF_SECONDS = {
  maxRetries: 6,
  initialBackoffMs: 50,
  backoffMultiplier: 2,
  maxBackoffMs: 1_000,
  jitterMs: 0,
  jitterFromMs: 2_000,
};

async function runningJobs(): Promise<unknown> {
  const applications = (await (await fetch(`${server.ui}/api/v1/applications`)).json()) as { id: string }[];
  const jobs = `${server.ui}/api/v1/applications/${applications[0]?.id ?? ''}/jobs?status=running`;
  return (await fetch(jobs)).json();
}
