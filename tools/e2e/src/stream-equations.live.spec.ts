import { DEFAULT_POOL_SIZES, Events, Truth } from '@millrace/generator';
import type { Counts } from '@millrace/generator';
import { queryDelta } from './delta-rows';
import { MICRO_BATCH_POINTS, whenMicroBatch } from './micro-batch-points';
import type { MicroBatchPoint } from './micro-batch-points';
import { call, pidOf } from './stack-under-test';
import type { StackPart } from './stack-under-test';
import { countsOfWholeTopic, countsOfWindows, storedCounts } from './stream-counts';
import type { QueryCounts, StoredCounts, WindowCounts } from './stream-counts';
import { ensureStreaming, produce, produceMessages, TOPIC } from './streaming';
import { waitUntil } from './wait-until';

/** STREAM_EVENTS=1000000 for the whole measure; a stack must then read as many. */
const EVENTS = Number(process.env['STREAM_EVENTS'] ?? 30_000);
const PORTION = 2_000;
const WINDOWS_OF_AN_EVENT = 5;
const CATCH_UP_MS = 180_000 + EVENTS;
const PARTS = ['spark', 'kafka', 'orchestrator'] as const satisfies readonly StackPart[];
const KILLS = PARTS.flatMap((part) => MICRO_BATCH_POINTS.map((point) => ({ part, point })));

jest.setTimeout(2 * CATCH_UP_MS + KILLS.length * 120_000);

/** Kills the part in the moment in which a micro-batch gets there, and waits for another one that serves. */
async function kill(part: StackPart, point: MicroBatchPoint): Promise<void> {
  await whenMicroBatch(point, 120_000);
  const pid = pidOf(part);
  process.kill(pid, 'SIGKILL');
  await waitUntil(
    `another ${part}`,
    async () => (pidOf(part) !== pid && (await call('GET', '/health')).status === 200 ? true : undefined),
    { timeoutMs: 120_000 },
  );
}

/** Sends in portions, one kill after the other meanwhile; a last share after all of them. */
async function sendThroughKills(seed: string): Promise<Counts> {
  const events = new Events({
    pools: DEFAULT_POOL_SIZES,
    fraudRate: 0.02,
    seed,
    faults: { malformed: 0.01, duplicate: 0.01, late: 0.01 },
    startTime: undefined,
    eventsPerSecond: 1_000,
  });
  const truth = new Truth();
  let sent = 0;
  const sendUpTo = async (share: number) => {
    while (sent < EVENTS * share) {
      const to = Math.min(sent + PORTION, EVENTS);
      const made = events.make(sent, to, new Date());
      await produceMessages(made.messages, TOPIC);
      truth.add(made.truth.tally);
      sent = to;
    }
  };
  for (const [done, { part, point }] of KILLS.entries()) {
    await Promise.all([kill(part, point), sendUpTo((done + 1) / (KILLS.length + 1))]);
  }
  await sendUpTo(1);
  return truth.counts;
}

describe('a stream with malformed, repeated and late events, while Spark, Kafka and the orchestrator are killed', () => {
  let before: QueryCounts;
  let after: QueryCounts;
  let sent: Counts;
  let storedBefore: StoredCounts;
  let windowsBefore: WindowCounts;

  const change = (name: string): number => (after[name] ?? 0) - (before[name] ?? 0);

  beforeAll(async () => {
    await ensureStreaming();
    // So that no table is empty.
    await produce(100, 61);
    before = await countsOfWholeTopic(CATCH_UP_MS);
    storedBefore = await storedCounts();
    windowsBefore = await countsOfWindows(CATCH_UP_MS);
    sent = await sendThroughKills(`equations ${Date.now()}`);
    after = await countsOfWholeTopic(CATCH_UP_MS);
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
    const { rows, ids } = await storedCounts();
    expect(rows - storedBefore.rows).toBe(BigInt(sent.distinctValid));
    expect(ids - storedBefore.ids).toBe(BigInt(sent.distinctValid));
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
    const qualifying = Number((await storedCounts()).qualifying - storedBefore.qualifying);
    // The last of the late events may be in a micro-batch of their own.
    const { counted, late } = await waitUntil(
      'the windows to have counted every event',
      async () => {
        const now = await countsOfWindows(CATCH_UP_MS);
        const sums = {
          counted: Number(now.memberships - windowsBefore.memberships) / WINDOWS_OF_AN_EVENT,
          late: now.late - windowsBefore.late,
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

  it('was left running, or taken up again, without a word from anybody', async () => {
    expect((await call('POST', '/stream/start', { topic: TOPIC })).status).toBe(409);
  });
});
