import { ANALYSES } from '@millrace/domain';
import type { AnalysisName, BatchRecord, ColumnType } from '@millrace/domain';
import { freshDatabase } from '@millrace/registry/testing';
import type { FreshDatabase } from '@millrace/registry/testing';
import type { Column, DataFrame } from 'spark-connect-js';
import { expr, lit } from 'spark-connect-js/functions';
import { ComputeFixture, aRun, someTransactions } from './compute.fixture';
import type { ComputeBatch } from './compute-batch';
import { PostgresSink } from './postgres-sink';

const schema = 'batch_results';
let fixture: ComputeFixture;
let database: FreshDatabase;
let compute: ComputeBatch;

beforeAll(async () => {
  database = await freshDatabase();
  fixture = await ComputeFixture.open();
  await someTransactions(fixture.spark, 60).write.format('delta').save(fixture.paths.transactions);
  const { hostname: host, port, pathname, username: user, password } = new URL(database.url);
  const address = { host, port: Number(port), database: pathname.slice(1), ssl: false, user, password };
  compute = fixture.compute({ sinks: { jdbc: new PostgresSink({ ...address, schema }) } });
}, 120_000);

afterAll(async () => {
  await fixture.close();
  await database.drop();
});

/** A batch whose analysis is computed, with these rows instead of those of the plan. */
async function withAnalysis(analysis: AnalysisName, rows: DataFrame): Promise<BatchRecord> {
  const batch = await fixture.claimed({ analysisType: analysis, sinks: ['jdbc'] });
  await rows.coalesce(1).write.format('delta').save(fixture.paths.aggregated(batch.batchId));
  const { sessionId } = fixture.spark;
  const outcome = { version: 0, rowCount: 0 };
  await fixture.registry.storeExecution(batch, 'aggregated', { operationId: batch.uuid, sessionId, outcome });
  return batch;
}

const rowOf = (analysis: AnalysisName, valueOf: (type: ColumnType) => Column): Column[] =>
  ANALYSES[analysis].columns.map(({ name, type }) => valueOf(type).cast(type).alias(name));

describe('analyses in Postgres', () => {
  it('are those of Delta, of a full report all of them, and only when all are computed', async () => {
    const batch = await fixture.claimed({ analysisType: 'full_report', sinks: ['jdbc'] });
    const raw = await compute.computeRaw(batch, aRun());
    const names = Object.keys(ANALYSES) as AnalysisName[];
    for (const name of names.slice(1)) await compute.computeAnalysis(batch, raw, name, aRun());
    await expect(compute.storeInSinks(batch, aRun())).rejects.toThrow('has no revenue_by_category');
    await expect(database.query(`SELECT to_regnamespace('${schema}') AS found`)).resolves.toEqual([
      { found: null },
    ]);
    await compute.computeAnalysis(batch, raw, 'revenue_by_category', aRun());
    for (let times = 0; times < 2; times += 1) await compute.storeInSinks(batch, aRun());
    for (const name of names) {
      const { batchId } = batch;
      const sql = `SELECT count(*)::int AS rows FROM ${schema}.${name} WHERE batch_id = $1`;
      const rows = await fixture.count(fixture.paths.aggregated(batchId, name));
      await expect(database.query(sql, [batchId])).resolves.toEqual([{ rows }]);
    }
  }, 180_000);

  it('keep null, NaN, microseconds, dates and arrays', async () => {
    const examples: Readonly<Record<ColumnType, Column>> = {
      string: lit("it's"),
      int: lit(5),
      bigint: expr('9007199254740993L'),
      double: expr("double('NaN')"),
      boolean: lit(true),
      date: expr("date'2024-02-29'"),
      timestamp: expr("timestamp'2025-01-01T00:00:00.000007Z'"),
      'array<string>': expr("array('a', null, 'c,\"d')"),
    };
    const { spark } = fixture;
    for (const analysis of ['customer_segmentation', 'fraud_analysis', 'hourly_trends'] as const) {
      const full = spark.range(1).select(...rowOf(analysis, (type) => examples[type]));
      const empty = spark.range(1).select(...rowOf(analysis, () => lit(null)));
      await compute.storeInSinks(await withAnalysis(analysis, full.union(empty)), aRun());
    }
    const customers = await database.query(
      `SELECT lifetime_value, total_transactions::text AS transactions,
         last_purchase_date = timestamptz '2025-01-01 00:00:00.000007Z' AS is_exact
       FROM ${schema}.customer_segmentation WHERE customer_id = 'it''s'`,
    );
    expect(customers).toEqual([{ lifetime_value: NaN, transactions: '9007199254740993', is_exact: true }]);
    const frauds = await database.query(
      `SELECT affected_cities FROM ${schema}.fraud_analysis WHERE affected_cities IS NOT NULL`,
    );
    expect(frauds).toContainEqual({ affected_cities: ['a', null, 'c,"d'] });
    const hours = await database.query(
      `SELECT event_date::text FROM ${schema}.hourly_trends WHERE event_date = '2024-02-29'`,
    );
    expect(hours).toHaveLength(1);
  }, 180_000);

  it('take little memory, however many they are, and stop with the signal', async () => {
    const many = 200_000;
    const columns = rowOf('customer_segmentation', (type) =>
      type === 'string' ? expr("concat('customer-', id)") : lit(type === 'timestamp' ? null : 1),
    );
    const rows = (count: number) => fixture.spark.range(count).select(...columns);
    // What is loaded and compiled once is not meant.
    await compute.storeInSinks(await withAnalysis('customer_segmentation', rows(10_000)), aRun());
    const batch = await withAnalysis('customer_segmentation', rows(many));
    const before = process.memoryUsage().rss;
    let highest = before;
    const timer = setInterval(() => {
      highest = Math.max(highest, process.memoryUsage().rss);
    }, 20);
    try {
      await compute.storeInSinks(batch, aRun());
    } finally {
      clearInterval(timer);
    }
    const sql = `SELECT count(*)::int AS rows FROM ${schema}.customer_segmentation WHERE batch_id = $1`;
    await expect(database.query(sql, [batch.batchId])).resolves.toEqual([{ rows: many }]);
    expect((highest - before) / 2 ** 20).toBeLessThan(300);

    const run = aRun();
    const enough = new Error('enough');
    setTimeout(() => {
      run.abort.abort(enough);
    }, 300);
    await expect(compute.storeInSinks(batch, run)).rejects.toThrow();
    await expect(database.query(sql, [batch.batchId])).resolves.toEqual([{ rows: many }]);
  }, 180_000);

  it('are not stored for an attempt that is no longer the current one', async () => {
    const columns = rowOf('channel_performance', () => lit(1));
    const batch = await withAnalysis('channel_performance', fixture.spark.range(1).select(...columns));
    await fixture.nextAttempt(batch);
    await expect(compute.storeInSinks(batch, aRun())).rejects.toThrow('no longer the current one');
  }, 60_000);
});
