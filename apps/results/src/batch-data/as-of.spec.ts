import { rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { ANALYSES, STORED_TRANSACTION_COLUMNS } from '@millrace/domain';
import type { BatchRecord, ErrorBody } from '@millrace/domain';
import { ResultsFixture, transactionsSql } from '../results.fixture';

const BATCH = 'batch-20250115-a3f8e2b1';
const FIRST_COMMIT = new Date('2025-01-15T08:00:00.500Z');

let results: ResultsFixture;

/** A table whose versions 1 and 2 have two rows and one more. */
async function aTable(path: string, columns: (typeof ANALYSES)['revenue_by_category']['columns']) {
  const table = await results.table(path, columns);
  const isRaw = columns.some(({ name }) => name === 'transaction_id');
  const rows = (count: number) =>
    isRaw ? transactionsSql(count) : `SELECT 'books' AS category FROM range(${count})`;
  await table.commit(1, [await table.data('a.parquet', rows(2))]);
  await table.commit(2, [await table.data('b.parquet', rows(1))]);
  for (const version of [0, 1, 2]) {
    const time = new Date(FIRST_COMMIT.getTime() + version * 1_000);
    await utimes(join(path, '_delta_log', `${String(version).padStart(20, '0')}.json`), time, time);
  }
}

const completed = (overrides: Partial<BatchRecord> = {}) => results.completed(BATCH, overrides);

beforeEach(async () => {
  results = await ResultsFixture.create();
  results.register(completed());
  await aTable(results.paths.raw(BATCH), STORED_TRANSACTION_COLUMNS);
  await aTable(results.paths.aggregated(BATCH), ANALYSES.revenue_by_category.columns);
});

afterEach(async () => {
  await results.close();
});

const routes = ['', '/aggregated', '/agg'].map((route) => `/batch/data/${BATCH}${route}`);

describe.each(routes)('other versions of %s', (route) => {
  it.each([
    ['', '1', '2'],
    ['versionAsOf=0', '0', '0'],
    ['versionAsOf=1', '1', '2'],
    ['versionAsOf=2', '2', '3'],
    ['timestampAsOf=2025-01-15T08:00:01.499Z', '0', '0'],
    ['timestampAsOf=2025-01-15T13:30:01.5%2B05:30', '1', '2'],
    ['timestampAsOf=2025-01-15T08:00:02.5Z', '2', '3'],
  ])('%s is version %s, of %s rows', async (query, version, rows) => {
    const { statusCode, headers } = await results.get(`${route}?${query}`);
    expect(statusCode).toBe(200);
    expect([headers['delta-table-version'], headers['x-total-count']]).toEqual([version, rows]);
  });

  it.each([
    ['versionAsOf=3', 'versionAsOf', /newest version is 2/],
    ['versionAsOf=-1', 'versionAsOf', /whole number/],
    ['versionAsOf=', 'versionAsOf', /whole number/],
    ['versionAsOf=1&versionAsOf=2', 'versionAsOf', /./],
    [
      'timestampAsOf=2025-01-15T08:00:00Z',
      'timestampAsOf',
      /2025-01-15T08:00:00.500Z to 2025-01-15T08:00:02.500Z/,
    ],
    ['timestampAsOf=2025-01-15T08:00:03Z', 'timestampAsOf', /within the versions/],
    ['timestampAsOf=2025-01-15', 'timestampAsOf', /with its zone/],
    ['timestampAsOf=2025-01-15T08:00:00', 'timestampAsOf', /with its zone/],
    ['versionAsOf=1&timestampAsOf=2025-01-15T08:00:01Z', 'timestampAsOf', /together/],
  ])('refuses %s and names %s', async (query, path, message) => {
    const answer = await results.get(`${route}?${query}`);
    const { error, details } = answer.json<ErrorBody>();
    expect([answer.statusCode, error]).toEqual([400, 'INVALID_REQUEST']);
    expect(details).toEqual([{ path, message: expect.stringMatching(message) as string }]);
  });

  it('have tags of their own', async () => {
    const tagOf = async (query: string) => (await results.get(`${route}?${query}`)).headers.etag;
    expect(await tagOf('versionAsOf=1')).toBe(await tagOf(''));
    expect(await tagOf('versionAsOf=2')).not.toBe(await tagOf(''));
  });
});

it('asks which table of a report is meant', async () => {
  results.register(completed({ analysisType: 'full_report' }));
  for (const parameter of ['versionAsOf=0', 'timestampAsOf=2025-01-15T08:00:01Z']) {
    const answer = await results.get(`/batch/data/${BATCH}/aggregated?${parameter}`);
    expect([answer.statusCode, answer.json<ErrorBody>().message]).toEqual([
      400,
      expect.stringContaining('needs analysis'),
    ]);
  }
});

it('says that its time is over, where it was deleted under the reader', async () => {
  results.beforeReading = () => {
    results.register(completed({ resultsDeleted: new Date(), deltaRawPath: results.paths.raw(BATCH) }));
    return rm(results.paths.raw(BATCH), { recursive: true });
  };
  const answer = await results.get(`/batch/data/${BATCH}?versionAsOf=1`);
  expect([answer.statusCode, answer.json<ErrorBody>().error]).toEqual([410, 'BATCH_EXPIRED']);
});

it('says that a table is gone, whatever version of it is asked for', async () => {
  results.register(completed({ deltaRawPath: results.paths.raw('batch-20250115-00000000') }));
  const answer = await results.get(`/batch/data/${BATCH}?timestampAsOf=2025-01-15T08:00:01Z`);
  expect([answer.statusCode, answer.json<ErrorBody>().error]).toEqual([410, 'RESULTS_MISSING']);
});
