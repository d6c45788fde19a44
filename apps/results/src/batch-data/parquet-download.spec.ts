import { readdir } from 'node:fs/promises';
import { STORED_TRANSACTION_COLUMNS } from '@millrace/domain';
import type { BatchRecord, ErrorBody } from '@millrace/domain';
import { transactionsSql } from '../results.fixture';
import type { ResultsFixture } from '../results.fixture';
import { BATCH, FILE, RAW, withDownloads } from './parquet-download.fixture';

let results: ResultsFixture;

beforeEach(async () => {
  results = await withDownloads();
});

afterEach(() => results.close());

const completed = (overrides: Partial<BatchRecord> = {}) =>
  results.completed(BATCH, { rowCount: 5_000n, ...overrides });

/** As a program of somebody else reads it. */
async function rowsIn(bytes: Buffer): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { parquetReadObjects } = await import('hyparquet');
  return parquetReadObjects({ file: Uint8Array.from(bytes).buffer });
}

const filesThere = async () =>
  (await readdir(results.exportFolder).catch(() => [])).filter((name) => name.includes('.parquet'));

describe('a download as Parquet', () => {
  it('has the rows, columns and order that other formats have', async () => {
    const query =
      'columns=transaction_id,total_amount,category&filter=category:eq:toys&sort=-transaction_id&limit=2000&offset=3';
    const lines = (await results.get(`${RAW}?format=ndjson&${query}`)).body.trim().split('\n');
    const answer = await results.get(`${RAW}?format=parquet&${query}`);
    expect(answer.statusCode).toBe(200);
    const rows = await rowsIn(answer.rawPayload);
    const shown = rows.map((row) =>
      JSON.stringify(row, (_, value: unknown) => (Number.isNaN(value) ? 'NaN' : value)),
    );
    expect(shown.map((row) => JSON.parse(row) as unknown)).toEqual(
      lines.map((line) => JSON.parse(line) as unknown),
    );
    expect(Object.keys(rows[0] ?? {})).toEqual(['transaction_id', 'category', 'total_amount']);
    expect(rows).toHaveLength(2_000);
  });

  it('has the headers that other formats have, and says that it has parts', async () => {
    const answer = await results.get(`${FILE}&limit=10`);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/vnd.apache.parquet',
      'content-disposition': `attachment; filename="${BATCH}-raw.parquet"`,
      'content-length': String(answer.rawPayload.length),
      'accept-ranges': 'bytes',
      etag: expect.stringMatching(/^"[\w-]+"$/) as string,
      vary: 'accept',
      'cache-control': 'private, no-cache',
      'delta-table-version': '1',
      'x-total-count': '5000',
      'x-page-size': '10',
      link: expect.stringContaining('cursor=') as string,
    });
  });

  it('is what the header Accept says too', async () => {
    const answer = await results.get(RAW, { accept: 'application/vnd.apache.parquet' });
    expect(answer.headers['content-type']).toBe('application/vnd.apache.parquet');
    expect(await rowsIn(answer.rawPayload)).toHaveLength(5_000);
  });

  it('can be of an analysis, and of the rows behind it', async () => {
    const analysis = await results.get(`${RAW}/aggregated?format=parquet`);
    expect(await rowsIn(analysis.rawPayload)).toMatchObject([
      { category: 'toys', transaction_count: 9_007_199_254_740_993n, avg_discount_pct: null },
    ]);
    const behind = await results.get(`${RAW}/aggregated/rows?format=parquet&filter=category:eq:toys`);
    expect(await rowsIn(behind.rawPayload)).toHaveLength(1_250);
    expect(behind.headers['content-disposition']).toContain('revenue_by_category-rows.parquet');
  });

  it('of no rows tells the columns', async () => {
    const answer = await results.get(`${FILE}&filter=category:eq:none`);
    const { parquetMetadata } = await import('hyparquet');
    const { schema } = parquetMetadata(Uint8Array.from(answer.rawPayload).buffer);
    expect(schema.slice(1).map(({ name }) => name)).toEqual([
      'transaction_id',
      'event_timestamp',
      'total_amount',
    ]);
    expect(answer.headers['x-total-count']).toBe('0');
  });

  it('is made once, whatever is asked of it', async () => {
    let made = 0;
    results.beforeRows = () => {
      made += 1;
      return Promise.resolve();
    };
    const { headers } = await results.get(FILE);
    await results.head(FILE);
    await results.get(FILE, { range: 'bytes=-8' });
    await results.get(FILE, { 'if-none-match': String(headers.etag) });
    expect(made).toBe(1);
    await results.get(`${FILE}&sort=total_amount`);
    expect(made).toBe(2);
    expect(await filesThere()).toHaveLength(2);
  });

  it('is not made for a client that is gone', async () => {
    const client = new AbortController();
    const begun = new Promise<void>((resolve) => {
      results.beforeRows = () =>
        new Promise((goOn) => {
          results.beforeRows = () => Promise.resolve();
          client.signal.addEventListener('abort', () => {
            goOn();
          });
          resolve();
        });
    });
    const asked = results.ask({ method: 'GET', url: FILE, signal: client.signal });
    await begun;
    client.abort();
    await expect(asked).rejects.toThrow(/abort/i);
    // Its own making, since that of the other one was given up.
    expect(await rowsIn((await results.get(FILE)).rawPayload)).toHaveLength(5_000);
    expect(await filesThere()).toHaveLength(1);
  });

  it('has another tag where it has other bytes', async () => {
    const tags = [FILE, `${FILE}&limit=9`, `${FILE}&sort=-event_timestamp`].map(
      async (url) => (await results.get(url)).headers.etag,
    );
    expect(new Set(await Promise.all(tags)).size).toBe(3);
  });
});

describe('what cannot be Parquet', () => {
  it('is more than there is room for, which says so and leaves nothing behind', async () => {
    const answer = await results.get(
      `${RAW}?format=parquet&sort=session_id&columns=session_id,transaction_id&limit=100000`,
    );
    expect(answer.statusCode).toBe(200);
    const large = await results.table(
      results.paths.raw('batch-20250115-00000001'),
      STORED_TRANSACTION_COLUMNS,
      ['category'],
    );
    const session = transactionsSql(60_000, {
      session_id: 'md5(range::VARCHAR)',
      transaction_id: 'range::VARCHAR',
    });
    await large.commit(1, [await large.data('category=toys/a.parquet', session, { category: 'toys' })]);
    results.register(results.completed('batch-20250115-00000001'));
    const refused = await results.get('/batch/data/batch-20250115-00000001?format=parquet');
    expect(refused.statusCode).toBe(400);
    const { error, details } = refused.json<ErrorBody>();
    expect([error, details?.[0]?.path]).toEqual(['INVALID_REQUEST', 'format']);
    expect(details?.[0]?.message).toMatch(/columns.*another format.*RESULTS_EXPORT_MIB/);
    expect((await filesThere()).filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(refused.headers).not.toHaveProperty('content-disposition');
  });

  it('is a whole report', async () => {
    results.register(completed({ analysisType: 'full_report' }));
    const answer = await results.get(`${RAW}/aggregated?format=parquet`);
    expect([answer.statusCode, answer.json<ErrorBody>().details?.[0]?.path]).toEqual([400, 'format']);
  });

  it.each([
    'columns=nothing',
    'filter=nothing:eq:1',
    'sort=nothing',
    'limit=-1',
    `columns=%27%29%20TO%20%27x`,
  ])('is a wrong request: %s', async (query) => {
    const answer = await results.get(`${RAW}?format=parquet&${query}`);
    expect([answer.statusCode, await filesThere()]).toEqual([400, []]);
  });

  it('are results whose time was over while the file was made', async () => {
    results.beforeRows = () => {
      results.register(completed({ resultsDeleted: new Date(), expiresAt: new Date() }));
      return Promise.reject(new Error('files are gone'));
    };
    expect((await results.get(FILE)).statusCode).toBe(410);
    expect(await filesThere()).toEqual([]);
  });
});
