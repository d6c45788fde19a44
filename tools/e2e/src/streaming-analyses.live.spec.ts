import { join } from 'node:path';
import { STREAMED_ANALYSES } from '@millrace/domain';
import type { ConsistencyBody, StreamedAnalysis } from '@millrace/domain';
import { DEFAULT_POOL_SIZES, Events } from '@millrace/generator';
import { SparkSession } from 'spark-connect-js';
import { latestVersion } from './delta-rows';
import { ALL_TIME, call, deltaBasePath, endpoints, settled, submitBatch } from './stack-under-test';
import { countsOfWholeTopic } from './stream-counts';
import { ensureStreaming, produce, produceMessages, restartStream, streamStatus, TOPIC } from './streaming';
import { waitUntil } from './wait-until';

jest.setTimeout(600_000);

const EVENTS = 20_000;
const PORTION = 2_000;
const KEY_COLUMNS = ['category', 'payment_method', 'card_network', 'channel'];

type Row = Readonly<Record<string, unknown>>;
interface Page {
  readonly data: readonly Row[];
  readonly version?: number;
  readonly asOf?: string | null;
}

async function sendWithFaults(): Promise<void> {
  const events = new Events({
    pools: DEFAULT_POOL_SIZES,
    fraudRate: 0.02,
    seed: `streaming analyses ${Date.now()}`,
    faults: { malformed: 0.01, duplicate: 0.01, late: 0.01 },
    startTime: undefined,
    eventsPerSecond: 1_000,
  });
  for (let from = 0; from < EVENTS; from += PORTION) {
    await produceMessages(events.make(from, from + PORTION, new Date()).messages, TOPIC);
  }
}

/** The version that the analysis has read up to, once that is the table's last. */
const afterAllOf = (analysis: StreamedAnalysis): Promise<number> =>
  waitUntil(
    `${analysis} to have read the whole table`,
    async () => {
      const version = await latestVersion('stream/transactions');
      const { queries } = await streamStatus();
      const progress = queries.find(({ name }) => name === analysis)?.lastProgress;
      const { reservoirVersion } = (progress?.sources[0]?.endOffset ?? {}) as { reservoirVersion?: number };
      return reservoirVersion === version + 1 ? version : undefined;
    },
    { timeoutMs: 240_000, pollMs: 1_000 },
  );

const verify = async (analysis: StreamedAnalysis) => {
  const { status, body } = await call<ConsistencyBody>('POST', '/verify/consistency', { analysis });
  expect([status, body]).toEqual([200, expect.anything()]);
  return body;
};

const page = async (analysis: StreamedAnalysis): Promise<Page> => {
  const { status, body } = await call<Page>('GET', `/stream/analyses/${analysis}`);
  expect(status).toBe(200);
  return body;
};

const keyOf = (row: Row) => JSON.stringify(KEY_COLUMNS.map((column) => row[column] ?? null));

let versions: ReadonlyMap<StreamedAnalysis, number>;
let queryIds: readonly string[];

beforeAll(async () => {
  await ensureStreaming();
  // Before the analyses: they begin with what is there.
  await produce(500, 90);
  queryIds = await restartStream({ topic: TOPIC, analyses: [...STREAMED_ANALYSES] });
  await sendWithFaults();
  // The counts of a micro-batch are written after the last of its commits.
  await countsOfWholeTopic(240_000);
  const found = new Map<StreamedAnalysis, number>();
  for (const analysis of STREAMED_ANALYSES) found.set(analysis, await afterAllOf(analysis));
  versions = found;
});

afterAll(async () => {
  await restartStream({ topic: TOPIC });
  await ensureStreaming();
});

describe('a stream that keeps analyses', () => {
  it('has a query for each beside its own two, all in the status', async () => {
    expect(queryIds).toHaveLength(2 + STREAMED_ANALYSES.length);
    const { queries } = await streamStatus();
    expect(queries.map(({ id }) => id).sort()).toEqual([...queryIds].sort());
    expect(queries.every(({ isActive, error }) => isActive && error === null)).toBe(true);
    expect(queries.map(({ name }) => name)).toEqual(expect.arrayContaining([...STREAMED_ANALYSES]));
  });

  it.each(STREAMED_ANALYSES)(
    '%s: is equal to a batch over the same version in every cell',
    async (analysis) => {
      const body = await verify(analysis);
      expect(body).toMatchObject({ analysis, version: versions.get(analysis), equal: true, differences: [] });
      expect(body.rows).toBeGreaterThanOrEqual(5);
    },
  );

  it.each(STREAMED_ANALYSES)(
    '%s: answers what a batch answers, columns and shares and all',
    async (analysis) => {
      const sourceVersion = versions.get(analysis) ?? -1;
      const batchId = await submitBatch({ ...ALL_TIME, analysisType: analysis, sourceVersion });
      expect((await settled(batchId)).status).toBe('COMPLETED');
      const batch = (await call<Page>('GET', `/batch/data/${batchId}/aggregated`)).body.data;
      const { data, asOf } = await page(analysis);
      expect(asOf).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
      expect(data.map(keyOf)).toEqual(batch.map(keyOf));
      for (const [index, row] of data.entries()) {
        const other = batch[index] ?? {};
        expect(Object.keys(row)).toEqual(Object.keys(other));
        for (const [column, value] of Object.entries(row)) {
          const expected = other[column];
          // Sums of doubles depend on the order; a count that differs, differs by far more.
          if (typeof value === 'number' && typeof expected === 'number') {
            expect(Math.abs(value - expected)).toBeLessThanOrEqual(Math.abs(expected) * 1e-11);
          } else expect([column, value]).toEqual([column, expected]);
        }
      }
    },
  );

  it('shows a difference that somebody has planted, and names it', async () => {
    const { data } = await page('channel_performance');
    const [first] = data;
    const path = join(deltaBasePath(), 'stream', 'analyses', 'channel_performance');
    const spark = SparkSession.builder().remote(endpoints.sparkConnect).build();
    const channel = String(first?.['channel']);
    const add = (more: number) =>
      spark.sql(`UPDATE delta.\`${path}\` SET fraud_count = fraud_count + ${more} WHERE channel = :channel`, {
        channel,
      });
    try {
      await add(7);
      const count = Number(first?.['fraud_count']);
      expect(await verify('channel_performance')).toMatchObject({
        equal: false,
        different: 1,
        differences: [{ key: { channel }, column: 'fraud_count', stream: count + 7, batch: count }],
      });
      await add(-7);
      expect((await verify('channel_performance')).equal).toBe(true);
    } finally {
      await spark.stop();
    }
  });

  it.each(['hourly_trends', 'realtime_dashboard', ''])('does not keep %j', async (analysis) => {
    const { status, body } = await call<{ message: string }>('POST', '/stream/start', {
      topic: TOPIC,
      analyses: [analysis],
    });
    expect([status, body.message]).toEqual([
      400,
      'analyses.0: must be one of: revenue_by_category, payment_analysis, channel_performance',
    ]);
    expect((await call('POST', '/verify/consistency', { analysis })).status).toBe(400);
  });
});
