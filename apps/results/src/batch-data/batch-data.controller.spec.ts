import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ANALYSES, STORED_TRANSACTION_COLUMNS } from '@millrace/domain';
import type { BatchRecord, ErrorBody } from '@millrace/domain';
import { aUuid } from '@millrace/testing';
import { ResultsFixture, transactionsSql } from '../results.fixture';

const BATCH = 'batch-20250115-a3f8e2b1';
const LATER = "TIMESTAMPTZ '2025-01-15 14:32:07.123+00' + to_microseconds((range % 3) * 1)";

describe('the data of a batch', () => {
  let results: ResultsFixture;

  const completed = (overrides: Partial<BatchRecord> = {}) =>
    results.completed(BATCH, { rowCount: 250n, ...overrides });

  beforeEach(async () => {
    results = await ResultsFixture.create();
    results.register(completed());
    const raw = await results.table(results.paths.raw(BATCH), STORED_TRANSACTION_COLUMNS, ['category']);
    const rows = (prefix: string, count: number) =>
      transactionsSql(count, {
        transaction_id: `'${prefix}-' || lpad(range::VARCHAR, 3, '0')`,
        event_timestamp: LATER,
        total_amount: '594.98::DOUBLE',
        quantity: '3',
      });
    await raw.commit(1, [
      await raw.data('category=books/a.parquet', rows('b', 150), { category: 'books' }),
      await raw.data('category=toys/b.parquet', rows('a', 100), { category: 'toys' }),
    ]);
    // Rewritten later, as upkeep does, with other rows so that a reader of the newest version would be seen.
    await raw.commit(2, [await raw.data('category=toys/c.parquet', rows('c', 5), { category: 'toys' })]);
    const aggregated = await results.table(
      results.paths.aggregated(BATCH),
      ANALYSES.revenue_by_category.columns,
    );
    await aggregated.commit(1, [
      await aggregated.data(
        'a.parquet',
        `SELECT * FROM (VALUES
          ('clothing', 10.5::DOUBLE, 1.5::DOUBLE, 7::BIGINT, 9::BIGINT, NULL::DOUBLE, 3::BIGINT),
          ('books', 99.25, 'NaN', 9007199254740993, 9, 0.1, 3),
          ('beauty', 99.25, 1, 1, 9, 8.7, 3)
        ) AS rows(category, total_revenue, avg_order_value, transaction_count, total_units_sold, avg_discount_pct, unique_customers)`,
      ),
    ]);
  });

  afterEach(async () => {
    await results.close();
  });

  it('answers a page of raw rows with the body and headers of the contract', async () => {
    const response = await results.get(`/batch/data/${BATCH}?limit=2&offset=1`);
    expect(response.statusCode).toBe(200);
    const [first] = response.json<{ data: Record<string, unknown>[] }>().data;
    expect(Object.keys(first ?? {})).toEqual(STORED_TRANSACTION_COLUMNS.map((column) => column.name));
    expect(response.json()).toMatchObject({
      batchId: BATCH,
      status: 'COMPLETED',
      rowCount: 250,
      page: { limit: 2, offset: 1, returned: 2, hasMore: true, total: 250 },
      data: [
        {
          transaction_id: 'a-003',
          event_timestamp: '2025-01-15T14:32:07.123Z',
          category: 'toys',
          quantity: 3,
        },
        { transaction_id: 'a-006', total_amount: 594.98, brand: null },
      ],
    });
    expect(Object.keys(response.json<object>())).toEqual(['batchId', 'status', 'rowCount', 'page', 'data']);
    expect(response.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-total-count': '250',
      'x-page-size': '2',
      'x-page-offset': '1',
      'delta-table-version': '1',
    });
  });

  it('orders raw rows by time, then by id, over all pages', async () => {
    const seen: { event_timestamp: string; transaction_id: string }[] = [];
    for (let offset = 0; offset < 250; offset += 60) {
      const response = await results.get(`/batch/data/${BATCH}?limit=60&offset=${String(offset)}`);
      seen.push(...response.json<{ data: typeof seen }>().data);
    }
    const times = ['2025-01-15T14:32:07.123Z', '2025-01-15T14:32:07.123001Z', '2025-01-15T14:32:07.123002Z'];
    const inOrder = (a: (typeof seen)[number], b: (typeof seen)[number]) =>
      times.indexOf(a.event_timestamp) - times.indexOf(b.event_timestamp) ||
      (a.transaction_id < b.transaction_id ? -1 : 1);
    expect(new Set(seen.map((row) => row.event_timestamp))).toEqual(new Set(times));
    expect(new Set(seen.map((row) => row.transaction_id)).size).toBe(250);
    expect(seen).toEqual(seen.toSorted(inOrder));
  });

  it('gives 100 rows from the start when the query says nothing, and knows the last page', async () => {
    const first = await results.get(`/batch/data/${BATCH}`);
    expect(first.json()).toMatchObject({ page: { limit: 100, offset: 0, returned: 100, hasMore: true } });
    const last = await results.get(`/batch/data/${BATCH}?offset=200`);
    expect(last.json()).toMatchObject({ page: { offset: 200, returned: 50, hasMore: false } });
    const beyond = await results.get(`/batch/data/${BATCH}?offset=250`);
    expect(beyond.json()).toMatchObject({ page: { returned: 0, hasMore: false }, data: [] });
  });

  it('cuts a limit over the cap to it', async () => {
    const response = await results.get(`/batch/data/${BATCH}?limit=99999`);
    expect(response.json()).toMatchObject({ page: { limit: 10_000, returned: 250 } });
    expect(response.headers['x-page-size']).toBe('10000');
  });

  it.each(['aggregated', 'agg'])('answers the analysis in its own order under /%s', async (path) => {
    const response = await results.get(`/batch/data/${BATCH}/${path}`);
    expect(response.statusCode).toBe(200);
    // Compared as text: a parser would round the number of transactions.
    expect(response.body).toBe(
      `{"batchId":"${BATCH}","analysisType":"revenue_by_category",` +
        '"page":{"limit":100,"offset":0,"returned":3,"hasMore":false,"total":3},"data":[' +
        '{"category":"beauty","total_revenue":99.25,"avg_order_value":1.0,"transaction_count":1,"total_units_sold":9,"avg_discount_pct":8.7,"unique_customers":3},' +
        '{"category":"books","total_revenue":99.25,"avg_order_value":"NaN","transaction_count":9007199254740993,"total_units_sold":9,"avg_discount_pct":0.1,"unique_customers":3},' +
        '{"category":"clothing","total_revenue":10.5,"avg_order_value":1.5,"transaction_count":7,"total_units_sold":9,"avg_discount_pct":null,"unique_customers":3}' +
        ']}',
    );
    expect(response.headers['x-total-count']).toBe('3');
  });

  it('finds the batch by its UUID too', async () => {
    const response = await results.get(`/batch/data/${aUuid()}?limit=1`);
    expect(response.json()).toMatchObject({ batchId: BATCH, rowCount: 250 });
  });

  it('answers 412 to a client that wants what it has, which is not that any more', async () => {
    const url = `/batch/data/${BATCH}?limit=1`;
    const tag = String((await results.get(url)).headers.etag);
    const ask = (ifMatch: string, of = url) =>
      results.get(of, { 'if-match': ifMatch, 'if-none-match': '"other"' });
    for (const met of [tag, `"other", ${tag}`, '*']) expect((await ask(met)).statusCode).toBe(200);
    for (const failed of ['"other"', `W/${tag}`]) {
      const answer = await ask(failed);
      const { error, message } = answer.json<ErrorBody>();
      expect([answer.statusCode, error, message]).toEqual([
        412,
        'PRECONDITION_FAILED',
        expect.stringContaining('ETag'),
      ]);
    }
    // What is wrong anyway has no tag that could match.
    expect((await ask('"other"', `${url}&sort=nothing`)).statusCode).toBe(400);
  });

  it('tells no length where only the headers are wanted of what the client has', async () => {
    const url = `/batch/data/${BATCH}?limit=1`;
    const { etag } = (await results.get(url)).headers;
    const { statusCode, headers } = await results.head(url, { 'if-none-match': String(etag) });
    expect([statusCode, headers.etag, headers['content-length']]).toEqual([304, etag, undefined]);
  });

  it('answers 304 to a client that has the page, and a whole page to one that has another', async () => {
    const url = `/batch/data/${BATCH}?limit=2`;
    const { etag } = (await results.get(url)).headers;
    expect(etag).toMatch(/^"[\w-]+"$/);
    const known = await results.get(url, { 'if-none-match': `"other", W/${String(etag)}` });
    expect(known.statusCode).toBe(304);
    expect(known.body).toBe('');
    expect(known.headers['etag']).toBe(etag);
    for (const other of [`/batch/data/${BATCH}?limit=3`, `/batch/data/${BATCH}/aggregated?limit=2`]) {
      const response = await results.get(other, { 'if-none-match': String(etag) });
      expect(response.statusCode).toBe(200);
      expect(response.headers['etag']).not.toBe(etag);
    }
    results.register(completed({ rawVersion: 2n }));
    expect((await results.get(url, { 'if-none-match': String(etag) })).statusCode).toBe(200);
  });

  it.each([
    ['a folder outside the base path', '/etc'],
    ['a way out of it', '../../../../outside'],
    ['another kind of storage', 's3a://bucket/raw'],
  ])('does not read a table in %s, and does not tell where it looked', async (_what, path) => {
    const deltaRawPath = path.startsWith('.') ? `${results.paths.raw(BATCH)}/${path}` : path;
    results.register(completed({ deltaRawPath }));
    const response = await results.get(`/batch/data/${BATCH}`);
    expect(response.statusCode).toBe(500);
    expect(response.json()).toMatchObject({ error: 'INTERNAL_ERROR' });
    expect(response.body).not.toContain(results.folder);
    expect(response.body).not.toContain(path);
  });

  it.each([
    ['raw', ''],
    ['aggregated', '/aggregated'],
  ] as const)(
    'answers 410 when the table %s was deleted, and tells the cure but no path',
    async (table, path) => {
      const before = await results.get(`/batch/data/${BATCH}${path}?limit=1`);
      expect(before.statusCode).toBe(200);
      await rm(results.paths[table](BATCH), { recursive: true });
      const response = await results.get(`/batch/data/${BATCH}${path}`);
      expect(response.statusCode).toBe(410);
      expect(response.json()).toMatchObject({
        error: 'RESULTS_MISSING',
        batchId: BATCH,
        message: `The table "${table}" of ${BATCH} is not there any more, or not all of its files are whole: POST /batch/${BATCH}/rerun makes it anew, as a new batch`,
      });
      expect(response.body).not.toContain(results.folder);
    },
  );

  it('answers 410 without details when files are gone, and reads on once they are back', async () => {
    await results.get(`/batch/data/${BATCH}?limit=1`);
    const file = join(results.paths.raw(BATCH), 'category=toys/b.parquet');
    await rename(file, `${file}.away`);
    const broken = await results.get(`/batch/data/${BATCH}?limit=2`);
    expect(broken.statusCode).toBe(410);
    expect(broken.json()).toMatchObject({
      error: 'RESULTS_MISSING',
      requestId: broken.headers['x-request-id'],
    });
    expect(broken.body).not.toContain('parquet');
    await rename(`${file}.away`, file);
    expect((await results.get(`/batch/data/${BATCH}?limit=2`)).statusCode).toBe(200);
  });

  it('answers 500 for a completed batch whose row names no table', async () => {
    results.register(completed({ rawVersion: null }));
    expect((await results.get(`/batch/data/${BATCH}`)).statusCode).toBe(500);
  });
});
