import { STORED_TRANSACTION_COLUMNS } from '@millrace/domain';
import type { AnalysisName, ErrorBody, ResultSchemaBody } from '@millrace/domain';
import { ResultsFixture, transactionsSql } from '../results.fixture';

const BATCH = 'batch-20250115-a3f8e2b1';
const ROUTE = `/batch/data/${BATCH}`;

let results: ResultsFixture;

beforeEach(async () => {
  results = await ResultsFixture.create();
  const raw = await results.table(results.paths.raw(BATCH), STORED_TRANSACTION_COLUMNS, ['category']);
  // Row by row: completed or not, known fraud or not or not judged, scored above or not.
  const sql = transactionsSql(12, {
    transaction_id: 'range::VARCHAR',
    event_timestamp: `TIMESTAMPTZ '2025-01-15 08:59:59.999999+00' + to_microseconds(range)`,
    event_date: `DATE '2025-01-15'`,
    transaction_status: `CASE WHEN range % 2 = 0 THEN 'completed' ELSE 'failed' END`,
    is_fraudulent: 'CASE range % 3 WHEN 0 THEN true WHEN 1 THEN false END',
    fraud_score: 'CASE WHEN range > 9 THEN 0.9::DOUBLE ELSE 0.7::DOUBLE END',
  });
  await raw.commit(1, [await raw.data('a.parquet', sql, { category: 'toys' })]);
});

afterEach(async () => {
  await results.close();
});

async function ids(analysisType: AnalysisName, query: string): Promise<string> {
  results.register(results.completed(BATCH, { analysisType }));
  const answer = await results.get(`${ROUTE}/aggregated/rows?${query}`);
  const { data } = answer.json<{ data: readonly { transaction_id: string }[] }>();
  return data.map((row) => row.transaction_id).join(' ');
}

describe('the rows that an analysis counted', () => {
  it.each<[AnalysisName, string, string]>([
    ['revenue_by_category', '', '0 2 4 6 8 10'],
    ['revenue_by_category', 'filter=category:eq:toys&limit=2', '0 2'],
    ['revenue_by_category', 'filter=category:null', ''],
    ['fraud_analysis', '', '0 3 6 9 10 11'],
    ['hourly_trends', 'filter=event_date:eq:2025-01-15&filter=event_hour:eq:8', '0'],
    ['hourly_trends', 'filter=event_date:eq:2025-01-15&filter=event_hour:eq:9', '2 4 6 8 10'],
    ['hourly_trends', 'filter=event_hour:null', ''],
    ['hourly_trends', 'filter=event_date:eq:9999-12-31&filter=event_hour:eq:23', ''],
  ])('of %s with %s', async (analysis, query, expected) => {
    expect(await ids(analysis, query)).toBe(expected);
  });

  it.each([
    ['filter=event_hour:eq:8', 'filter'],
    ['filter=event_hour:eq:24&filter=event_date:eq:2025-01-15', 'filter'],
    ['filter=event_hour:gt:8&filter=event_date:eq:2025-01-15', 'filter'],
    ['filter=unique_customers:eq:8', 'filter'],
    ['versionAsOf=1', 'versionAsOf'],
    ['analysis=fraud_analysis', 'analysis'],
  ])('are not told of %s', async (query, path) => {
    results.register(results.completed(BATCH, { analysisType: 'hourly_trends' }));
    const answer = await results.get(`${ROUTE}/aggregated/rows?${query}`);
    expect([answer.statusCode, answer.json<ErrorBody>().details?.[0]?.path]).toEqual([400, path]);
  });

  it('have cursors of their own', async () => {
    results.register(results.completed(BATCH));
    const page = (await results.get(`${ROUTE}/aggregated/rows?limit=2`)).json<{
      page: { nextCursor: string };
    }>();
    const { nextCursor } = page.page;
    expect((await results.get(`${ROUTE}/aggregated/rows?cursor=${nextCursor}`)).statusCode).toBe(200);
    expect((await results.get(`${ROUTE}?cursor=${nextCursor}`)).statusCode).toBe(400);
  });
});

describe('the schema of a result', () => {
  it('names the columns with their types, and the order', async () => {
    results.register(results.completed(BATCH));
    const schema = (await results.get(`${ROUTE}/schema`)).json<ResultSchemaBody>();
    expect(schema).toMatchObject({ batchId: BATCH, result: 'raw', version: 1, rowCount: 12 });
    expect(schema.columns.map(({ name, type }) => ({ name, type }))).toEqual(
      STORED_TRANSACTION_COLUMNS.map(({ name, type }) => ({ name, type })),
    );
    expect(schema.order.map(({ column }) => column)).toEqual(['event_timestamp', 'transaction_id']);
  });

  it('is of one table', async () => {
    results.register(results.completed(BATCH, { analysisType: 'full_report' }));
    const refused = await results.get(`${ROUTE}/aggregated/schema`);
    expect([refused.statusCode, refused.json<ErrorBody>().details?.[0]?.path]).toEqual([400, 'analysis']);
  });

  it('is gone with the table', async () => {
    results.register(results.completed(BATCH));
    const missing = await results.get(`${ROUTE}/aggregated/schema`);
    expect([missing.statusCode, missing.json<ErrorBody>().error]).toEqual([410, 'RESULTS_MISSING']);
  });
});
