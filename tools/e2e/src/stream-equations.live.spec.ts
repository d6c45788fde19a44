import { DEFAULT_POOL_SIZES, Events, Truth } from '@millrace/generator';
import type { Counts } from '@millrace/generator';
import { latestVersion, queryDelta } from './delta-rows';
import { call } from './stack-under-test';
import { ensureStreaming, produce, produceMessages, streamStatus, topicEnd, TOPIC } from './streaming';
import { waitUntil } from './wait-until';

jest.setTimeout(600_000);

const EVENTS = 20_000;
const PORTION = 2_000;
const WINDOWS_OF_AN_EVENT = 5;
const QUALIFYING = "transaction_status IN ('completed', 'pending')";

type QueryCounts = Readonly<Record<string, number>>;

async function countsOf(query: string): Promise<QueryCounts> {
  const { queries } = await streamStatus();
  return queries.find(({ name }) => name === query)?.counts ?? {};
}

/** The counts of the raw query once it has read all that the topic has. */
const afterAll = (): Promise<QueryCounts> =>
  waitUntil(
    'the raw query to have read the whole topic',
    async () => {
      const counts = await countsOf('transactions');
      return counts['offered'] === (await topicEnd(TOPIC)) ? counts : undefined;
    },
    { timeoutMs: 180_000, pollMs: 1_000 },
  );

/** What the windows have and left out, once they have read all that the table has. */
const windowsAfterAll = () =>
  waitUntil(
    'the windows to have read the whole table',
    async () => {
      const version = await latestVersion('stream/transactions');
      const { queries } = await streamStatus();
      const progress = queries.find(({ name }) => name === 'realtime_dashboard')?.lastProgress;
      const { reservoirVersion } = (progress?.sources[0]?.endOffset ?? {}) as { reservoirVersion?: number };
      if (reservoirVersion === undefined || reservoirVersion <= version) return undefined;
      return { memberships: await inWindows(), late: (await countsOf('realtime_dashboard'))['late'] ?? 0 };
    },
    { timeoutMs: 120_000, pollMs: 2_000 },
  );

const one = async (table: string, sql: (rows: string) => string): Promise<bigint> => {
  const [row] = await queryDelta(table, undefined, sql);
  const value = row?.['value'];
  return typeof value === 'bigint' ? value : 0n;
};

/** Memberships of events in windows, as the windows have them. */
const inWindows = () =>
  one('stream/stream_aggregations', (rows) => `SELECT sum(txn_count) AS value FROM ${rows}`);
const qualifyingRows = () =>
  one('stream/transactions', (rows) => `SELECT count(*) AS value FROM ${rows} WHERE ${QUALIFYING}`);
const distinctIds = () =>
  one('stream/transactions', (rows) => `SELECT count(DISTINCT transaction_id) AS value FROM ${rows}`);
const storedRows = () => one('stream/transactions', (rows) => `SELECT count(*) AS value FROM ${rows}`);

async function sendWithFaults(seed: string): Promise<Counts> {
  const events = new Events({
    pools: DEFAULT_POOL_SIZES,
    fraudRate: 0.02,
    seed,
    faults: { malformed: 0.01, duplicate: 0.01, late: 0.01 },
    startTime: undefined,
    eventsPerSecond: 1_000,
  });
  const truth = new Truth();
  for (let from = 0; from < EVENTS; from += PORTION) {
    const made = events.make(from, from + PORTION, new Date());
    await produceMessages(made.messages, TOPIC);
    truth.add(made.truth.tally);
  }
  return truth.counts;
}

describe('a stream with malformed, repeated and late events', () => {
  let before: QueryCounts;
  let after: QueryCounts;
  let sent: Counts;
  let beforeTables: { rows: bigint; ids: bigint; qualifying: bigint };
  let beforeWindows: { memberships: bigint; late: number };

  const change = (name: string): number => (after[name] ?? 0) - (before[name] ?? 0);

  beforeAll(async () => {
    await ensureStreaming();
    // So that no table is empty.
    await produce(100, 61);
    before = await afterAll();
    beforeTables = {
      rows: await storedRows(),
      ids: await distinctIds(),
      qualifying: await qualifyingRows(),
    };
    beforeWindows = await windowsAfterAll();
    sent = await sendWithFaults(`equations ${Date.now()}`);
    after = await afterAll();
  });

  it('counts each event as stored, rejected or duplicate', () => {
    expect(change('received')).toBe(EVENTS);
    expect({
      stored: change('stored'),
      rejected: change('rejected'),
      duplicate: change('duplicate'),
    }).toEqual({
      stored: sent.distinctValid,
      rejected: sent.malformed.total,
      duplicate: sent.duplicates.total,
    });
  });

  it('stores each valid event once, also the late ones', async () => {
    expect((await storedRows()) - beforeTables.rows).toBe(BigInt(sent.distinctValid));
    expect((await distinctIds()) - beforeTables.ids).toBe(BigInt(sent.distinctValid));
  });

  it('keeps each malformed one among the rejects, with its place, its bytes and the reason', async () => {
    const [rejects] = await queryDelta(
      'stream/rejects',
      undefined,
      (rows) => `SELECT count(*) AS rejects, count(DISTINCT (topic, partition, "offset")) AS places,
        count(*) FILTER (reason IS NULL OR value IS NULL OR "key" IS NULL) AS incomplete FROM ${rows}`,
    );
    const total = BigInt(after['rejected'] ?? -1);
    expect(rejects).toEqual({ rejects: total, places: total, incomplete: 0n });
  });

  it('counts each stored event in all of its windows or as late', async () => {
    const qualifying = Number((await qualifyingRows()) - beforeTables.qualifying);
    // The counts of a running query are read now and then.
    const { counted, late } = await waitUntil(
      'the counts of the windows to be of their newest version',
      async () => {
        const now = await windowsAfterAll();
        const sums = {
          counted: Number(now.memberships - beforeWindows.memberships) / WINDOWS_OF_AN_EVENT,
          late: now.late - beforeWindows.late,
        };
        return sums.counted + sums.late === qualifying ? sums : undefined;
      },
      { timeoutMs: 60_000, pollMs: 2_000 },
    );
    expect(late).toBeGreaterThan(0);
    expect(counted).toBeGreaterThan(late);
  });

  it('says so in its status', async () => {
    const { status, body } = await call<{ queries: { counts: QueryCounts | null }[] }>(
      'GET',
      '/stream/status',
    );
    expect(status).toBe(200);
    expect(body.queries.map(({ counts }) => counts !== null)).toEqual([true, true]);
  });
});
