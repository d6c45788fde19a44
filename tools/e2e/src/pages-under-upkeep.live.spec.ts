import { tableDetailSchema } from '@millrace/domain';
import type { DeltaField } from '@millrace/delta';
import type { KeptTable, UpkeepOperation } from '@millrace/domain';
import { openRegistry } from '@millrace/registry';
import { SparkSession } from 'spark-connect-js';
import { queryDelta } from './delta-rows';
import { ensureHistory } from './history';
import { differenceOf, pathOf, rowsByPages, rowsBySpark, shownFields } from './paged-table';
import type { PagedTable } from './paged-table';
import { call, day, deltaBasePath, endpoints, settled, submitBatch } from './stack-under-test';
import { ensureStreaming, produce, rawBatchId, restartStream, TOPIC } from './streaming';
import { askForUpkeep, upkeepRun } from './upkeep-jobs';
import { abandonFile, isThere, keepUp } from './upkeep-of-results';
import type { Sorting } from './upkeep-of-results';
import { waitUntil } from './wait-until';

jest.setTimeout(900_000);

/** Only the history, and more of it than is sorted at once. */
const DAYS = { startDate: day(-60), endDate: day(-10) };
const ROUNDS = 2;
/** Of each table, also where a slow machine is through with the upkeep before. */
const FEWEST_READINGS = 2;
const BATCH_TOPIC = 'transactions-batch';
const KEPT = 'channel_performance';
/** What upkeep does to tables of the stream, beside what it does to the results of batches. */
const STREAM_UPKEEP: readonly (readonly [KeptTable, UpkeepOperation])[] = [
  ['transactions', 'optimize'],
  ['transactions', 'vacuum'],
  [KEPT, 'vacuum'],
];
/** Longer ago than results stay that nobody is sent to any more. */
const GIVEN_UP_MS = 3_600_000;
const NOTHING = { missing: [], tooMany: [] };

/** A table, and what must be on its pages. */
interface Known extends PagedTable {
  readonly fields: readonly DeltaField[];
  readonly rows: readonly string[];
  readonly sorting: Sorting;
}

interface KeptPage {
  readonly version: number;
  readonly page: { readonly hasMore: boolean };
  readonly data: readonly Readonly<Record<string, unknown>>[];
}

let spark: SparkSession;
let known: readonly Known[];
let doomed: string;

async function completed(batchId: string): Promise<string> {
  expect(await settled(batchId, 240_000)).toMatchObject({ status: 'COMPLETED', errorMessage: null });
  return batchId;
}

const batchOf = async (analysisType: string): Promise<string> =>
  completed(await submitBatch({ ...DAYS, analysisType }));

async function batchOfTopic(): Promise<string> {
  await produce(700, Date.now(), BATCH_TOPIC);
  const { body } = await call<{ batchId: string }>('POST', '/batch/run', {
    ...{ topic: BATCH_TOPIC, startOffset: 'earliest', endOffset: 'latest' },
    analysisType: 'payment_analysis',
  });
  return completed(body.batchId);
}

const rawOf = (id: string) => ({ folder: `batches/${id}/raw`, name: `${id}.raw` });
const analysisOf = (id: string) => ({ folder: `batches/${id}/aggregated`, name: `${id}.aggregated` });

function tablesOf(ofDays: string, ofTopic: string): (PagedTable & Pick<Known, 'sorting'>)[] {
  const [days, topic] = [`/batch/data/${ofDays}`, `/batch/data/${ofTopic}`];
  const sorting = { by: 'customer_id', where: "category = 'electronics'" };
  const narrow = ['transaction_id', 'event_timestamp', 'total_amount', 'card_network'];
  return [
    {
      ...{ shape: 'wide rows in partitions', by: 'offset', limit: 1_499, path: `${days}?` },
      ...{ ...rawOf(ofDays), hasVersions: true, sorting },
    },
    {
      ...{ shape: 'rows behind a group', by: 'cursor', limit: 97 },
      path: `${days}/aggregated/rows?filter=customer_tier:eq:gold&`,
      where: "transaction_status = 'completed' AND customer_tier = 'gold'",
      ...{ ...rawOf(ofDays), hasVersions: false, sorting },
    },
    {
      ...{ shape: 'many groups', by: 'cursor', limit: 311, path: `${days}/aggregated?` },
      ...{ ...analysisOf(ofDays), hasVersions: true, sorting: { by: 'customer_id' } },
    },
    {
      ...{ shape: 'some columns of the rows of a topic, the dearest first', by: 'cursor', limit: 389 },
      ...{ path: `${topic}?sort=-total_amount&columns=${narrow.join(',')}&`, columns: narrow },
      ...{ ...rawOf(ofTopic), hasVersions: true, sorting },
    },
    {
      ...{ shape: 'few groups, with nulls', by: 'offset', limit: 2, path: `${topic}/aggregated?` },
      ...{ ...analysisOf(ofTopic), hasVersions: true, sorting: { by: 'payment_method' } },
    },
  ];
}

beforeAll(async () => {
  spark = SparkSession.builder().remote(endpoints.sparkConnect).build();
  await ensureHistory();
  const [ofDays, ofTopic, other] = await Promise.all([
    batchOf('customer_segmentation'),
    batchOfTopic(),
    batchOf('channel_performance'),
    restartStream({ topic: TOPIC, analyses: [KEPT] }),
  ]);
  doomed = other;
  const kept = async () =>
    (await call('GET', `/stream/analyses/${KEPT}`)).status === 200 ? true : undefined;
  await waitUntil(`the stream to keep ${KEPT}`, kept, { timeoutMs: 120_000 });
  known = await Promise.all(
    tablesOf(ofDays, ofTopic).map(async (table) => {
      const fields = await shownFields(table);
      return { ...table, fields, rows: await rowsBySpark(spark, table, fields) };
    }),
  );
});

afterAll(async () => {
  await spark.stop();
  await restartStream({ topic: TOPIC });
  await ensureStreaming();
});

async function newestVersion({ name }: PagedTable): Promise<number> {
  const { body } = await call('GET', `/tables/${name}`);
  return tableDetailSchema.parse(body).version;
}

/** In turns of the version that the batch committed and of the newest one, which upkeep has made. */
async function readWhile(isBusy: () => boolean, table: Known): Promise<number> {
  let readings = 0;
  for (; isBusy() || readings < FEWEST_READINGS; readings += 1) {
    const version = table.hasVersions && readings % 2 === 1 ? await newestVersion(table) : undefined;
    const found = await rowsByPages(table, table.fields, version);
    const of = [table.shape, version];
    expect([of, differenceOf(table.rows, found)]).toEqual([of, NOTHING]);
  }
  return readings;
}

/** All pages of the analysis that the stream keeps, of one version; undefined where it changed between two of them. */
async function keptRows() {
  const rows: Readonly<Record<string, unknown>>[] = [];
  let version: number | undefined;
  for (;;) {
    const path = `/stream/analyses/${KEPT}?limit=2&offset=${rows.length}`;
    const { status, body } = await call<KeptPage>('GET', path);
    expect(status).toBe(200);
    if (version !== undefined && body.version !== version) return undefined;
    version = body.version;
    rows.push(...body.data);
    if (!body.page.hasMore) return { version, rows };
  }
}

async function readKeptWhile(isBusy: () => boolean): Promise<number> {
  let readings = 0;
  while (isBusy() || readings < FEWEST_READINGS) {
    const found = await keptRows();
    if (found === undefined) continue;
    const stored = await queryDelta(
      `stream/analyses/${KEPT}`,
      found.version,
      (rows) => `SELECT channel, transaction_count::INT AS transaction_count FROM ${rows}`,
    );
    const [expected, rows] = [stored, found.rows].map((all) =>
      all.map(({ channel, transaction_count: count }) => JSON.stringify([channel, count])),
    );
    expect([found.version, differenceOf(expected ?? [], rows ?? [])]).toEqual([found.version, NOTHING]);
    readings += 1;
  }
  return readings;
}

/** In each round files of each table are replaced. */
async function keepUpResults(): Promise<void> {
  const sortings = new Map(known.map((table) => [pathOf(table), table.sorting]));
  const abandoned = await Promise.all([...sortings.keys()].map(abandonFile));
  const keepUpOne = async ([path, sorting]: [string, Sorting]) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const replaced = await keepUp(spark, path, sorting);
      expect([path, replaced > 0]).toEqual([path, true]);
    }
  };
  await Promise.all([...sortings].map(keepUpOne));
  expect(await Promise.all(abandoned.map(isThere))).toEqual(abandoned.map(() => false));
}

async function keepUpStream(): Promise<void> {
  const abandoned = await abandonFile(`${deltaBasePath()}/stream/transactions`);
  const asked: (readonly [KeptTable, string])[] = [];
  for (const [table, operation] of STREAM_UPKEEP) asked.push([table, await askForUpkeep(table, operation)]);
  for (const [table, jobId] of asked) {
    const run = await upkeepRun(table, jobId);
    expect([table, run]).toEqual([table, expect.objectContaining({ status: 'COMPLETED' })]);
  }
  expect(await isThere(abandoned)).toBe(false);
}

/** Until the job that removes results has removed those that nobody is sent to any more. */
async function untilExpired(): Promise<void> {
  const registry = openRegistry({
    databaseUrl: endpoints.postgres,
    maxConnections: 1,
    applicationName: 'e2e',
  });
  try {
    const longAgo = new Date(Date.now() - GIVEN_UP_MS);
    expect(await registry.batches.markResultsDeleted(doomed, longAgo)).toBe(true);
  } finally {
    await registry.close();
  }
  const folder = `${deltaBasePath()}/batches/${doomed}`;
  const removed = async () => ((await isThere(folder)) ? undefined : true);
  await waitUntil('the results to be removed', removed, { timeoutMs: 150_000 });
  expect((await call('GET', `/batch/data/${doomed}`)).status).toBe(410);
}

/** In each micro-batch some events. */
async function appendWhile(isBusy: () => boolean): Promise<void> {
  for (let seed = Date.now(); isBusy(); seed += 1) {
    const before = await rawBatchId();
    await produce(50, seed);
    const taken = async () => ((await rawBatchId()) > before || !isBusy() ? true : undefined);
    await waitUntil('the events to be taken', taken, { timeoutMs: 120_000 });
  }
}

it('pages hold each row once while files are merged, sorted and deleted, results expire and the stream appends', async () => {
  const upkeep = { isRunning: true };
  const isBusy = () => upkeep.isRunning;
  const microBatch = await rawBatchId();
  const jobs = Promise.all([keepUpStream(), untilExpired(), keepUpResults()]).finally(() => {
    upkeep.isRunning = false;
  });
  const [, ofKept, , ...readings] = await Promise.all([
    jobs,
    readKeptWhile(isBusy),
    appendWhile(isBusy),
    ...known.map((table) => readWhile(isBusy, table)),
  ]);
  process.stderr.write(`readings of each table: ${readings.join(', ')}, ${ofKept}\n`);
  expect(await rawBatchId()).toBeGreaterThan(microBatch);
});
