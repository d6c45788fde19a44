import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { ANALYSIS_NAMES, STORED_TRANSACTION_COLUMNS, toSparkDdl } from '@millrace/domain';
import type { AnalysisName } from '@millrace/domain';
import { transactionsPipeline } from '@millrace/pipelines';
import { requireEndpoints } from '@millrace/testing';
import { SparkSession, Timestamp } from 'spark-connect-js';
import type { DataFrame } from 'spark-connect-js';
import { expectCatalogOrder, expectSameFigures } from './compare-figures';
import { EXPECTED_FIGURES } from './expected-figures';

jest.setTimeout(240_000);

const ROWS = 5_000;

/** One of these, by the number of the row: the same in every run. Some are null, where the stored table allows it. */
const pick = (salt: string, values: readonly (string | number | boolean | null)[]): string => {
  const list = values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value)));
  return `([${list.join(', ')}])[1 + (hash(i, '${salt}') % ${list.length.toString()})::INT]`;
};

/**
 * Rows that are unlike any shop: nulls in every column that may be null, few amounts and quantities, so that many groups
 * are equal, negative and large ones, scores on the border, products with several names, instants around midnight.
 */
const EDGE_ROWS: Readonly<Record<string, string>> = {
  transaction_id: "'id-' || i",
  event_timestamp: `TIMESTAMPTZ '2025-01-01 00:00:00Z' + to_microseconds((hash(i, 'time') % (40 * 86400000::BIGINT))::BIGINT * 1000)
    - CASE WHEN i % 50 = 0 THEN to_microseconds(1) ELSE to_microseconds(0) END`,
  customer_id: "'CUST-' || (hash(i, 'customer') % 300)",
  customer_tier: pick('tier', ['gold', 'silver', null]),
  product_id: "'SKU-' || (hash(i, 'product') % 40)",
  product_name: pick('name', ['New name', 'Old name']),
  category: pick('category', ['books', 'toys', 'beauty', 'grocery']),
  sub_category: pick('sub', ['one', null]),
  brand: pick('brand', ['Acme', null]),
  quantity: pick('quantity', [1, 1, 1, 2, 2_147_483_647]),
  unit_price: pick('price', [0, 9.99, 10]),
  discount_percent: pick('discount', [0, 12.5, 100, null]),
  total_amount: pick('amount', [0, 10, 10, 10.01, -10, 1e9]),
  payment_method: pick('payment', ['upi', 'cod', 'credit_card']),
  card_network: pick('network', ['visa', null]),
  transaction_status: pick('status', ['completed', 'completed', 'completed', 'pending', 'refunded']),
  channel: pick('channel', ['web', 'mobile_app', 'pos_in_store']),
  store_id: pick('store', ['S1', 'S2', 'S3', null]),
  region: pick('region', ['west', 'east']),
  city: pick('city', ['Goa', 'Pune', 'Patna']),
  is_fraudulent: pick('fraud', [true, false, false, null]),
  fraud_score: pick('score', [0, 0.7, 0.7000000000000001, 0.71, null]),
};

let folder: string;
let spark: SparkSession;
let instance: DuckDBInstance;
let duckdb: DuckDBConnection;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-edges-'));
  spark = SparkSession.builder().remote(requireEndpoints().sparkConnect).build();
  instance = await DuckDBInstance.create(':memory:');
  duckdb = await instance.connect();
  await duckdb.run("SET TimeZone = 'UTC'");
  const columns = STORED_TRANSACTION_COLUMNS.filter(({ name }) => name !== 'event_date').map(
    ({ name, type }) =>
      `(${EDGE_ROWS[name] ?? 'NULL'})::${type === 'timestamp' ? 'TIMESTAMPTZ' : type} AS ${name}`,
  );
  await duckdb.run(`COPY (
    SELECT *, event_timestamp::DATE AS event_date FROM (SELECT ${columns.join(', ')} FROM range(${String(ROWS)}) AS r(i))
  ) TO '${join(folder, 'rows.parquet')}' (FORMAT parquet)`);
});

afterAll(async () => {
  duckdb.closeSync();
  instance.closeSync();
  await spark.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Several tasks, so that equal groups meet in any order. */
const rows = (): DataFrame =>
  spark.read
    .schema(toSparkDdl(STORED_TRANSACTION_COLUMNS.map((column) => ({ ...column, nullable: true }))))
    .parquet(join(folder, 'rows.parquet'))
    .repartition(4);

async function figures(name: AnalysisName, of: DataFrame): Promise<Record<string, unknown>[]> {
  const analysis = transactionsPipeline.analyses[name];
  if (analysis === undefined) throw new Error(`no plan for ${name}`);
  const found = await analysis.finish(analysis.aggregate(of)).collect();
  return found.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([column, value]) => [
        column,
        value instanceof Timestamp ? value.toDate() : value,
      ]),
    ),
  );
}

async function expectedFigures(name: AnalysisName, condition: string): Promise<Record<string, unknown>[]> {
  const selected = `(SELECT * FROM read_parquet('${join(folder, 'rows.parquet')}') WHERE ${condition})`;
  return (await duckdb.runAndReadAll(EXPECTED_FIGURES[name].sql(selected))).getRowObjectsJS();
}

describe.each(ANALYSIS_NAMES)('%s over rows on the edge', (name) => {
  it.each([
    ['all of them', 'true'],
    ['those without an amount', 'total_amount = 0'],
    ['those worth as much as they cost', 'total_amount IN (10, -10)'],
  ])('is what another engine computes, in every cell and in order: %s', async (_what, condition) => {
    const [actual, expected] = [
      await figures(name, rows().where(condition)),
      await expectedFigures(name, condition),
    ];
    expect(expected.length).toBeGreaterThan(0);
    expectSameFigures(name, actual, expected);
    expectCatalogOrder(name, actual);
  });
});
