import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireEndpoints } from '@millrace/testing';
import { SparkSession } from 'spark-connect-js';
import {
  array,
  col,
  element_at,
  expr,
  hash,
  input_file_name,
  lit,
  max,
  min,
  pmod,
  timestamp_seconds,
} from 'spark-connect-js/functions';
import { SHARES, numbersDealtTo } from './ordered-shares';
import { toRawTransactions } from './select-rows';

jest.setTimeout(240_000);

const START_SECONDS = Date.parse('2025-01-10T00:00:00Z') / 1_000;
const CATEGORIES = ['books', 'grocery', 'toys'];
const ROWS = 60_000;
const SECONDS_BETWEEN = 12;

let spark: SparkSession;
let folder: string;

beforeAll(async () => {
  spark = SparkSession.builder().remote(requireEndpoints().sparkConnect).build();
  // As if these few rows were many.
  await spark.conf.set('spark.sql.adaptive.advisoryPartitionSizeInBytes', '128k');
  await spark.conf.set('spark.sql.adaptive.coalescePartitions.minPartitionSize', '64k');
  folder = await mkdtemp(join(tmpdir(), 'millrace-shares-'));
});

afterAll(async () => {
  await spark.stop();
  await rm(folder, { recursive: true, force: true });
});

it('Spark deals each number to its share', async () => {
  const numbers = array(...numbersDealtTo(SHARES).map((number) => lit(number)));
  const dealt = spark
    .range(SHARES)
    .filter(pmod(hash(element_at(numbers, col('id').cast('int').plus(lit(1)))), lit(SHARES)).neq(col('id')));
  expect(await dealt.count()).toBe(0);
});

it.each([
  ['whose days are told', { startDate: '2025-01-10', endDate: '2025-01-18' }],
  ['whose days are not', { startDate: null, endDate: '2025-01-18' }],
])('a row of a time is in one file of its category: of a selection %s', async (what, days) => {
  const rows = spark
    .range(ROWS)
    .withColumn('event_timestamp', timestamp_seconds(expr(`${START_SECONDS} + id * ${SECONDS_BETWEEN}`)))
    .withColumn(
      'category',
      element_at(array(...CATEGORIES.map((name) => lit(name))), expr('int(id % 3 + 1)')),
    )
    .withColumn('transaction_id', col('id').cast('string'));
  const path = join(folder, what);
  const selection = { ...days, afterEventTimestamp: null, filters: null };
  await toRawTransactions(rows, 'batch-1', selection)
    .write.format('delta')
    .partitionBy('category')
    .save(path);
  const files = await spark.read
    .format('delta')
    .load(path)
    .groupBy('category', input_file_name().alias('file'))
    .agg(
      min('event_timestamp').cast('long').alias('first'),
      max('event_timestamp').cast('long').alias('last'),
    )
    .orderBy('category', 'first')
    .collect();
  expect(files.length).toBeGreaterThan(CATEGORIES.length);
  for (const [index, file] of files.slice(1).entries()) {
    const before = files[index];
    if (before?.['category'] === file['category'])
      expect(Number(file['first'])).toBeGreaterThan(Number(before?.['last']));
  }
});
