import { rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ANALYSIS_NAMES,
  STORED_TRANSACTION_COLUMNS,
  tableDetailSchema,
  tableHistorySchema,
  upkeepRunsSchema,
} from '@millrace/domain';
import type { BatchRecord, ErrorBody, TableDetailBody } from '@millrace/domain';
import { aUuid, anUpkeepRun } from '@millrace/testing';
import { ResultsFixture, transactionsSql } from '../results.fixture';

const BATCH = 'batch-20250115-a3f8e2b1';
const WRITTEN = new Date('2025-01-15T08:00:00.500Z');

let results: ResultsFixture;

beforeEach(async () => {
  results = await ResultsFixture.create();
});

afterEach(async () => {
  await results.close();
});

const completed = (overrides: Partial<BatchRecord> = {}) =>
  results.completed(BATCH, { rawVersion: 0n, aggVersion: 0n, ...overrides });

/** The stream's table with two files of one day and one of the next, in versions 1 and 2. */
async function aStreamTable() {
  const table = await results.table(results.paths.transactions, STORED_TRANSACTION_COLUMNS, ['event_date']);
  const file = (name: string, rows: number, event_date: string) =>
    table.data(name, transactionsSql(rows), { event_date });
  const commitInfo = {
    operation: 'STREAMING UPDATE',
    operationParameters: { outputMode: 'Append', epochId: '7' },
    operationMetrics: { numAddedFiles: '2' },
    userMetadata: '{"queryId":"q","batchId":7}',
  };
  await table.commit(1, [{ commitInfo }, await file('a', 3, '2025-01-16'), await file('b', 4, '2025-01-15')]);
  await table.commit(2, [
    { commitInfo: { operation: 'WRITE', userMetadata: 'of somebody else' } },
    await file('c', 5, '2025-01-15'),
  ]);
  for (const [version, seconds] of [0, 1, 2].entries()) {
    const time = new Date(WRITTEN.getTime() + seconds * 1_000);
    await utimes(join(table.path, '_delta_log', `${String(version).padStart(20, '0')}.json`), time, time);
  }
  return table;
}

describe('GET /tables/:name', () => {
  it('tells what the newest version is made of', async () => {
    await aStreamTable();
    const answer = await results.get('/tables/transactions');
    expect(answer.statusCode).toBe(200);
    const body = tableDetailSchema.strict().parse(answer.json());
    expect(body).toMatchObject({
      name: 'transactions',
      version: 2,
      lastCommit: { time: '2025-01-15T08:00:02.500Z', operation: 'WRITE' },
      files: 3,
      rows: 12,
      partitionColumns: ['event_date'],
      partitionCount: 2,
      partitions: [
        { values: { event_date: '2025-01-15' }, files: 2 },
        { values: { event_date: '2025-01-16' }, files: 1 },
      ],
      upkeep: [],
    });
    expect(body.bytes).toBe(body.partitions.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(body.bytes).toBeGreaterThan(0);
    const types = body.columns.map(({ name, type }) => [name, type]);
    expect(types).toEqual(STORED_TRANSACTION_COLUMNS.map(({ name, type }) => [name, type]));
  });

  it('tells the last runs of upkeep', async () => {
    await aStreamTable();
    for (const number of [1, 2, 3, 4, 5, 6]) {
      const runId = aUuid(number);
      await results.upkeep.begin(anUpkeepRun({ runId, startTime: new Date(number * 1_000) }));
      const end = {
        status: 'COMPLETED',
        endTime: new Date(number * 1_000 + 250),
        metrics: { filesAdded: 1 },
      };
      await results.upkeep.end(runId, end as never);
    }
    const { upkeep } = (await results.get('/tables/transactions')).json<TableDetailBody>();
    expect(upkeep.map(({ runId }) => runId)).toEqual([6, 5, 4, 3, 2].map(aUuid));
    expect(upkeep[0]).toMatchObject({ operation: 'optimize', status: 'COMPLETED', durationMs: 250 });
  });

  it('knows the tables of a batch, and of a full report each', async () => {
    const [record] = results.register(completed());
    await results.table(results.paths.raw(BATCH), [{ name: 'a', type: 'bigint', nullable: true }]);
    const raw = await results.get(`/tables/${BATCH}.raw`);
    expect(raw.json()).toMatchObject({ name: `${BATCH}.raw`, version: 0, files: 0, rows: 0, partitions: [] });
    expect(raw.json()).toMatchObject({ columns: [{ name: 'a', type: 'bigint', nullable: true }] });
    expect(record?.analysisType).not.toBe('full_report');
    const other = await results.get(`/tables/${BATCH}.aggregated.hourly_trends`);
    expect(other.statusCode).toBe(404);
    expect(other.json<ErrorBody>().message).toContain(`${BATCH}.aggregated`);
  });

  it('says what is missing, and whose', async () => {
    const nothing = await results.get('/tables/rejects');
    expect([nothing.statusCode, nothing.json()]).toMatchObject([404, { error: 'TABLE_NOT_FOUND' }]);
    expect(nothing.json<ErrorBody>().message).toContain('rejects was not made yet');
    results.register(completed());
    const deleted = await results.get(`/tables/${BATCH}.raw`);
    expect([deleted.statusCode, deleted.json()]).toMatchObject([410, { error: 'RESULTS_MISSING' }]);
    results.register({ status: 'RUNNING' });
    expect((await results.get(`/tables/${BATCH}.raw`)).json()).toMatchObject({ error: 'BATCH_NOT_READY' });
    results.register();
    expect((await results.get(`/tables/${BATCH}.raw`)).json()).toMatchObject({ error: 'BATCH_NOT_FOUND' });
  });

  it('is right again when a table was deleted and made anew', async () => {
    const { path } = await aStreamTable();
    expect((await results.get('/tables/transactions')).statusCode).toBe(200);
    await rm(path, { recursive: true });
    expect((await results.get('/tables/transactions')).statusCode).toBe(404);
  });

  it.each(['nothing', '..%2fx', BATCH, `${BATCH}.aggregated.full_report`])(
    'knows no other name: %s',
    async (name) => {
      for (const url of [`/tables/${name}`, `/tables/${name}/history`, `/tables/${name}/upkeep`]) {
        const answer = await results.get(url);
        expect([answer.statusCode, answer.json()]).toMatchObject([404, { error: 'TABLE_NOT_FOUND' }]);
        expect(answer.json<ErrorBody>().message).toContain('<batchId>.raw');
      }
    },
  );

  it('is for our own services', async () => {
    for (const url of [
      '/tables/transactions',
      '/tables/transactions/history',
      '/tables/transactions/upkeep',
    ]) {
      expect((await results.get(url, { authorization: 'Bearer wrong' })).statusCode).toBe(401);
    }
  });
});

describe('GET /tables/:name/history', () => {
  it('tells the commits, newest first', async () => {
    await aStreamTable();
    const answer = await results.get('/tables/transactions/history');
    expect(tableHistorySchema.strict().parse(answer.json())).toEqual({
      name: 'transactions',
      history: [
        {
          version: 2,
          time: '2025-01-15T08:00:02.500Z',
          operation: 'WRITE',
          operationParameters: {},
          operationMetrics: {},
          userMetadata: null,
        },
        {
          version: 1,
          time: '2025-01-15T08:00:01.500Z',
          operation: 'STREAMING UPDATE',
          operationParameters: { outputMode: 'Append', epochId: '7' },
          operationMetrics: { numAddedFiles: '2' },
          userMetadata: { queryId: 'q', batchId: 7 },
        },
        {
          version: 0,
          time: '2025-01-15T08:00:00.500Z',
          operation: null,
          operationParameters: {},
          operationMetrics: {},
          userMetadata: null,
        },
      ],
    });
  });

  it('is no longer than asked for', async () => {
    await aStreamTable();
    const lengthOf = async (query: string) =>
      (await results.get(`/tables/transactions/history${query}`)).json<{ history: unknown[] }>().history
        .length;
    expect(await lengthOf('?limit=2')).toBe(2);
    expect(await lengthOf('?limit=999999999')).toBe(3);
  });

  it.each(['limit=0', 'limit=-1', 'limit=x', 'limit=1&limit=2', 'limit=', 'version=1'])(
    'refuses ?%s',
    async (query) => {
      await aStreamTable();
      for (const what of ['history', 'upkeep']) {
        const answer = await results.get(`/tables/transactions/${what}?${query}`);
        expect([answer.statusCode, answer.json()]).toMatchObject([400, { error: 'INVALID_REQUEST' }]);
      }
    },
  );
});

describe('GET /tables/:name/upkeep', () => {
  it('tells the runs, newest first, also of one that failed', async () => {
    await results.upkeep.begin(anUpkeepRun({ table: 'rejects' }));
    const endTime = new Date(anUpkeepRun().startTime.getTime() + 1_500);
    await results.upkeep.end(aUuid(1), { status: 'SKIPPED', endTime, errorMessage: 'There is no table' });
    await results.upkeep.begin(anUpkeepRun({ table: 'rejects', runId: aUuid(2), startTime: endTime }));
    const answer = await results.get('/tables/rejects/upkeep');
    const body = upkeepRunsSchema.strict().parse(answer.json());
    expect(body).toMatchObject({
      table: 'rejects',
      operations: ['optimize', 'vacuum'],
      runs: [
        { runId: aUuid(2), status: 'RUNNING', endTime: null, durationMs: null, metrics: null },
        { runId: aUuid(1), status: 'SKIPPED', durationMs: 1_500, errorMessage: 'There is no table' },
      ],
    });
    const one = await results.get('/tables/rejects/upkeep?limit=1');
    expect(one.json<{ runs: unknown[] }>().runs).toHaveLength(1);
  });

  it('has none of a table that takes no upkeep', async () => {
    const none = { operations: [], runs: [] };
    expect((await results.get('/tables/seed/upkeep')).json()).toEqual({ table: 'seed', ...none });
    results.register(completed());
    const name = `${BATCH}.raw`;
    expect((await results.get(`/tables/${name}/upkeep`)).json()).toEqual({ table: name, ...none });
  });

  it('names the members of a full report where one was not named', async () => {
    results.register(
      completed({ analysisType: 'full_report', aggVersion: null, executions: reportExecutions() }),
    );
    const answer = await results.get(`/tables/${BATCH}.aggregated/upkeep`);
    expect(answer.statusCode).toBe(404);
    for (const analysis of ANALYSIS_NAMES) {
      expect(answer.json<ErrorBody>().message).toContain(`${BATCH}.aggregated.${analysis}`);
      expect((await results.get(`/tables/${BATCH}.aggregated.${analysis}/upkeep`)).statusCode).toBe(200);
    }
  });
});

/** Of a report whose members have all committed. */
function reportExecutions() {
  const outcome = { version: 0, rowCount: 1 };
  return Object.fromEntries(
    ANALYSIS_NAMES.map((analysis) => [
      `aggregated/${analysis}`,
      { operationId: 'o', sessionId: 's', outcome },
    ]),
  );
}
