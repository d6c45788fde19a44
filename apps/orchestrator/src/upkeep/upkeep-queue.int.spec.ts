import { migrate, openRegistry } from '@millrace/registry';
import type { Registry } from '@millrace/registry';
import { freshDatabase } from '@millrace/registry/testing';
import { Logger } from '@nestjs/common';
import { ConnectionUnavailableError } from 'spark-connect-js';
import { until } from '../until.fixture';
import { RunUpkeep } from './run-upkeep';
import { METRICS, ScriptedTables } from './upkeep.fixture';
import { upkeepSchedules } from './upkeep-queue';
import { UpkeepSchedules } from './upkeep-schedules';
import { UpkeepQueueFixture } from './upkeep-worker.fixture';

const PATTERNS = { optimize: '0 */6 * * *', zorder: '30 2 * * 0', vacuum: '30 3 * * *' };
const OPTIMIZE = { table: 'transactions', operation: 'optimize' } as const;
const HOUR_MS = 3_600_000;
/** Schedules: an operation of a table each. Only one table is sorted. */
const ALL = upkeepSchedules(PATTERNS).length;

let database: Awaited<ReturnType<typeof freshDatabase>>;
let registry: Registry;
let redis: UpkeepQueueFixture;

beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await freshDatabase();
  await migrate(database.url);
  registry = openRegistry({ databaseUrl: database.url, maxConnections: 3, applicationName: 'upkeep-spec' });
});

beforeEach(async () => {
  await database.query('TRUNCATE table_upkeep');
  redis = new UpkeepQueueFixture();
});

afterEach(() => redis.close());

afterAll(async () => {
  await registry.close();
  await database.drop();
});

const schedules = (patterns: typeof PATTERNS = PATTERNS) =>
  new UpkeepSchedules(redis.queue, upkeepSchedules(patterns));

async function nextTimes(): Promise<Record<string, Date>> {
  const found = await redis.queue.getJobSchedulers();
  return Object.fromEntries(found.map(({ key, next }) => [key, new Date(next ?? 0)]));
}

/** The job that waits for its time. */
async function nextJob(name: string) {
  const [job] = (await redis.queue.getDelayed()).filter((delayed) => delayed.name === name);
  if (job === undefined) throw new Error(`No job of ${name} waits`);
  return job;
}

const runUpkeep = (tables: ScriptedTables) =>
  new RunUpkeep(registry.upkeep, tables, { conflictPauseMs: 0, longestRunMs: 60_000 });
const runs = () => registry.upkeep.list('transactions', 10);
const stateOf = (jobId: string) => redis.queue.getJobState(jobId);

describe('the schedules in Redis', () => {
  it('come at the times of the settings, in UTC', async () => {
    await schedules().round();
    const times = await nextTimes();
    expect(Object.keys(times)).toHaveLength(ALL);
    for (const [name, time] of Object.entries(times)) {
      expect(time.getTime()).toBeGreaterThan(Date.now());
      const hourAndMinute = [time.getUTCHours(), time.getUTCMinutes()];
      if (name.endsWith('vacuum')) expect(hourAndMinute).toEqual([3, 30]);
      if (name.endsWith('zorder')) expect([...hourAndMinute, time.getUTCDay()]).toEqual([2, 30, 0]);
      if (name.endsWith('optimize')) {
        expect([(hourAndMinute[0] ?? 1) % 6, hourAndMinute[1]]).toEqual([0, 0]);
        expect(time.getTime() - Date.now()).toBeLessThanOrEqual(6 * HOUR_MS);
      }
    }
    expect((await nextJob('transactions-optimize')).data).toEqual(OPTIMIZE);
  });

  it('are the same however often and by however many they are set', async () => {
    await schedules().round();
    const before = await nextTimes();
    await Promise.all([schedules().round(), schedules().round(), schedules().round()]);
    expect(await nextTimes()).toEqual(before);
    expect(await redis.queue.getDelayedCount()).toBe(ALL);
  });

  it('follow the settings when they change, and go when they are off', async () => {
    await schedules().round();
    await schedules({ ...PATTERNS, vacuum: '15 4 * * *', zorder: 'off' }).round();
    const times = await nextTimes();
    expect(Object.keys(times)).toHaveLength(ALL - 1);
    expect(times['rejects-vacuum']?.getUTCHours()).toBe(4);
    expect(await redis.queue.getDelayedCount()).toBe(ALL - 1);
  });

  it('come back when Redis has lost them, or somebody has deleted a job', async () => {
    await schedules().round();
    await redis.forget();
    await schedules().round();
    expect(await redis.queue.getDelayedCount()).toBe(ALL);
    await redis.queue.removeJobScheduler('transactions-vacuum');
    await schedules().round();
    expect(await redis.queue.getDelayedCount()).toBe(ALL);
  });

  it('do not pass over what became due while nobody was there', async () => {
    await schedules().round();
    const due = await nextJob('transactions-optimize');
    await due.promote();
    await schedules().round();
    expect(await stateOf(due.id ?? '')).toBe('waiting');
  });
});

describe('the worker', () => {
  it('carries out what is due, records it, and waits for the next time', async () => {
    await schedules().round();
    const due = await nextJob('transactions-optimize');
    await due.promote();
    const tables = new ScriptedTables();
    redis.worker(runUpkeep(tables));
    await until(async () => (await stateOf(due.id ?? '')) === 'completed');
    expect(tables.done).toEqual(['transactions-optimize']);
    expect(await runs()).toMatchObject([
      { jobId: due.id, operation: 'optimize', status: 'COMPLETED', metrics: METRICS, executions: 1 },
    ]);
    expect((await nextJob('transactions-optimize')).id).not.toBe(due.id);
  });

  it('does one thing at a time', async () => {
    const tables = new ScriptedTables();
    let running = 0;
    let most = 0;
    for (let times = 0; times < 3; times += 1) {
      tables.scripts.push(async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return METRICS;
      });
    }
    const jobs = [];
    for (const table of ['transactions', 'rejects', 'stream_aggregations'] as const) {
      jobs.push(await redis.requests.request({ table, operation: 'vacuum' }));
    }
    redis.worker(runUpkeep(tables));
    for (const { jobId } of jobs) await until(async () => (await stateOf(jobId)) === 'completed');
    expect([most, tables.done.length]).toEqual([1, 3]);
  });

  it('is asked for the same only once at a time', async () => {
    const first = await redis.requests.request(OPTIMIZE);
    expect(await redis.requests.request(OPTIMIZE)).toEqual(first);
    expect(await redis.requests.request({ ...OPTIMIZE, operation: 'vacuum' })).not.toEqual(first);
    const tables = new ScriptedTables();
    redis.worker(runUpkeep(tables));
    await until(async () => (await stateOf(first.jobId)) === 'completed');
    const second = await redis.requests.request(OPTIMIZE);
    expect(second).not.toEqual(first);
    await until(async () => (await stateOf(second.jobId)) === 'completed');
    expect(tables.done.filter((what) => what === 'transactions-optimize')).toHaveLength(2);
  });

  it('is asked by ids that no job had before, also where Redis has lost its data', async () => {
    const first = await redis.requests.request(OPTIMIZE);
    await redis.forget();
    expect(await redis.requests.request(OPTIMIZE)).not.toEqual(first);
  });

  it('shows a failure in the queue, and the next time comes all the same', async () => {
    await schedules().round();
    const due = await nextJob('transactions-optimize');
    await due.promote();
    const tables = new ScriptedTables();
    tables.scripts.push(() => Promise.reject(new Error('[DISK_FULL] no room')));
    redis.worker(runUpkeep(tables));
    await until(async () => (await stateOf(due.id ?? '')) === 'failed');
    expect((await redis.queue.getJob(due.id ?? ''))?.failedReason).toBe('[DISK_FULL] no room');
    expect(await runs()).toMatchObject([{ status: 'FAILED', errorMessage: '[DISK_FULL] no room' }]);
    await nextJob('transactions-optimize');
  });

  it('leaves a job for later when Spark is lost under it', async () => {
    const tables = new ScriptedTables();
    tables.scripts.push(() => Promise.reject(new ConnectionUnavailableError('Spark is away')));
    const { jobId } = await redis.requests.request(OPTIMIZE);
    redis.worker(runUpkeep(tables));
    await until(async () => (await stateOf(jobId)) === 'delayed');
    expect(await runs()).toMatchObject([{ status: 'FAILED', errorMessage: 'Spark is away' }]);
    await (await redis.queue.getJob(jobId))?.promote();
    await until(async () => (await stateOf(jobId)) === 'completed');
    expect(await runs()).toMatchObject([
      { jobId, status: 'COMPLETED' },
      { jobId, status: 'FAILED' },
    ]);
  });

  it('interrupts at the end of the process, and the next one does it again', async () => {
    const tables = new ScriptedTables();
    const started = tables.whenStarted();
    const { jobId } = await redis.requests.request(OPTIMIZE);
    const ending = runUpkeep(tables);
    const worker = redis.worker(ending);
    await started;
    await worker.pause(true);
    await ending.drain();
    await until(async () => (await stateOf(jobId)) === 'delayed');
    expect(await runs()).toMatchObject([
      { status: 'FAILED', errorMessage: expect.stringContaining('Interrupted') as string },
    ]);
    redis.worker(runUpkeep(tables));
    await until(async () => (await stateOf(jobId)) === 'completed');
  });

  it('takes over from a process that died, and stops in Spark what that one had sent', async () => {
    const lock = { lockDuration: 1_000, stalledInterval: 200, maxStalledCount: 10 };
    const tables = new ScriptedTables();
    const started = tables.whenStarted();
    await schedules().round();
    const due = await nextJob('transactions-zorder');
    await due.promote();
    const dead = redis.worker(runUpkeep(tables), lock);
    await started;
    const [left] = await registry.upkeep.running();
    await dead.close(true);
    redis.worker(runUpkeep(tables), lock);
    await until(async () => (await stateOf(due.id ?? '')) === 'completed');
    expect(tables.stopped).toEqual([left?.operationId]);
    expect(await runs()).toMatchObject([
      { jobId: due.id, status: 'COMPLETED' },
      { jobId: due.id, status: 'FAILED', errorMessage: expect.stringContaining('ended before') as string },
    ]);
    expect(await redis.queue.getDelayedCount()).toBe(ALL);
  });
});
