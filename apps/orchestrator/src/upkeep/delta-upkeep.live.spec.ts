import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STORED_TRANSACTION_COLUMNS, tablePaths } from '@millrace/domain';
import type { UpkeepOperation } from '@millrace/domain';
import { tableIdentifier } from '@millrace/pipelines';
import { InMemoryUpkeepRegistry, requireEndpoints } from '@millrace/testing';
import { Logger } from '@nestjs/common';
import { SparkSession } from 'spark-connect-js';
import { count, expr, lit } from 'spark-connect-js/functions';
import { someTransactions } from '../compute/compute.fixture';
import { ensureTable } from '../spark/delta-table';
import { until } from '../until.fixture';
import { DeltaUpkeep } from './delta-upkeep';
import { RunUpkeep } from './run-upkeep';
import { UpkeepQueueFixture } from './upkeep-worker.fixture';

const COMMITS = 200;
const LANES = 4;
const DAY_MS = 86_400_000;

jest.setTimeout(300_000);

let spark: SparkSession;
let folder: string;
let redis: UpkeepQueueFixture;
let registry: InMemoryUpkeepRegistry;

beforeAll(async () => {
  Logger.overrideLogger(false);
  spark = SparkSession.builder().remote(requireEndpoints().sparkConnect).build();
  folder = await mkdtemp(join(tmpdir(), 'upkeep-'));
});

beforeEach(() => {
  redis = new UpkeepQueueFixture();
  registry = new InMemoryUpkeepRegistry();
});

afterEach(() => redis.close());

afterAll(async () => {
  await spark.stop();
  await rm(folder, { recursive: true, force: true });
});

const pathsOf = (base: string) => tablePaths(join(folder, base));

/** As a process that has just started makes it. */
const runUpkeep = (base: string, session = spark) =>
  new RunUpkeep(
    registry,
    new DeltaUpkeep({ require: () => session }, pathsOf(base), { vacuumRetainHours: 168 }),
  );

/** Asks for an operation, and gives the run that carried it out. */
async function carryOut(operation: UpkeepOperation) {
  const { jobId } = await redis.requests.request({ table: 'transactions', operation });
  await until(async () => ['completed', 'failed'].includes(await redis.queue.getJobState(jobId)), 200_000);
  const run = (await registry.list('transactions', 100)).find((known) => known.jobId === jobId);
  if (run === undefined) throw new Error('Nothing was recorded');
  return run;
}

/** One small commit, as a micro-batch makes it: rows of three days, one file of each. */
async function append(path: string): Promise<void> {
  await someTransactions(spark, 30)
    .filter(expr('day(event_date) <= 3'))
    .coalesce(1)
    .write.format('delta')
    .mode('append')
    .partitionBy('event_date')
    .save(path);
}

const detail = async (path: string) => {
  const [row] = await (await spark.sql(`DESCRIBE DETAIL ${tableIdentifier(path)}`)).collect();
  return { files: Number(row?.['numFiles']) };
};

const versionOf = async (path: string) => {
  const [row] = await (await spark.sql(`DESCRIBE HISTORY ${tableIdentifier(path)} LIMIT 1`)).collect();
  return Number(row?.['version']);
};

async function factsAt(path: string, version: number) {
  const [facts] = await spark.read
    .format('delta')
    .option('versionAsOf', String(version))
    .load(path)
    .agg(count(lit(1)).alias('rows'), expr('sum(total_amount)').alias('total'))
    .collect();
  return facts;
}

async function transactionsTable(base: string): Promise<string> {
  const path = pathsOf(base).transactions;
  await ensureTable(spark, { path, columns: STORED_TRANSACTION_COLUMNS, partitionBy: ['event_date'] });
  return path;
}

/** A file in the table's folder that no version knows, so many days old. */
async function anOrphan(path: string, days: number): Promise<string> {
  await mkdir(join(path, 'event_date=2025-01-01'), { recursive: true });
  const file = join(path, 'event_date=2025-01-01', `part-orphan-${days}.parquet`);
  await writeFile(file, 'x');
  const written = new Date(Date.now() - days * DAY_MS);
  await utimes(file, written, written);
  return file;
}

const isThere = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  );

describe('upkeep beside a writer and a reader', () => {
  it('bounds the files of hundreds of small commits, and disturbs neither', async () => {
    const path = await transactionsTable('busy');
    let commits = 0;
    const lane = async (isOver: () => boolean) => {
      for (; !isOver(); commits += 1) await append(path);
    };
    await Promise.all(Array.from({ length: LANES }, () => lane(() => commits >= COMMITS)));
    expect((await detail(path)).files).toBeGreaterThanOrEqual(3 * COMMITS);

    const pinned = await versionOf(path);
    const facts = await factsAt(path, pinned);
    redis.worker(runUpkeep('busy'));
    const state = { isOver: false };
    const writing = lane(() => state.isOver);
    const seen: unknown[] = [];
    const reading = (async () => {
      while (!state.isOver) seen.push(await factsAt(path, pinned));
    })();
    const before = commits;
    const done = [await carryOut('optimize'), await carryOut('zorder'), await carryOut('vacuum')];
    state.isOver = true;
    await Promise.all([writing, reading]);

    expect(done.map(({ status, errorMessage }) => [status, errorMessage])).toEqual([
      ['COMPLETED', null],
      ['COMPLETED', null],
      ['COMPLETED', null],
    ]);
    const [optimized, , vacuumed] = done.map(({ metrics }) => metrics ?? {});
    expect(optimized).toMatchObject({ filesAdded: 3, partitions: 3 });
    expect(optimized?.['filesRemoved']).toBeGreaterThanOrEqual(3 * COMMITS);
    expect(optimized?.['bytesRemoved']).toBeGreaterThan(Number(optimized?.['bytesAdded']));
    expect(vacuumed).toMatchObject({ filesRemoved: 0 });
    expect(commits).toBeGreaterThan(before);
    expect((await detail(path)).files).toBeLessThanOrEqual(3 + 3 * (commits - before + LANES));

    expect(seen.length).toBeGreaterThan(0);
    for (const each of [...seen, await factsAt(path, pinned)]) expect(each).toEqual(facts);
    const newest = await factsAt(path, await versionOf(path));
    expect(newest?.['rows']).toBe(BigInt(commits * 9));
  });

  it('is interrupted when the process ends, and done by the next', async () => {
    const path = await transactionsTable('drained');
    await Promise.all(Array.from({ length: 12 }, () => append(path)));
    const ending = runUpkeep('drained');
    const worker = redis.worker(ending);
    const { jobId } = await redis.requests.request({ table: 'transactions', operation: 'zorder' });
    await until(async () => (await registry.running())[0]?.operationId != null);
    await worker.pause(true);
    await ending.drain();
    await until(async () => (await redis.queue.getJobState(jobId)) === 'delayed');
    expect(await registry.list('transactions', 1)).toMatchObject([{ status: 'FAILED', executions: 1 }]);
    // An interrupt that comes after the last job of Spark keeps no commit from being made.
    expect([36, 3]).toContain((await detail(path)).files);
    redis.worker(runUpkeep('drained'));
    await until(async () => (await redis.queue.getJobState(jobId)) === 'completed', 100_000);
    expect((await detail(path)).files).toBe(3);
  });
});

describe('VACUUM', () => {
  it('deletes what no version of the last week needs, and nothing else', async () => {
    const path = await transactionsTable('week');
    await append(path);
    const [young, old] = [await anOrphan(path, 6), await anOrphan(path, 8)];
    redis.worker(runUpkeep('week'));
    expect(await carryOut('vacuum')).toMatchObject({
      status: 'COMPLETED',
      metrics: { filesRemoved: 1, bytesRemoved: 1 },
    });
    expect([await isThere(young), await isThere(old)]).toEqual([true, false]);
    expect((await readdir(path)).length).toBeGreaterThan(1);
  });

  it('keeps files as long as the table itself says, where that is longer', async () => {
    const path = await transactionsTable('month');
    await spark.sql(
      `ALTER TABLE ${tableIdentifier(path)} SET TBLPROPERTIES ('delta.deletedFileRetentionDuration' = 'interval 30 days')`,
    );
    const [young, old] = [await anOrphan(path, 8), await anOrphan(path, 31)];
    redis.worker(runUpkeep('month'));
    expect(await carryOut('vacuum')).toMatchObject({ status: 'COMPLETED', metrics: { filesRemoved: 1 } });
    expect([await isThere(young), await isThere(old)]).toEqual([true, false]);
  });

  it('makes a table keep its files for a week that says less', async () => {
    const path = await transactionsTable('short');
    await spark.sql(
      `ALTER TABLE ${tableIdentifier(path)} SET TBLPROPERTIES ('delta.deletedFileRetentionDuration' = 'interval 1 hours')`,
    );
    const [young, old] = [await anOrphan(path, 6), await anOrphan(path, 8)];
    redis.worker(runUpkeep('short'));
    expect(await carryOut('vacuum')).toMatchObject({ status: 'COMPLETED', metrics: { filesRemoved: 1 } });
    expect([await isThere(young), await isThere(old)]).toEqual([true, false]);
  });

  it('is never run without the check of the retention', async () => {
    const path = await transactionsTable('unsafe');
    const orphan = await anOrphan(path, 8);
    const careless = SparkSession.builder().remote(requireEndpoints().sparkConnect).build();
    await careless.conf.set('spark.databricks.delta.retentionDurationCheck.enabled', false);
    redis.worker(runUpkeep('unsafe', careless));
    const run = await carryOut('vacuum');
    expect(run).toMatchObject({ status: 'FAILED', executions: 0 });
    expect(run.errorMessage).toContain('spark.databricks.delta.retentionDurationCheck.enabled');
    expect(await isThere(orphan)).toBe(true);
    await careless.stop();
  });
});

it('skips a table that is not there yet, and says so', async () => {
  redis.worker(runUpkeep('nothing'));
  for (const operation of ['optimize', 'zorder', 'vacuum'] as const) {
    expect(await carryOut(operation)).toMatchObject({
      status: 'SKIPPED',
      errorMessage: 'There is no table transactions yet',
    });
  }
});
