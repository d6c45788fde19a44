import type { CheckpointGeneration, StreamGap, StreamRegistry } from '@millrace/domain';
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
    describe('gaps and checkpoints', () => {
      describeGaps(registry);
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
      analyses: [],
      mode: 'continuous',
      queries: [],
      gaps: [],
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
      analyses: [],
      mode: 'continuous',
      queries: [aStreamQuery()],
      gaps: [],
    });
  });

  it('remembers which analyses the stream keeps, as the last start named them', async () => {
    const analyses = async () => (await registry().find('transactions'))?.analyses;
    const [both, one] = [['revenue_by_category', 'payment_analysis'], ['channel_performance']];
    await registry().requestStart('transactions', TOPIC, START_TIME, both);
    expect(await analyses()).toEqual(both);
    await registry().requestStart('transactions', TOPIC, LATER, one);
    expect(await analyses()).toEqual(both);
    await registry().requestStop('transactions');
    expect(await analyses()).toEqual(both);
    await registry().requestStart('transactions', TOPIC, LATER, one);
    expect(await analyses()).toEqual(one);
    await registry().requestStop('transactions');
    await registry().requestStart('transactions', TOPIC, LATER);
    expect(await analyses()).toEqual([]);
  });

  it('remembers whether the last start was to drain', async () => {
    const mode = async () => (await registry().find('transactions'))?.mode;
    await registry().requestStart('transactions', TOPIC, START_TIME, [], 'drain');
    expect(await mode()).toBe('drain');
    await registry().requestStop('transactions');
    expect(await mode()).toBe('drain');
    await registry().requestStart('transactions', TOPIC, LATER);
    expect(await mode()).toBe('continuous');
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
      counts: { received: 1_010, stored: 1_000, rejected: 7, duplicate: 3 },
      errorMessage: 'it failed once',
      restarts: 3,
      generation: 2,
      failure: 'DATA_LOSS',
      measures: {
        lag: { partitions: { '0': 0, '1': 12 } },
        versionsBehind: null,
        newestIngestion: '2025-01-15T10:30:00.321Z',
      },
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

const aGap = (overrides: Partial<StreamGap> = {}): StreamGap => ({
  ...{ query: 'transactions', topic: TOPIC, generation: 1, partition: 0 },
  ...{ fromOffset: 100, untilOffset: 150, reason: 'RETENTION', detectedAt: START_TIME, acceptedAt: null },
  ...overrides,
});

const aGeneration = (generation: number): CheckpointGeneration => ({
  ...{ stream: 'transactions', query: 'transactions', topic: TOPIC, generation },
  ...{ startOffsets: { '0': 150, '1': 7 }, baseCounts: { received: 107 }, startTime: LATER },
});

function describeGaps(registry: () => StreamRegistry): void {
  beforeEach(() => registry().requestStart('transactions', TOPIC, START_TIME));

  const gaps = async () => (await registry().find('transactions'))?.gaps;

  it('replaces an open gap that has grown, and keeps the time at which it was seen first', async () => {
    await registry().recordGaps('transactions', [aGap(), aGap({ partition: 1 })]);
    await registry().recordGaps('transactions', [aGap({ untilOffset: 160, detectedAt: LATER })]);
    expect(await gaps()).toEqual([aGap({ untilOffset: 160 }), aGap({ partition: 1 })]);
  });

  it('keeps a gap whose end nobody knows', async () => {
    const unknown = aGap({ untilOffset: null, reason: 'RECREATED' });
    await registry().recordGaps('transactions', [unknown]);
    expect(await gaps()).toEqual([unknown]);
  });

  it('knows no checkpoint at first, then the newest of the query on the topic', async () => {
    const key = { stream: 'transactions', query: 'transactions', topic: TOPIC };
    expect(await registry().findGeneration(key)).toBeUndefined();
    expect(await registry().beginGeneration(aGeneration(1))).toBe(true);
    expect(await registry().beginGeneration(aGeneration(2))).toBe(true);
    expect(await registry().findGeneration(key)).toEqual(aGeneration(2));
    expect(await registry().findGeneration({ ...key, topic: 'another' })).toBeUndefined();
  });

  it('accepts the open gaps of a checkpoint with the one that follows it, and no others', async () => {
    const elsewhere = [aGap({ topic: 'another' }), aGap({ query: 'another' }), aGap({ generation: 2 })];
    await registry().recordGaps('transactions', [aGap(), ...elsewhere]);
    expect(await registry().beginGeneration(aGeneration(2))).toBe(true);
    const accepted = (await gaps())?.filter(({ acceptedAt }) => acceptedAt !== null);
    expect(accepted).toEqual([aGap({ acceptedAt: LATER })]);
    expect(await gaps()).toHaveLength(4);
  });

  it('changes no gap that was accepted', async () => {
    await registry().recordGaps('transactions', [aGap()]);
    await registry().beginGeneration(aGeneration(2));
    await registry().recordGaps('transactions', [aGap({ untilOffset: 900 })]);
    expect(await gaps()).toEqual([aGap({ acceptedAt: LATER })]);
  });

  it('begins a checkpoint once, also when 10 ask for it', async () => {
    const begun = await Promise.all(
      Array.from({ length: 10 }, () => registry().beginGeneration(aGeneration(2))),
    );
    expect(begun.filter(Boolean)).toHaveLength(1);
  });

  it('refuses gaps of a stream that was never started', async () => {
    await expect(registry().recordGaps('retail', [aGap()])).rejects.toThrow();
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
