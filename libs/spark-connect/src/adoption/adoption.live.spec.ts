import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { SparkSession } from '../session/spark-session';
import type { StreamingQuery } from '../streaming/streaming-query';
import { ChildScript } from '../testing/child-script';
import { deltaCommits } from '../testing/delta-commits';
import { liveRemote, liveSession, sharedFolder } from '../testing/live-session';
import type { PartConsumed, ReadingChildInput } from './reading-child.fixture';
import type { QueryStarted, StreamingChildInput } from './streaming-child.fixture';
import type { WriteRuns, WritingChildInput } from './writing-child.fixture';

jest.setTimeout(180_000);

let folder: Awaited<ReturnType<typeof sharedFolder>>;
const children: ChildScript[] = [];
const sessions: SparkSession[] = [];

beforeAll(async () => {
  folder = await sharedFolder();
});

afterEach(async () => {
  for (const child of children.splice(0)) await child.kill();
  for (const spark of sessions.splice(0)) {
    await spark.release();
    await spark.close();
  }
});

afterAll(async () => {
  await folder.remove();
});

function startChild(script: string, input: unknown): ChildScript {
  const child = ChildScript.start(join(__dirname, script), input);
  children.push(child);
  return child;
}

/** The session of the child, as a process that comes after it takes it over. */
function adopted(sessionId: string, serverSideSessionId: string | undefined): SparkSession {
  expect(serverSideSessionId).toBeDefined();
  const spark = liveSession(sessionId).serverSideSessionId(serverSideSessionId).build();
  sessions.push(spark);
  return spark;
}

describe('a write whose process was killed', () => {
  it('is adopted by its operation id: it ends, and has run once', async () => {
    const sessionId = randomUUID();
    const operationId = randomUUID();
    const path = join(folder.path, 'written');
    const input: WritingChildInput = { remote: liveRemote(sessionId), operationId, path };
    const child = startChild('writing-child.fixture.ts', input);
    const { serverSideSessionId } = await child.next<WriteRuns>();
    await child.kill();
    await expect(deltaCommits(path)).resolves.toBe(0);

    const spark = adopted(sessionId, serverSideSessionId);
    await expect(spark.reattach(operationId)).resolves.toEqual({ operationId, rows: [] });
    await expect(deltaCommits(path)).resolves.toBe(1);
    const rows = await spark.read.format('delta').load(path).select('id').orderBy('id').collect();
    expect(rows.map(({ id }) => Number(id))).toEqual(Array.from({ length: 16 }, (_, id) => id));

    // Adopted and released: a third process learns that there is nothing left to adopt, and nothing runs again.
    await expect(spark.reattach(operationId)).rejects.toMatchObject({ code: 'OPERATION_NOT_FOUND' });
    await expect(deltaCommits(path)).resolves.toBe(1);
  });

  it('can be ended by its operation id', async () => {
    const sessionId = randomUUID();
    const operationId = randomUUID();
    const path = join(folder.path, 'ended');
    const input: WritingChildInput = { remote: liveRemote(sessionId), operationId, path };
    const child = startChild('writing-child.fixture.ts', input);
    const { serverSideSessionId } = await child.next<WriteRuns>();
    await child.kill();

    const spark = adopted(sessionId, serverSideSessionId);
    await expect(spark.interruptOperation(operationId)).resolves.toEqual([operationId]);
    await expect(spark.reattach(operationId)).rejects.toMatchObject({ code: 'OPERATION_CANCELED' });
    await expect(deltaCommits(path)).resolves.toBe(0);
  });
});

describe('a result whose process was killed while reading', () => {
  it('is continued after the last batch it consumed: no row is missing or double', async () => {
    const sessionId = randomUUID();
    const operationId = randomUUID();
    const rows = 60_000;
    const input: ReadingChildInput = { remote: liveRemote(sessionId), operationId, rows, stopAfter: 20_000 };
    const child = startChild('reading-child.fixture.ts', input);
    const { serverSideSessionId, lastResponseId, consumedRows } = await child.next<PartConsumed>();
    await child.kill();
    expect(consumedRows).toBeLessThan(rows);

    const spark = adopted(sessionId, serverSideSessionId);
    const rest = await spark.reattach(operationId, { lastResponseId });
    expect(rest.rows.map(({ id }) => Number(id))).toEqual(
      Array.from({ length: rows - consumedRows }, (_, at) => consumedRows + at),
    );
  });
});

describe('a streaming query whose process was killed', () => {
  let spark: SparkSession;
  let started: QueryStarted;
  const name = `adopted-${randomUUID()}`;

  beforeAll(async () => {
    const sessionId = randomUUID();
    const input: StreamingChildInput = {
      remote: liveRemote(sessionId),
      path: join(folder.path, 'stream'),
      checkpoint: join(folder.path, 'stream-checkpoint'),
      name,
    };
    const child = ChildScript.start(join(__dirname, 'streaming-child.fixture.ts'), input);
    started = await child.next<QueryStarted>();
    await child.kill();
    spark = liveSession(sessionId).serverSideSessionId(started.serverSideSessionId).build();
  });

  afterAll(async () => {
    await spark.release();
    await spark.close();
  });

  it.each<[string, () => Promise<StreamingQuery | undefined>]>([
    ['by its id', () => spark.streams.get(started.id)],
    ['by its name', () => spark.streams.getByName(name)],
    ['among the active ones', async () => (await spark.streams.active())[0]],
    ['by the ids of its run', () => Promise.resolve(spark.streams.attach(started.id, started.runId))],
  ])('is found %s, and goes on', async (_, find) => {
    const query = await find();
    expect(query).toMatchObject({ id: started.id, runId: started.runId });
    await expect(query?.status()).resolves.toMatchObject({ isActive: true });
    await nextBatch(query);
  });

  it('is not seen from another session', async () => {
    const other = liveSession().build();
    sessions.push(other);
    await expect(other.streams.get(started.id)).resolves.toBeUndefined();
  });

  it('stops when it is told to, and stays stopped', async () => {
    const query = spark.streams.attach(started.id, started.runId);
    await query.stop();
    await expect(query.awaitTermination({ timeoutMs: 60_000 })).resolves.toBe(true);
    await expect(spark.streams.get(started.id)).resolves.toBeUndefined();
    await expect(query.status()).resolves.toMatchObject({ isActive: false });
    const stored = spark.read.format('delta').load(join(folder.path, 'stream'));
    const values = (await stored.select('value').collect()).map(({ value }) => Number(value));
    expect(new Set(values).size).toBe(values.length);
    expect(values.length).toBeGreaterThan(0);
  });
});

/** Resolves when the query has done a batch with rows that was not there when this was called. */
async function nextBatch(query: StreamingQuery | undefined): Promise<void> {
  const before = (await query?.lastProgress())?.batchId ?? -1;
  for (;;) {
    const progress = await query?.lastProgress();
    if (progress !== undefined && progress.batchId > before && progress.numInputRows > 0) return;
    await delay(100);
  }
}
