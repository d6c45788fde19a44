import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { ANALYSES, STORED_TRANSACTION_COLUMNS } from '@millrace/domain';
import type { BatchRecord, ErrorBody } from '@millrace/domain';
import { ResultsFixture, transactionsSql } from '../results.fixture';
import { rowStream } from './row-stream';

const BATCH = 'batch-20250115-a3f8e2b1';
const ROWS = 25_000;
const RAW = `/batch/data/${BATCH}`;
// Of lines they are not asked for.
const NO_BATCHES = () => {
  throw new Error('no batches');
};
const ALL = { limit: Number.MAX_SAFE_INTEGER, offset: 0 };

let results: ResultsFixture;

const completed = (overrides: Partial<BatchRecord> = {}) => results.completed(BATCH, overrides);

beforeEach(async () => {
  results = await ResultsFixture.create();
  results.register(completed());
  const raw = await results.table(results.paths.raw(BATCH), STORED_TRANSACTION_COLUMNS);
  const sql = transactionsSql(ROWS, {
    transaction_id: "lpad(range::VARCHAR, 6, '0')",
    event_timestamp: "TIMESTAMPTZ '2025-01-15 00:00:00+00' + to_microseconds(range)",
    product_name: "'a' || chr(10) || 'b'",
  });
  await raw.commit(1, [await raw.data('a.parquet', sql)]);
  const aggregated = await results.table(
    results.paths.aggregated(BATCH),
    ANALYSES.revenue_by_category.columns,
  );
  await aggregated.commit(1, [
    await aggregated.data(
      'a.parquet',
      "SELECT 'toys' AS category, 9007199254740993::BIGINT AS transaction_count",
    ),
  ]);
});

afterEach(async () => {
  await results.close();
});

const linesOf = (payload: string) => payload.split('\n').slice(0, -1);
const linesOfText = (text: string) => ({ rows: linesOf(text).length, bytes: Buffer.from(text) });

describe('rows as lines', () => {
  it('are all rows, however many, each as the page of JSON has it', async () => {
    const { statusCode, headers, payload } = await results.get(`${RAW}?format=ndjson`);
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'application/x-ndjson; charset=utf-8',
      'x-total-count': String(ROWS),
      'x-page-size': String(ROWS),
      'x-page-offset': '0',
      'delta-table-version': '1',
      vary: 'accept',
    });
    const lines = linesOf(payload);
    expect(lines).toHaveLength(ROWS);
    const page = (await results.get(`${RAW}?limit=1000&offset=19500`)).json<{ data: unknown[] }>();
    expect(lines.slice(19_500, 20_500).map((line) => JSON.parse(line) as unknown)).toEqual(page.data);
  });

  it.each([
    ['limit=15000&offset=9000', 15_000, '009000'],
    ['limit=15000&offset=24999', 1, '024999'],
    ['limit=1', 1, '000000'],
    ['offset=24000', 1_000, '024000'],
    ['offset=25000', 0, undefined],
    ['limit=0', 0, undefined],
  ])('are as many as asked for: %s', async (query, count, firstId) => {
    const { statusCode, headers, payload } = await results.get(`${RAW}?format=ndjson&${query}`);
    const lines = linesOf(payload).map((line) => JSON.parse(line) as { transaction_id: string });
    expect([statusCode, lines.length, headers['x-page-size']]).toEqual([200, count, String(count)]);
    expect(lines[0]?.transaction_id).toBe(firstId);
  });

  it.each([
    [{ accept: 'application/x-ndjson' }, '', 'application/x-ndjson'],
    [{ accept: 'text/html, Application/X-NDJSON;q=0.9' }, '', 'application/x-ndjson'],
    [{ accept: 'application/x-ndjson' }, '&format=json', 'application/json'],
    [{ accept: 'application/json, application/x-ndjson;q=0.1' }, '', 'application/json'],
    [{ accept: 'application/x-ndjson;q=0' }, '', 'application/json'],
    [{ accept: 'application/x-ndjson-like' }, '', 'application/json'],
    [{ accept: 'application/json;q=0.5, application/x-ndjson' }, '', 'application/x-ndjson'],
    [{ accept: '*/*' }, '', 'application/json'],
    [{ accept: 'text/html' }, '', 'application/json'],
    [{}, '', 'application/json'],
  ])('are given to whoever accepts %j%s', async (headers, query, type) => {
    const answer = await results.get(`${RAW}?limit=1${query}`, headers);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, `${type}; charset=utf-8`]);
  });

  it('keep numbers that JavaScript would round', async () => {
    const { payload } = await results.get(`${RAW}/agg?format=ndjson&columns=category,transaction_count`);
    expect(payload).toBe('{"category":"toys","transaction_count":9007199254740993}\n');
  });

  it('are not sent again to whoever has them', async () => {
    const { headers } = await results.get(`${RAW}?format=ndjson`);
    const again = await results.get(`${RAW}?format=ndjson`, { 'if-none-match': String(headers.etag) });
    expect([again.statusCode, again.payload]).toEqual([304, '']);
  });

  it('break off where a part cannot be read any more, and do not end as if that were all', async () => {
    const offsets: number[] = [];
    results.beforeRows = async (offset) => {
      offsets.push(offset);
      if (offset === 10_000) await rm(join(results.paths.raw(BATCH), 'a.parquet'));
    };
    await expect(results.get(`${RAW}?format=ndjson`)).rejects.toThrow();
    expect(offsets).toEqual([0, 5_000, 10_000]);
  });

  it('of Arrow break off as well', async () => {
    results.beforeRows = async (offset) => {
      if (offset === 10_000) await rm(join(results.paths.raw(BATCH), 'a.parquet'));
    };
    await expect(results.get(`${RAW}?format=arrow`)).rejects.toThrow();
  });

  it('are read as fast as they are taken', async () => {
    let read = 0;
    let isEnded = false;
    async function* chunks() {
      try {
        for (; read < 100; read += 1) yield await Promise.resolve(linesOfText('{}\n{}\n'));
      } finally {
        isEnded = true;
      }
    }
    const reader = {
      count: () => Promise.resolve(200),
      stream: chunks,
      recordBatches: NO_BATCHES,
      csvHeader: '',
    };
    const { stream: lines } = await rowStream(reader, ALL, 'ndjson');
    const taken = lines[Symbol.asyncIterator]();
    await taken.next();
    for (let turns = 0; turns < 50; turns += 1) await turn();
    expect(read).toBe(0);
    await taken.next();
    expect(read).toBe(1);
    lines.destroy();
    await once(lines, 'close');
    await turn();
    expect(isEnded).toBe(true);
  });

  it('let go of the table where nobody takes any', async () => {
    let isEnded = false;
    async function* chunks() {
      try {
        yield await Promise.resolve(linesOfText('{}\n'));
      } finally {
        isEnded = true;
      }
    }
    const { stream: lines } = await rowStream(
      { count: () => Promise.resolve(1), stream: chunks, recordBatches: NO_BATCHES, csvHeader: '' },
      ALL,
      'csv',
    );
    lines.destroy();
    await once(lines, 'close');
    await turn();
    expect(isEnded).toBe(true);
  });

  it('fail where there are fewer rows than the table says', async () => {
    async function* chunks() {
      yield await Promise.resolve(linesOfText('{}\n{}\n'));
    }
    const { stream: lines } = await rowStream(
      { count: () => Promise.resolve(3), stream: chunks, recordBatches: NO_BATCHES, csvHeader: '' },
      ALL,
      'ndjson',
    );
    await expect(lines.toArray()).rejects.toThrow('Of 3 rows from 0 on there are 2');
  });

  it('say nothing of the rows where there are none to give', async () => {
    for (const query of ['columns=nothing', 'format=ndjson&columns=nothing']) {
      const refused = await results.get(`${RAW}?${query}`);
      expect(refused.statusCode).toBe(400);
      expect(refused.headers).not.toHaveProperty('etag');
      expect(refused.headers).not.toHaveProperty('delta-table-version');
    }
  });
});

describe('columns', () => {
  it('are those asked for, in the order of the table', async () => {
    const { payload } = await results.get(
      `${RAW}?limit=1&columns=transaction_id,event_timestamp,transaction_id`,
    );
    const { data } = JSON.parse(payload) as { data: object[] };
    const known: string[] = STORED_TRANSACTION_COLUMNS.map(({ name }) => name);
    const asked = ['transaction_id', 'event_timestamp'];
    expect(Object.keys(data[0] ?? {})).toEqual(known.filter((name) => asked.includes(name)));
  });

  it.each(['nothing', '', 'transaction_id,', 'TRANSACTION_ID', 'transaction_id%3B--'])(
    'that the table does not have are refused: %s',
    async (columns) => {
      for (const format of ['json', 'ndjson']) {
        const answer = await results.get(`${RAW}?format=${format}&columns=${columns}`);
        const { error, details } = answer.json<ErrorBody>();
        expect([answer.statusCode, error, details?.[0]?.path]).toEqual([400, 'INVALID_REQUEST', 'columns']);
      }
    },
  );

  it.each(['format=xml', 'format=', 'format=json&format=ndjson'])('and %s is refused', async (query) => {
    const answer = await results.get(`${RAW}?${query}`);
    const { details } = answer.json<ErrorBody>();
    expect([answer.statusCode, details?.[0]?.path]).toEqual([400, 'format']);
  });

  it('and lines are of one table of a report', async () => {
    results.register(completed({ analysisType: 'full_report' }));
    for (const [path, query] of [
      ['format', 'format=ndjson'],
      ['columns', 'columns=category'],
    ]) {
      const answer = await results.get(`${RAW}/aggregated?${query ?? ''}`);
      const { details } = answer.json<ErrorBody>();
      expect([answer.statusCode, details?.[0]?.path]).toEqual([400, path]);
    }
  });
});
