import { rm, writeFile } from 'node:fs/promises';
import { gapId } from '@millrace/domain';
import type { StreamQueryRecord } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import { until } from '../until.fixture';
import { anEvent, someEvents, SupervisedStream } from './supervised-stream.fixture';
import type { SupervisedSettings } from './supervised-stream.fixture';

jest.setTimeout(300_000);

let stream: SupervisedStream;

beforeAll(() => {
  // Failures are what these specs are about.
  Logger.overrideLogger(false);
});

afterEach(() => stream.close());

const open = async (settings?: SupervisedSettings): Promise<SupervisedStream> => {
  stream = await SupervisedStream.open(settings);
  return stream;
};

const request = (mode: 'continuous' | 'drain' = 'continuous') => ({
  topic: stream.topic,
  analyses: [],
  mode,
});

const counted = (query: StreamQueryRecord, name: string): number => query.counts?.[name] ?? 0;
const lagOf = ({ measures }: StreamQueryRecord): number | undefined => {
  const partitions = measures?.lag?.partitions ?? null;
  return partitions === null ? undefined : Object.values(partitions).reduce((sum, lag) => sum + lag, 0);
};
const ageMs = ({ measures }: StreamQueryRecord): number =>
  Date.now() - Date.parse(measures?.newestIngestion ?? '1970-01-01T00:00:00Z');

describe('a stream that runs', () => {
  it('shows how far it is behind its topic and table, and how fresh what is readable is', async () => {
    // So many micro-batches that looks at the query fall between them.
    await open({ maxOffsetsPerTrigger: 25 });
    await stream.produce(someEvents(1_000));
    const before = Date.now();
    await stream.supervisor.start(request());
    const behind = await stream.untilQuery('transactions', (query) => (lagOf(query) ?? 0) > 0);
    expect(lagOf(behind)).toBeLessThanOrEqual(1_000);
    const done = await stream.untilQuery(
      'transactions',
      (query) => lagOf(query) === 0 && counted(query, 'offered') === 1_000,
    );
    expect(done.measures).toMatchObject({ lag: { partitions: { '0': 0, '1': 0 } }, versionsBehind: null });
    // They were sent before the start, and what is readable is as old as that.
    expect(ageMs(done)).toBeGreaterThanOrEqual(Date.now() - before);
    const sentAt = Date.now();
    await stream.produce([anEvent()]);
    await stream.untilQuery('transactions', (query) => ageMs(query) <= Date.now() - sentAt);
    const windows = await stream.untilQuery(
      'realtime_dashboard',
      ({ measures }) => measures?.versionsBehind === 0 && measures.newestIngestion !== null,
    );
    expect(windows.measures?.lag).toBeNull();
  });

  it('is refused on a topic that Kafka does not have, and leaves nothing behind', async () => {
    await open();
    const start = stream.supervisor.start({ ...request(), topic: `${stream.topic}-nowhere` });
    await expect(start).rejects.toMatchObject({ code: 'INVALID_REQUEST', details: [{ path: 'topic' }] });
    expect(await stream.registry.list()).toEqual([]);
  });
});

describe('a stream whose events get new fields', () => {
  it('starts the windows again at once for each, though no failure is allowed', async () => {
    await open({ mostFailures: 1 });
    await stream.produce(someEvents(10));
    await stream.supervisor.start(request());
    const sums = () => stream.valueOf(stream.paths.aggregations, 'coalesce(sum(txn_count), 0)');
    for (const [round, field] of ['loyalty_tier', 'voucher'].entries()) {
      const memberships = 50 * (round + 1);
      await until(async () => (await sums()) === memberships, 120_000);
      await stream.produce(Array.from({ length: 10 }, () => anEvent({ fields: { [field]: 'gold' } })));
      await until(async () => (await sums()) === memberships + 50, 120_000);
      const windows = await stream.untilQuery('realtime_dashboard', ({ restarts }) => restarts === round + 1);
      expect(windows).toMatchObject({ isActive: true, failure: null, errorMessage: null });
    }
    expect(await stream.query('transactions')).toMatchObject({ isActive: true, restarts: 0, failure: null });
    const { transactions } = stream.paths;
    expect(await stream.valueOf(transactions, "count_if(loyalty_tier = 'gold')")).toBe(10);
    expect(await stream.valueOf(transactions, "count_if(voucher = 'gold')")).toBe(10);
    expect(await stream.valueOf(transactions, 'count(*)')).toBe(30);
  });
});

describe('a stream that drains', () => {
  it('processes what is there in all of its queries, and stops by itself', async () => {
    await open();
    await stream.produce([...someEvents(300), 'no event'], 0);
    await stream.produce(someEvents(200), 1);
    await stream.supervisor.start(request('drain'));
    await stream.untilStopped();
    const events = await stream.query('transactions');
    expect(events?.counts).toEqual({
      ...{ offered: 501, received: 501, stored: 500, rejected: 1, duplicate: 0 },
    });
    const { queries } = await stream.record();
    expect(queries.map(({ isActive, statusMessage }) => [isActive, statusMessage])).toEqual([
      [false, 'Drained'],
      [false, 'Drained'],
    ]);
    // Each event is in five windows.
    expect(await stream.valueOf(stream.paths.aggregations, 'sum(txn_count)')).toBe(2_500);

    await stream.produce(someEvents(10));
    expect((await stream.query('transactions'))?.counts).toMatchObject({ stored: 500 });
    await stream.supervisor.start(request('drain'));
    const windows = await stream.query('realtime_dashboard');
    expect(windows).toMatchObject({ isActive: false, statusMessage: 'Waits until the events are stored' });
    await stream.untilStopped();
    expect((await stream.record()).queries.map(({ restarts }) => restarts)).toEqual([0, 0]);
    expect((await stream.query('transactions'))?.counts).toMatchObject({ offered: 511, stored: 510 });
    expect(await stream.valueOf(stream.paths.aggregations, 'sum(txn_count)')).toBe(2_550);
  });
});

describe('windows in another output mode', () => {
  const passed = 'count_if(final)';
  const counted = 'sum(txn_count)';

  /** Three events whose windows the watermark has passed, and two of which it has not. */
  const drainFive = async (): Promise<void> => {
    const old = Array.from({ length: 3 }, () => anEvent({ minutes: 40 }));
    await stream.produce([...old, ...someEvents(2)]);
    await stream.supervisor.start(request('drain'));
    await stream.untilStopped();
  };
  const valueOf = (expression: string) => stream.valueOf(stream.paths.aggregations, expression);

  it('append: come once, when they are final', async () => {
    await open({ windowOutputMode: 'append' });
    await drainFive();
    expect(await valueOf(counted)).toBe(15);
    expect(await valueOf(passed)).toBe(await valueOf('count(*)'));
  });

  it('complete: are all there, and say which are final; the mode cannot be changed behind their back', async () => {
    await open({ windowOutputMode: 'complete' });
    await drainFive();
    expect(await valueOf(counted)).toBe(25);
    expect(await valueOf('sum(if(final, txn_count, 0))')).toBe(15);

    await stream.restartAfter(() => Promise.resolve(), { windowOutputMode: 'append' });
    const checkpoint = stream.paths.checkpoint('realtime_dashboard', 'transactions');
    for (const mode of ['continuous', 'drain'] as const) {
      const start = stream.supervisor.start(request(mode));
      await expect(start).rejects.toMatchObject({
        code: 'CONFLICT',
        message:
          'The windows were begun in output mode complete, and STREAM_WINDOW_OUTPUT_MODE is append: set it to complete, ' +
          `or delete ${checkpoint} and ${stream.paths.aggregations}, and the windows are made anew`,
      });
    }
    expect((await stream.record()).desired).toBe('STOPPED');

    for (const folder of [checkpoint, stream.paths.aggregations]) await rm(folder, { recursive: true });
    await stream.supervisor.start(request('drain'));
    await stream.untilStopped();
    expect(await valueOf(counted)).toBe(15);
  });

  it('of another mode are not taken up while Spark still makes them', async () => {
    await open({ windowOutputMode: 'complete', isWatched: false, mostFailures: 1 });
    await stream.produce(someEvents(2));
    await stream.supervisor.start(request());
    await until(async () => (await valueOf(counted)) === 10, 60_000);

    stream.replaceSupervisor({ windowOutputMode: 'append' });
    const query = await stream.untilQuery('realtime_dashboard', ({ failure }) => failure !== null);
    expect(query.errorMessage).toContain('The windows were begun in output mode complete');
    expect((await stream.query('transactions'))?.isActive).toBe(true);
  });
});

describe('a stream whose messages are gone before it has read them', () => {
  it('fails at once, goes on behind the gap that is named, and stores no event twice', async () => {
    await open();
    const known = anEvent();
    await stream.produce([...someEvents(99), known]);
    await stream.supervisor.start(request());
    await stream.untilQuery('transactions', (query) => counted(query, 'stored') === 100);

    await stream.restartAfter(async () => {
      await stream.produce([...someEvents(50), known]);
      await stream.deleteRecordsBefore(130);
    });
    const failed = await stream.untilQuery('transactions', ({ failure }) => failure !== null);
    expect(failed).toMatchObject({ failure: 'DATA_LOSS', isActive: false });
    const id = `${stream.topic}/0/100-130`;
    expect(failed.errorMessage).toContain(id);
    const gap = { partition: 0, fromOffset: 100, untilOffset: 130, reason: 'RETENTION', generation: 1 };
    expect((await stream.record()).gaps).toMatchObject([{ ...gap, acceptedAt: null }]);
    await until(() => stream.supervisor.warnings.length > 0);
    expect(stream.supervisor.warnings).toEqual([expect.stringContaining('transactions')]);

    await expect(stream.supervisor.start(request())).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(id) as unknown,
    });
    for (const named of [[`${stream.topic}/0/100-129`], [id, `${stream.topic}/1/0-1`]]) {
      await expect(stream.supervisor.continueBehind(named)).rejects.toMatchObject({ code: 'CONFLICT' });
    }
    const { accepted } = await stream.supervisor.continueBehind([id]);
    expect(accepted).toEqual([id]);

    const after = await stream.untilQuery('transactions', (query) => counted(query, 'offered') === 121);
    expect(after.counts).toEqual({ offered: 121, received: 121, stored: 120, rejected: 0, duplicate: 1 });
    expect(after).toMatchObject({ generation: 2, failure: null, isActive: true });
    expect(await stream.valueOf(stream.paths.transactions, 'count(*)')).toBe(120);
    expect(await stream.valueOf(stream.paths.transactions, 'count(DISTINCT transaction_id)')).toBe(120);
    const { gaps } = await stream.record();
    expect(gaps).toMatchObject([gap]);
    expect(gaps[0]?.acceptedAt).toBeInstanceOf(Date);
    await expect(stream.supervisor.continueBehind([id])).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('does not start on a topic that was made again, and reads all of it after that is accepted', async () => {
    await open();
    await stream.produce(someEvents(60), 0);
    await stream.produce(someEvents(5), 1);
    await stream.supervisor.start(request());
    await stream.untilQuery('transactions', (query) => counted(query, 'stored') === 65);
    await stream.supervisor.stop();
    await stream.deleteTopic();
    await stream.createTopic();
    await stream.produce(someEvents(20), 0);
    await stream.produce(someEvents(30), 1);

    await expect(stream.supervisor.start(request())).rejects.toMatchObject({ code: 'CONFLICT' });
    const { gaps, desired } = await stream.record();
    expect(desired).toBe('STOPPED');
    expect(gaps.map(gapId)).toEqual([`${stream.topic}/0/60-unknown`, `${stream.topic}/1/5-unknown`]);
    expect(await stream.supervisor.continueBehind(gaps.map(gapId))).toMatchObject({ queryIds: [] });
    await stream.supervisor.start(request());
    const after = await stream.untilQuery('transactions', (query) => counted(query, 'offered') === 115);
    expect(after.counts).toMatchObject({ received: 115, stored: 115 });
  });
});

describe('a query that fails again and again', () => {
  it('is given up after so many failures, and started again by hand', async () => {
    await open({
      mostFailures: 2,
      changePaths: (paths) => ({ ...paths, rejects: `${paths.rejects}-blocked/rejects` }),
    });
    const obstacle = `${stream.paths.rejects}-blocked`;
    await writeFile(obstacle, 'no folder');
    await stream.produce(someEvents(3));
    await stream.supervisor.start(request());
    const failed = await stream.untilQuery('transactions', ({ failure }) => failure !== null);
    expect(failed).toMatchObject({ failure: 'RESTART_LIMIT', restarts: 1, isActive: false });
    expect(failed.errorMessage).toBeTruthy();
    expect((await stream.record()).desired).toBe('RUNNING');

    await rm(obstacle);
    const { queryIds } = await stream.supervisor.start(request());
    expect(queryIds).toHaveLength(2);
    await stream.untilQuery('transactions', (query) => counted(query, 'stored') === 3);
    await expect(stream.supervisor.start(request())).rejects.toMatchObject({
      code: 'STREAM_ALREADY_RUNNING',
    });
  });
});
