import { rm } from 'node:fs/promises';
import { ANALYSES, ANALYSIS_NAMES, STORED_TRANSACTION_COLUMNS } from '@millrace/domain';
import type { AnalysisName, BatchRecord } from '@millrace/domain';
import { ResultsFixture, transactionsSql } from '../results.fixture';

const BATCH = 'batch-20250115-a3f8e2b1';
const SINGLE = `/batch/data/${BATCH}/aggregated`;

/** Rows in order of the catalog: the first analysis has one, the last eight. */
const rowsOf = (name: AnalysisName) => ANALYSIS_NAMES.indexOf(name) + 1;
const TOTAL = 36;

const SQL_TYPES: Readonly<Record<string, string>> = {
  string: 'VARCHAR',
  timestamp: 'TIMESTAMPTZ',
  'array<string>': 'VARCHAR[]',
};

/** The row's number in the column that orders last, so that the order of rows can be told. */
function analysisSql(name: AnalysisName): string {
  const { columns, order } = ANALYSES[name];
  const last = order.at(-1)?.column;
  const cells = columns.map((column) => {
    const type = SQL_TYPES[column.type] ?? column.type;
    if (column.name === last) return `range::${type} AS ${column.name}`;
    const value = column.name === 'affected_cities' ? `['Paris', 'O''Fallon "IL"', NULL]` : 'NULL';
    return `${value}::${type} AS ${column.name}`;
  });
  return `SELECT ${cells.join(', ')} FROM range(${String(rowsOf(name))}) ORDER BY range DESC`;
}

const executionsOf = (version: (name: AnalysisName) => number): BatchRecord['executions'] =>
  Object.fromEntries(
    ANALYSIS_NAMES.map((name) => [
      `aggregated/${name}`,
      {
        operationId: 'o',
        sessionId: 's',
        outcome: { version: version(name), rowCount: rowsOf(name) },
      },
    ]),
  );

interface Report {
  readonly batchId: string;
  readonly analysisType: string;
  readonly analyses: Readonly<Record<string, { page: object; data: Record<string, unknown>[] }>>;
}

describe('the data of a full report', () => {
  let results: ResultsFixture;

  const completed = (overrides: Partial<BatchRecord> = {}): Partial<BatchRecord> => ({
    analysisType: 'full_report',
    status: 'COMPLETED',
    rowCount: 3n,
    deltaRawPath: results.paths.raw(BATCH),
    deltaAggPath: results.paths.aggregated(BATCH),
    rawVersion: 1n,
    aggVersion: null,
    executions: executionsOf(() => 1),
    ...overrides,
  });

  beforeEach(async () => {
    results = await ResultsFixture.create();
    results.register(completed());
    const raw = await results.table(results.paths.raw(BATCH), STORED_TRANSACTION_COLUMNS, ['category']);
    await raw.commit(1, [await raw.data('a.parquet', transactionsSql(3), { category: 'books' })]);
    for (const name of ANALYSIS_NAMES) {
      const table = await results.table(results.paths.aggregated(BATCH, name), ANALYSES[name].columns);
      await table.commit(1, [await table.data('a.parquet', analysisSql(name))]);
      await table.commit(2, [await table.data('b.parquet', analysisSql(name))]);
    }
  });

  afterEach(async () => {
    await results.close();
  });

  it.each(['aggregated', 'agg'])('answers a page of every analysis under /%s', async (path) => {
    const response = await results.get(`/batch/data/${BATCH}/${path}`);
    expect(response.statusCode).toBe(200);
    const report = response.json<Report>();
    expect(Object.keys(report)).toEqual(['batchId', 'analysisType', 'analyses']);
    expect(report).toMatchObject({ batchId: BATCH, analysisType: 'full_report' });
    expect(Object.keys(report.analyses)).toEqual([...ANALYSIS_NAMES]);
    for (const name of ANALYSIS_NAMES) {
      const rows = rowsOf(name);
      expect(Object.keys(report.analyses[name] ?? {})).toEqual(['page', 'data']);
      expect(report.analyses[name]?.page).toEqual({
        limit: 100,
        offset: 0,
        returned: rows,
        hasMore: false,
        total: rows,
      });
      expect(report.analyses[name]?.data).toHaveLength(rows);
      expect(Object.keys(report.analyses[name]?.data[0] ?? {})).toEqual(
        ANALYSES[name].columns.map((column) => column.name),
      );
    }
    expect(response.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-total-count': String(TOTAL),
      'x-page-size': '100',
      'x-page-offset': '0',
    });
    expect(response.headers).not.toHaveProperty('delta-table-version');
  });

  it('pages each analysis by itself, in its own order', async () => {
    const { analyses } = (await results.get(`${SINGLE}?limit=2&offset=1`)).json<Report>();
    expect(analyses['revenue_by_category']).toEqual({
      page: { limit: 2, offset: 1, returned: 0, hasMore: false, total: 1 },
      data: [],
    });
    expect(analyses['hourly_trends']?.page).toEqual({
      limit: 2,
      offset: 1,
      returned: 2,
      hasMore: true,
      total: rowsOf('hourly_trends'),
    });
    expect(analyses['hourly_trends']?.data.map((row) => row['event_hour'])).toEqual([1, 2]);
    expect(analyses['channel_performance']?.data.map((row) => row['channel'])).toEqual(['1', '2']);
  });

  it('gives lists as JSON arrays', async () => {
    const { data } = (await results.get(`${SINGLE}?analysis=fraud_analysis&limit=1`)).json<{
      data: { affected_cities: unknown }[];
    }>();
    expect(data[0]?.affected_cities).toEqual(['Paris', 'O\'Fallon "IL"', null]);
  });

  it('answers one analysis as a batch of that analysis does', async () => {
    const response = await results.get(`${SINGLE}?analysis=revenue_by_region&limit=1`);
    expect(response.statusCode).toBe(200);
    expect(Object.keys(response.json<object>())).toEqual(['batchId', 'analysisType', 'page', 'data']);
    expect(response.json()).toMatchObject({
      batchId: BATCH,
      analysisType: 'revenue_by_region',
      page: { limit: 1, offset: 0, returned: 1, hasMore: true, total: 2 },
      data: [{ city: '0' }],
    });
    expect(response.headers).toMatchObject({ 'x-total-count': '2', 'delta-table-version': '1' });
  });

  it('reads exactly the versions of its members', async () => {
    results.register(completed({ executions: executionsOf((name) => (name === 'fraud_analysis' ? 2 : 1)) }));
    const response = await results.get(SINGLE);
    expect(response.headers['x-total-count']).toBe(String(TOTAL + rowsOf('fraud_analysis')));
  });

  it('has an entity tag for each body, which changes with the version of any member', async () => {
    const urls = [SINGLE, ...ANALYSIS_NAMES.map((name) => `${SINGLE}?analysis=${name}`), `${SINGLE}?limit=1`];
    const tags = await Promise.all(urls.map(async (url) => (await results.get(url)).headers['etag']));
    expect(new Set(tags).size).toBe(urls.length);
    const [tag] = tags;
    const known = await results.get(SINGLE, { 'if-none-match': String(tag) });
    expect(known.statusCode).toBe(304);
    results.register(
      completed({ executions: executionsOf((name) => (name === 'inventory_velocity' ? 2 : 1)) }),
    );
    expect((await results.get(SINGLE, { 'if-none-match': String(tag) })).statusCode).toBe(200);
  });

  it.each([
    ['analysis=full_report', ANALYSIS_NAMES.join(', ')],
    ['analysis=sales', ANALYSIS_NAMES.join(', ')],
    ['analysis=..%2Fraw', ANALYSIS_NAMES.join(', ')],
    ['analysis=', ANALYSIS_NAMES.join(', ')],
    ['analysis=fraud_analysis&analysis=hourly_trends', 'must be given once'],
  ])('refuses ?%s and tells what there is', async (query, told) => {
    const response = await results.get(`${SINGLE}?${query}`);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({
      error: 'INVALID_REQUEST',
      details: [{ path: 'analysis', message: expect.stringContaining(told) as string }],
    });
  });

  it('refuses an analysis of raw rows', async () => {
    const response = await results.get(`/batch/data/${BATCH}?analysis=fraud_analysis`);
    expect(response.json()).toMatchObject({ details: [{ path: 'analysis' }] });
  });

  it('takes the one analysis that a batch has, and no other', async () => {
    const path = results.paths.aggregated(BATCH, 'fraud_analysis');
    results.register(
      completed({ analysisType: 'fraud_analysis', deltaAggPath: path, aggVersion: 1n, executions: {} }),
    );
    const [plain, named] = await Promise.all(
      [SINGLE, `${SINGLE}?analysis=fraud_analysis`].map((url) => results.get(url)),
    );
    expect(named?.statusCode).toBe(200);
    expect(named?.body).toBe(plain?.body);
    expect(named?.headers['etag']).toBe(plain?.headers['etag']);
    const other = await results.get(`${SINGLE}?analysis=hourly_trends`);
    expect(other.statusCode).toBe(400);
    expect(other.json()).toMatchObject({
      details: [{ path: 'analysis', message: 'must be one that this batch has: fraud_analysis' }],
    });
  });

  it('names the analysis whose table was deleted, and answers the others', async () => {
    await rm(results.paths.aggregated(BATCH, 'hourly_trends'), { recursive: true });
    for (const url of [SINGLE, `${SINGLE}?analysis=hourly_trends`]) {
      const response = await results.get(url);
      expect(response.statusCode).toBe(410);
      expect(response.json<{ message: string }>().message).toContain('"aggregated/hourly_trends"');
    }
    expect((await results.get(`${SINGLE}?analysis=fraud_analysis`)).statusCode).toBe(200);
  });

  it('answers 500 for a completed report that misses the version of a member', async () => {
    const executions = Object.entries(executionsOf(() => 1));
    const left = executions.filter(([step]) => step !== 'aggregated/hourly_trends');
    results.register(completed({ executions: Object.fromEntries(left) }));
    expect((await results.get(SINGLE)).statusCode).toBe(500);
    expect((await results.get(`${SINGLE}?analysis=fraud_analysis`)).statusCode).toBe(200);
  });

  describe('whose time is over', () => {
    const given = () =>
      completed({
        expiresAt: new Date('2025-01-22T10:30:00Z'),
        resultsDeleted: new Date('2025-01-22T10:31:00Z'),
      });

    it.each(['', '/aggregated', '/agg', '/aggregated?analysis=fraud_analysis'])(
      'answers 410 under %s while its files are still there',
      async (path) => {
        results.register(given());
        const response = await results.get(`/batch/data/${BATCH}${path}`);
        expect(response.statusCode).toBe(410);
        expect(response.json()).toMatchObject({
          error: 'BATCH_EXPIRED',
          batchId: BATCH,
          message: expect.stringContaining('2025-01-22T10:30:00.000Z') as string,
        });
      },
    );

    it('finishes a page that was asked for before', async () => {
      results.beforeReading = () => {
        results.register(given());
        return Promise.resolve();
      };
      const response = await results.get(SINGLE);
      expect(response.statusCode).toBe(200);
      expect(response.headers['x-total-count']).toBe(String(TOTAL));
      expect((await results.get(SINGLE)).statusCode).toBe(410);
    });

    it('answers 410, not 500, to a reader whose files went away under it', async () => {
      results.beforeReading = async () => {
        results.register(given());
        await rm(results.paths.aggregated(BATCH), { recursive: true, force: true });
      };
      expect((await results.get(SINGLE)).statusCode).toBe(410);
    });
  });
});
