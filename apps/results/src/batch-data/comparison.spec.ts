import { rm } from 'node:fs/promises';
import { ANALYSES } from '@millrace/domain';
import type { ComparisonBody, ErrorBody } from '@millrace/domain';
import { ResultsFixture } from '../results.fixture';

const BEFORE = 'batch-20250114-00000001';
const AFTER = 'batch-20250115-00000002';
const ROUTE = `/batch/data/${AFTER}/aggregated/comparison`;

let results: ResultsFixture;

const row = (category: string, revenue: string, count: string, customers = '3') =>
  `SELECT ${category}::VARCHAR AS category, ${revenue}::DOUBLE AS total_revenue, ${count}::BIGINT AS transaction_count, ${customers}::BIGINT AS unique_customers`;

async function store(batchId: string, rows: readonly string[]): Promise<void> {
  const { columns } = ANALYSES.revenue_by_category;
  const table = await results.table(results.paths.aggregated(batchId), columns, ['category']);
  const adds = await Promise.all(
    rows.map((sql, index) => {
      const [, category] = /SELECT '?(.*?)'?::VARCHAR/.exec(sql) ?? [];
      const value = category === 'NULL' ? null : String(category);
      return table.data(`${index}.parquet`, `SELECT * EXCLUDE category FROM (${sql})`, { category: value });
    }),
  );
  await table.commit(1, adds);
}

beforeEach(async () => {
  results = await ResultsFixture.create();
  results.register(results.completed(BEFORE), results.completed(AFTER));
  await store(BEFORE, [
    row(`'books'`, '100', '9007199254740993'),
    row(`'gone'`, '1', '1'),
    row('NULL', '0', '1'),
    row(`'same'`, `'NaN'`, '2'),
  ]);
  await store(AFTER, [
    row(`'books'`, '75', '9007199254740996'),
    row(`'fresh'`, '5', '5'),
    row('NULL', '2.5', '1'),
    row(`'same'`, `'NaN'`, '2'),
  ]);
});

afterEach(async () => {
  await results.close();
});

describe('the comparison of two batches', () => {
  it('tells what became of each group, and of each measure', async () => {
    const { statusCode, headers, payload } = await results.get(`${ROUTE}?base=${BEFORE}`);
    expect(statusCode).toBe(200);
    const body = JSON.parse(payload) as ComparisonBody;
    expect(body).toMatchObject({
      batchId: AFTER,
      base: BEFORE,
      analysisType: 'revenue_by_category',
      changes: { same: 1, changed: 2, new: 1, vanished: 1 },
      page: { returned: 5, hasMore: false, total: 5 },
    });
    expect(headers['x-total-count']).toBe('5');
    const told = body.data.map(({ key, change, measures }) => [
      key['category'],
      change,
      measures['total_revenue'],
    ]);
    expect(told).toEqual([
      [null, 'changed', { before: 0, after: 2.5, change: 2.5, changePercent: null }],
      ['books', 'changed', { before: 100, after: 75, change: -25, changePercent: -25 }],
      ['fresh', 'new', { before: null, after: 5, change: null, changePercent: null }],
      ['gone', 'vanished', { before: 1, after: null, change: null, changePercent: null }],
      ['same', 'same', { before: 'NaN', after: 'NaN', change: 'NaN', changePercent: 'NaN' }],
    ]);
    // Exact where JavaScript would round.
    expect(payload).toContain('"before":9007199254740993,"after":9007199254740996,"change":3,');
  });

  it('pages, and is not sent again to whoever has it', async () => {
    const { headers, payload } = await results.get(`${ROUTE}?base=${BEFORE}&limit=1&offset=2`);
    const { data, page } = JSON.parse(payload) as ComparisonBody;
    expect([data[0]?.key, page.hasMore]).toEqual([{ category: 'fresh' }, true]);
    const again = await results.get(`${ROUTE}?base=${BEFORE}&limit=1&offset=2`, {
      'if-none-match': String(headers.etag),
    });
    expect([again.statusCode, again.payload]).toEqual([304, '']);
    const other = await results.get(`${ROUTE}?base=${BEFORE}&limit=1`, { 'if-match': String(headers.etag) });
    expect([other.statusCode, other.json<ErrorBody>().error]).toEqual([412, 'PRECONDITION_FAILED']);
  });

  it('of a batch with itself is the same throughout', async () => {
    const { changes } = (await results.get(`${ROUTE}?base=${AFTER}`)).json<ComparisonBody>();
    expect(changes).toEqual({ same: 4, changed: 0, new: 0, vanished: 0 });
  });

  it('can be with a batch that has no rows', async () => {
    const empty = 'batch-20250113-00000003';
    results.register(results.completed(empty), results.completed(AFTER));
    await store(empty, []);
    const { changes } = (await results.get(`${ROUTE}?base=${empty}`)).json<ComparisonBody>();
    expect(changes).toEqual({ same: 0, changed: 0, new: 4, vanished: 0 });
  });

  it.each([
    ['', 400, 'base'],
    ['base=../../etc', 400, 'base'],
    [`base=${BEFORE}&analysis=hourly_trends`, 400, 'analysis'],
    [`base=${BEFORE}&limit=x`, 400, 'limit'],
    [`base=${BEFORE}&sort=category`, 400, 'sort'],
    ['base=batch-20250114-ffffffff', 404, undefined],
  ])('is refused: %s', async (query, status, path) => {
    const answer = await results.get(`${ROUTE}?${query}`);
    expect([answer.statusCode, answer.json<ErrorBody>().details?.[0]?.path]).toEqual([status, path]);
  });

  it('needs the same analysis of both', async () => {
    results.register(results.completed(BEFORE, { analysisType: 'hourly_trends' }), results.completed(AFTER));
    const answer = await results.get(`${ROUTE}?base=${BEFORE}`);
    expect([answer.statusCode, answer.json<ErrorBody>().details?.[0]?.path]).toEqual([400, 'base']);
  });

  it.each([BEFORE, AFTER])('says whose results are gone: %s', async (batchId) => {
    await rm(results.paths.aggregated(batchId), { recursive: true });
    const answer = await results.get(`${ROUTE}?base=${BEFORE}`);
    const { error, batchId: named } = answer.json<ErrorBody>();
    expect([answer.statusCode, error, named]).toEqual([410, 'RESULTS_MISSING', batchId]);
  });
});
