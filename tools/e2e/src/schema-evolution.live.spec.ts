import type { ConsistencyBody, TableDetailBody } from '@millrace/domain';
import { latestVersion, queryDelta } from './delta-rows';
import { ALL_TIME, call, settled, submitBatch } from './stack-under-test';
import { ensureStreaming, produce, restartStream, streamStatus, TOPIC } from './streaming';
import type { QueryView } from './streaming';
import { waitUntil } from './wait-until';

jest.setTimeout(600_000);

const EVENTS = 200;
const WINDOWS_OF_AN_EVENT = 5;
const ANALYSIS = 'revenue_by_category';
const NEW_FIELDS = { loyalty_tier: 'gold', referrer: { code: 7.5, path: ['a', 'b'] } };

const listed = (ids: readonly string[]) => ids.map((id) => `'${id}'`).join();

/** Waits until the events are in the table; gives its version then. */
const stored = (ids: readonly string[]): Promise<number> =>
  waitUntil(
    'the events to be stored',
    async () => {
      const version = await latestVersion('stream/transactions');
      const [row] = await queryDelta(
        'stream/transactions',
        version,
        (rows) => `SELECT count(*) AS found FROM ${rows} WHERE transaction_id IN (${listed(ids)})`,
      );
      return row?.['found'] === BigInt(ids.length) ? version : undefined;
    },
    { timeoutMs: 120_000, pollMs: 1_000 },
  );

/** Waits until all queries have read the table up to a version. */
const readUpTo = (version: number): Promise<readonly QueryView[]> =>
  waitUntil(
    `the queries on the table to have read its version ${version}`,
    async () => {
      const { queries } = await streamStatus();
      const behind = queries
        .filter(({ name }) => name !== 'transactions')
        .filter(({ lastProgress }) => {
          const { reservoirVersion = -1 } = (lastProgress?.sources[0]?.endOffset ?? {}) as {
            reservoirVersion?: number;
          };
          return reservoirVersion <= version;
        });
      return behind.length === 0 ? queries : undefined;
    },
    { timeoutMs: 180_000, pollMs: 1_000 },
  );

/** Memberships of events in windows. */
async function inWindows(): Promise<number> {
  const [row] = await queryDelta(
    'stream/stream_aggregations',
    undefined,
    (rows) => `SELECT CAST(sum(txn_count) AS BIGINT) AS sum FROM ${rows}`,
  );
  return Number(row?.['sum'] ?? 0);
}

const qualifying = async (ids: readonly string[]): Promise<number> => {
  const [row] = await queryDelta(
    'stream/transactions',
    undefined,
    (rows) => `SELECT count(*) AS found FROM ${rows}
      WHERE transaction_status IN ('completed', 'pending') AND transaction_id IN (${listed(ids)})`,
  );
  return Number(row?.['found'] ?? 0);
};

let oldIds: string[];
let newIds: string[];
let windowsBefore: number;
let queriesBefore: readonly QueryView[];
let queriesAfter: readonly QueryView[];

beforeAll(async () => {
  await ensureStreaming();
  await restartStream({ topic: TOPIC, analyses: [ANALYSIS] });
  oldIds = await produce(EVENTS, 931);
  queriesBefore = await readUpTo(await stored(oldIds));
  windowsBefore = await inWindows();
  newIds = await produce(EVENTS, 932, TOPIC, NEW_FIELDS);
  queriesAfter = await readUpTo(await stored(newIds));
});

afterAll(async () => {
  await restartStream({ topic: TOPIC });
  await ensureStreaming();
});

describe('fields that the events did not have before', () => {
  it('are stored as text with each event that has them, and are null in those from before', async () => {
    const valuesOf = (ids: readonly string[]) =>
      queryDelta(
        'stream/transactions',
        undefined,
        (rows) => `SELECT loyalty_tier, referrer, count(*) AS events FROM ${rows}
          WHERE transaction_id IN (${listed(ids)}) GROUP BY ALL`,
      );
    const events = BigInt(EVENTS);
    expect(await valuesOf(oldIds)).toEqual([{ loyalty_tier: null, referrer: null, events }]);
    expect(await valuesOf(newIds)).toEqual([
      { loyalty_tier: 'gold', referrer: '{"code":7.5,"path":["a","b"]}', events },
    ]);
  });

  it('are columns of the table, behind those it had', async () => {
    const { body } = await call<TableDetailBody>('GET', '/tables/transactions');
    const text = { type: 'string', nullable: true };
    expect(body.columns.slice(32)).toEqual(
      expect.arrayContaining([
        { name: 'loyalty_tier', ...text },
        { name: 'referrer', ...text },
      ]),
    );
  });

  it('are in the rows of a batch', async () => {
    const batchId = await submitBatch({ ...ALL_TIME, analysisType: ANALYSIS });
    expect((await settled(batchId)).status).toBe('COMPLETED');
    const tiers = await queryDelta(
      `batches/${batchId}/raw`,
      undefined,
      (rows) => `SELECT loyalty_tier, count(*) AS events FROM ${rows}
        WHERE transaction_id IN (${listed([...oldIds, ...newIds])}) GROUP BY ALL ORDER BY ALL`,
    );
    expect(tiers).toEqual([
      { loyalty_tier: 'gold', events: BigInt(EVENTS) },
      { loyalty_tier: null, events: BigInt(EVENTS) },
    ]);
    const { body } = await call<{ data: object[] }>('GET', `/batch/data/${batchId}?limit=1`);
    expect(Object.keys(body.data[0] ?? {})).toEqual(expect.arrayContaining(['loyalty_tier', 'referrer']));
  });

  it('do not keep the windows from counting each event', async () => {
    const counted = await inWindows();
    expect(counted - windowsBefore).toBe(WINDOWS_OF_AN_EVENT * (await qualifying(newIds)));
  });

  it('do not keep a streamed analysis from being what a batch finds', async () => {
    const { status, body } = await call<ConsistencyBody>('POST', '/verify/consistency', {
      analysis: ANALYSIS,
    });
    expect([status, body]).toEqual([200, expect.objectContaining({ equal: true, differences: [] })]);
  });

  it('need nobody', async () => {
    expect(queriesAfter.map(({ name, state, error }) => ({ name, state, error }))).toEqual(
      queriesBefore.map(({ name }) => ({ name, state: 'RUNNING', error: null })),
    );
    const restartsOf = (queries: readonly QueryView[]) =>
      queries.find(({ name }) => name === 'transactions')?.restarts;
    expect(restartsOf(queriesAfter)).toBe(restartsOf(queriesBefore));
    const { body } = await call<{ warnings?: string[] }>('GET', '/health');
    expect((body.warnings ?? []).filter((warning) => warning.includes('streaming query'))).toEqual([]);
  });
});
