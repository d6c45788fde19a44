import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CARD_NETWORKS,
  CATEGORIES,
  CHANNELS,
  PAYMENT_METHODS,
  STORED_TRANSACTION_COLUMNS,
  STREAMED_ANALYSES,
  TRANSACTION_STATUSES,
  tablePaths,
} from '@millrace/domain';
import type { StreamedAnalysis } from '@millrace/domain';
import { transactionsPipeline } from '@millrace/pipelines';
import { requireEndpoints } from '@millrace/testing';
import { SparkSession } from 'spark-connect-js';
import type { Column, DataFrame } from 'spark-connect-js';
import { expr, lit } from 'spark-connect-js/functions';
import { ensureTable } from '../spark/delta-table';
import { aggregateWriter } from '../stream/aggregate-query';
import { VerifyConsistency } from './verify-consistency';

/** STREAM_EVENTS=10000000 for ten times as many. */
const EVENTS = Number(process.env['STREAM_EVENTS'] ?? 1_000_000);
const PORTIONS = 3;
const PORTION = Math.floor(EVENTS / 5);
/** Before the first start. */
const FIRST = EVENTS - PORTIONS * PORTION;
/** An id that no other event has. */
const BEHIND = 1_000_000_000;

jest.setTimeout(300_000 + EVENTS / 10);

let spark: SparkSession;
let folder: string;
let paths: ReturnType<typeof tablePaths>;

const pick = (values: readonly string[], salt: number): Column =>
  expr(
    `element_at(array('${values.join("', '")}'), cast(pmod(xxhash64(id, ${salt}), ${values.length}) as int) + 1)`,
  );

const part = (salt: number) => `pmod(xxhash64(id, ${salt}), 1000003) / 1000003`;

/** Rows as they are stored; the same id is always the same row. Amounts are no whole cents, so that their sums depend on the order. */
function storedRows(from: number, to: number): DataFrame {
  const values: Readonly<Record<string, Column>> = {
    transaction_id: expr("concat('txn-', lpad(id, 10, '0'))"),
    event_timestamp: expr(
      "timestamp'2026-01-01T00:00:00Z' + make_interval(0, 0, 0, id % 3, 0, 0, id % 86400)",
    ),
    event_date: expr("date'2026-01-01' + cast(id % 3 as int)"),
    customer_id: expr(`concat('CUST-', cast(${part(1)} * 5000 as int))`),
    category: pick(CATEGORIES, 2),
    channel: pick(CHANNELS, 3),
    payment_method: pick(PAYMENT_METHODS, 4),
    transaction_status: pick([...TRANSACTION_STATUSES, 'completed', 'completed'], 5),
    quantity: expr(`cast(${part(6)} * 5 + 1 as int)`),
    total_amount: expr(`${part(7)} * 900 + 1`),
    discount_percent: expr(`if(${part(8)} < 0.3, null, ${part(8)} * 20)`),
    is_fraudulent: expr(`if(${part(9)} < 0.1, null, ${part(9)} > 0.98)`),
    fraud_score: expr(`if(${part(9)} < 0.1, null, ${part(9)})`),
  };
  const columns = STORED_TRANSACTION_COLUMNS.map(({ name, type, nullable }) => {
    const value = values[name] ?? (nullable ? lit(null) : type === 'string' ? lit(name) : lit(1));
    return value.cast(type).alias(name);
  });
  const rows = spark.range(from, to).select(...columns);
  const networks = `element_at(array('${CARD_NETWORKS.join("', '")}'), pmod(hash(transaction_id), 5) + 1)`;
  return rows.withColumn(
    'card_network',
    expr(`if(payment_method in ('credit_card', 'debit_card'), ${networks}, null)`),
  );
}

const append = (from: number, to: number): Promise<void> =>
  storedRows(from, to)
    .write.format('delta')
    .mode('append')
    .partitionBy('event_date')
    .option('checkpointInterval', '100')
    .save(paths.transactions);

const planOf = (name: StreamedAnalysis) => {
  const plan = transactionsPipeline.streamedAnalyses[name];
  if (plan === undefined) throw new Error(`no plan for ${name}`);
  return plan;
};

/** The query as the orchestrator starts it, except that it ends when it has read everything. */
async function catchUp(name: StreamedAnalysis): Promise<void> {
  const plan = planOf(name);
  const writer = await aggregateWriter(spark, plan, paths, 'update');
  const query = await writer
    .queryName(name)
    .option('checkpointLocation', paths.checkpoint(name, plan.source.path))
    .trigger({ availableNow: true })
    .start(paths[name]);
  await query.awaitTermination();
}

const verification = (timeoutMs = 120_000) =>
  new VerifyConsistency({ require: () => spark }, transactionsPipeline, paths, { timeoutMs });

const verify = (name: StreamedAnalysis) => verification().execute(name);

beforeAll(async () => {
  spark = SparkSession.builder().remote(requireEndpoints().sparkConnect).build();
  folder = await mkdtemp(join(tmpdir(), 'millrace-verify-'));
  paths = tablePaths(join(folder, 'delta'));
  await append(0, FIRST);
  for (const name of STREAMED_ANALYSES) await catchUp(name);
  for (let portion = 0; portion < PORTIONS; portion++) {
    const from = FIRST + portion * PORTION;
    await append(from, from + PORTION);
    // One that is started again after each portion, and two that read all of them at once.
    await catchUp('revenue_by_category');
  }
  for (const name of STREAMED_ANALYSES) await catchUp(name);
});

afterAll(async () => {
  await spark.stop();
  await rm(folder, { recursive: true, force: true });
});

describe(`an analysis that the stream keeps, over ${EVENTS} events`, () => {
  it.each([
    ['revenue_by_category', 10, 60],
    // Two of the seven ways are by card, on five networks.
    ['payment_analysis', 15, 75],
    ['channel_performance', 5, 40],
  ] as const)('%s is equal to the batch in every cell', async (name, rows, cells) => {
    const body = await verify(name);
    expect(body).toMatchObject({
      analysis: name,
      version: PORTIONS,
      rows,
      cells,
      differences: [],
      equal: true,
    });
    const [completed] = await storedRows(0, EVENTS)
      .filter("transaction_status = 'completed'")
      .agg(expr('count(*)').alias('n'))
      .collect();
    const [kept] = await spark.read
      .format('delta')
      .load(paths[name])
      .agg(expr('sum(transaction_count)').alias('n'))
      .collect();
    expect(kept).toEqual(completed);
  });

  it('is compared at the version that the stream has read, whatever came since', async () => {
    await append(BEHIND, BEHIND + 100);
    expect(await verify('channel_performance')).toMatchObject({ version: PORTIONS, equal: true });
    await catchUp('channel_performance');
    expect(await verify('channel_performance')).toMatchObject({ version: PORTIONS + 1, equal: true });
  });

  it('is compared after upkeep of its table too', async () => {
    await (await spark.sql(`OPTIMIZE delta.\`${paths.payment_analysis}\``)).collect();
    expect(await verify('payment_analysis')).toMatchObject({ version: PORTIONS, equal: true });
  });

  it('shows a planted difference by its cell, until the stream writes the row again', async () => {
    const plant = (column: string, value: string, where: string) =>
      spark.sql(`UPDATE delta.\`${paths.revenue_by_category}\` SET ${column} = ${value} WHERE ${where}`);
    await plant('unique_customers', 'unique_customers + 1', "category = 'books'");
    await plant('total_revenue', 'total_revenue + 0.01', "category = 'toys'");
    const body = await verify('revenue_by_category');
    expect(body).toMatchObject({ equal: false, different: 2, rows: 10, cells: 60 });
    expect(body.differences.map(({ key, column }) => [key['category'], column]).sort()).toEqual([
      ['books', 'unique_customers'],
      ['toys', 'total_revenue'],
    ]);
    const customers = body.differences.find(({ column }) => column === 'unique_customers');
    expect(Number(customers?.stream) - Number(customers?.batch)).toBe(1);
    await append(2 * BEHIND, 2 * BEHIND + 1_000);
    await catchUp('revenue_by_category');
    expect(await verify('revenue_by_category')).toMatchObject({ equal: true });
  });
});

describe('a verification', () => {
  it('is refused where no stream keeps the analysis, and tells how it comes to', async () => {
    const elsewhere = tablePaths(join(folder, 'elsewhere'));
    const { timeoutMs } = { timeoutMs: 60_000 };
    const nothing = new VerifyConsistency({ require: () => spark }, transactionsPipeline, elsewhere, {
      timeoutMs,
    });
    const refusal = {
      code: 'CONFLICT',
      message: expect.stringContaining('"analyses": ["payment_analysis"]') as string,
    };
    await expect(nothing.execute('payment_analysis')).rejects.toMatchObject(refusal);
    const { table } = planOf('payment_analysis');
    await ensureTable(spark, { ...table, path: elsewhere.payment_analysis });
    await expect(nothing.execute('payment_analysis')).rejects.toMatchObject(refusal);
  });

  it('comes one at a time, and is given up after its time', async () => {
    const hasty = verification(50);
    const first = hasty.execute('revenue_by_category');
    await expect(hasty.execute('revenue_by_category')).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(first).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: 'The verification was given up after 0.05 s: ask again when fewer batches run',
    });
    await expect(hasty.execute('revenue_by_category')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('ends with the orchestrator', async () => {
    const verifying = verification();
    const running = expect(verifying.execute('payment_analysis')).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: 'The verification was given up: the orchestrator ends',
    });
    await verifying.stop();
    await running;
  });
});
