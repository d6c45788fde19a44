import type { StreamRegistry } from '@millrace/domain';
import { aStreamQuery } from '../builders/stream';
import { openedForEachTest } from './opened';
import type { Opened } from './opened';

const START_TIME = new Date('2025-01-15T10:30:00.321Z');
const LATER = new Date('2025-01-15T11:00:00.654Z');
const TOPIC = 'transactions-stream';

/**
 * What every implementation of StreamRegistry must do. Call it at the top of a spec.
 * @param open gives an empty registry.
 */
export function describeStreamRegistry(name: string, open: () => Promise<Opened<StreamRegistry>>): void {
  describe(`${name} as a stream registry`, () => {
    const registry = openedForEachTest(open);
    describe('starting and stopping', () => {
      describeStarts(registry);
    });
    describe('queries', () => {
      describeQueries(registry);
    });
    describe('the Spark session', () => {
      describeSession(registry);
    });
  });
}

function describeStarts(registry: () => StreamRegistry): void {
  it('knows no stream at first', async () => {
    expect(await registry().list()).toEqual([]);
    expect(await registry().find('transactions')).toBeUndefined();
    expect(await registry().requestStop('transactions')).toBe(false);
  });

  it('starts a stream once', async () => {
    expect(await registry().requestStart('transactions', TOPIC, START_TIME)).toBe(true);
    expect(await registry().requestStart('transactions', 'another', LATER)).toBe(false);
    const stream = {
      name: 'transactions',
      desired: 'RUNNING',
      topic: TOPIC,
      startTime: START_TIME,
      queries: [],
    };
    expect(await registry().find('transactions')).toEqual(stream);
    expect(await registry().list()).toEqual([stream]);
  });

  it('stops a stream once and starts it again with its queries kept', async () => {
    await registry().requestStart('transactions', TOPIC, START_TIME);
    await registry().saveQuery('transactions', aStreamQuery());
    expect(await registry().requestStop('transactions')).toBe(true);
    expect(await registry().requestStop('transactions')).toBe(false);
    expect(await registry().find('transactions')).toMatchObject({ desired: 'STOPPED', topic: TOPIC });
    expect(await registry().requestStart('transactions', 'another', LATER)).toBe(true);
    expect(await registry().find('transactions')).toEqual({
      name: 'transactions',
      desired: 'RUNNING',
      topic: 'another',
      startTime: LATER,
      queries: [aStreamQuery()],
    });
  });

  it('lets one of 20 parallel starts win, and one of 20 parallel stops', async () => {
    const twenty = Array.from({ length: 20 }, (_, index) => index);
    const starts = await Promise.all(
      twenty.map((index) => registry().requestStart('transactions', `topic-${index}`, START_TIME)),
    );
    expect(starts.filter(Boolean)).toHaveLength(1);
    expect((await registry().find('transactions'))?.topic).toBe(`topic-${starts.indexOf(true)}`);
    const stops = await Promise.all(twenty.map(() => registry().requestStop('transactions')));
    expect(stops.filter(Boolean)).toHaveLength(1);
  });

  it('keeps streams apart and lists them by name', async () => {
    for (const name of ['retail', 'clickstream', 'transactions']) {
      await registry().requestStart(name, `${name}-stream`, START_TIME);
    }
    await registry().requestStop('retail');
    const states = (await registry().list()).map(({ name, desired }) => [name, desired]);
    expect(states).toEqual([
      ['clickstream', 'RUNNING'],
      ['retail', 'STOPPED'],
      ['transactions', 'RUNNING'],
    ]);
  });
}

function describeQueries(registry: () => StreamRegistry): void {
  beforeEach(() => registry().requestStart('transactions', TOPIC, START_TIME));

  const queries = async () => (await registry().find('transactions'))?.queries;

  it('keeps a query whole, with the progress as Spark reported it', async () => {
    const progress = {
      batchId: 7,
      sources: [{ endOffset: { t: { '0': 12 } }, rate: 0.5, latest: null }],
      ok: true,
    };
    const query = aStreamQuery({
      statusMessage: 'Waiting for data to arrive',
      lastProgress: progress,
      recentProgress: [progress, null, 'text', 1.5],
      errorMessage: 'it failed once',
      restarts: 3,
    });
    await registry().saveQuery('transactions', query);
    expect(await queries()).toEqual([query]);
    expect((await registry().list()).flatMap((stream) => stream.queries)).toEqual([query]);
  });

  it('replaces the query of the same name', async () => {
    await registry().saveQuery('transactions', aStreamQuery({ lastProgress: { batchId: 1 } }));
    const stopped = aStreamQuery({
      isActive: false,
      runId: 'another',
      lastProgress: null,
      updateTime: LATER,
    });
    await registry().saveQuery('transactions', stopped);
    expect(await queries()).toEqual([stopped]);
  });

  it('lists the queries of a stream by name', async () => {
    for (const name of ['transactions', 'realtime_dashboard']) {
      await registry().saveQuery('transactions', aStreamQuery({ name }));
    }
    expect((await queries())?.map(({ name }) => name)).toEqual(['realtime_dashboard', 'transactions']);
  });

  it('takes parallel reports of one query', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, restarts) =>
        registry().saveQuery('transactions', aStreamQuery({ restarts })),
      ),
    );
    expect(await queries()).toHaveLength(1);
  });

  it('refuses a query of a stream that was never started', async () => {
    await expect(registry().saveQuery('retail', aStreamQuery())).rejects.toThrow();
    expect(await registry().find('retail')).toBeUndefined();
  });
}

function describeSession(registry: () => StreamRegistry): void {
  it('has none at first', async () => {
    expect(await registry().loadSession()).toBeUndefined();
  });

  it('keeps the last one that was saved', async () => {
    const first = { userId: 'millrace', sessionId: 'session-1', serverSideSessionId: null };
    await registry().saveSession(first);
    expect(await registry().loadSession()).toEqual(first);
    const second = { userId: 'millrace', sessionId: 'session-2', serverSideSessionId: 'server-1' };
    await registry().saveSession(second);
    expect(await registry().loadSession()).toEqual(second);
  });
}
