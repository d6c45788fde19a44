import { Redis } from 'ioredis';
import { queryDelta } from './delta-rows';
import { ensureHistory } from './history';
import { ALL_TIME, batchStatus, call, day, endpoints, pidOf, settled, submitBatch } from './stack-under-test';
import { ensureStreaming, produce, rawBatchId } from './streaming';
import { waitUntil } from './wait-until';

jest.setTimeout(300_000);

/** Kills the process and waits until the supervisor has another one up. */
async function killOrchestrator(): Promise<void> {
  await kill('orchestrator');
  await waitUntil('a new orchestrator', async () => {
    const { ok } = await fetch(`${endpoints.orchestrator}/health/live`);
    return ok ? true : undefined;
  });
}

async function kill(part: 'orchestrator' | 'spark'): Promise<void> {
  const pid = pidOf(part);
  process.kill(pid, 'SIGKILL');
  await waitUntil(`another ${part}`, () => Promise.resolve(pidOf(part) === pid ? undefined : true));
}

/** Waits until the batch is RUNNING. */
async function runs(batchId: string): Promise<void> {
  await waitUntil(
    'the batch to run',
    async () => ((await batchStatus(batchId)).status === 'RUNNING' ? true : undefined),
    { timeoutMs: 30_000, pollMs: 20 },
  );
}

/** How often the events are in the stream's table, once each of them is. */
function storedEvents(sent: readonly string[]): Promise<Record<string, unknown>> {
  const ids = sent.map((id) => `'${id}'`).join(', ');
  return waitUntil(
    'all events in the table',
    async () => {
      const [row] = await queryDelta(
        'stream/transactions',
        undefined,
        (rows) => `SELECT count(*) AS rows, count(DISTINCT transaction_id) AS ids FROM ${rows}
                   WHERE transaction_id IN (${ids})`,
      );
      return row?.['ids'] === BigInt(sent.length) ? row : undefined;
    },
    { timeoutMs: 120_000, pollMs: 1_000 },
  );
}

describe('after a kill -9 of the orchestrator', () => {
  beforeAll(async () => {
    await ensureHistory();
    await ensureStreaming();
  });

  it('gives exactly one result of the batch that ran', async () => {
    const batchId = await submitBatch({ ...ALL_TIME, analysisType: 'customer_segmentation' });
    await runs(batchId);
    await killOrchestrator();
    const batch = await settled(batchId);
    expect(batch).toMatchObject({ status: 'COMPLETED', attempt: 2, errorMessage: null });
    const raw = await queryDelta(
      `batches/${batchId}/raw`,
      undefined,
      (rows) => `SELECT count(*) AS rows, count(DISTINCT transaction_id) AS ids FROM ${rows}`,
    );
    expect(raw).toEqual([{ rows: BigInt(batch.rowCount ?? -1), ids: BigInt(batch.rowCount ?? -1) }]);
    const aggregated = await queryDelta(
      `batches/${batchId}/aggregated`,
      undefined,
      (rows) =>
        `SELECT count(*) - count(DISTINCT customer_id || coalesce(customer_tier, '')) AS repeated FROM ${rows}`,
    );
    expect(aggregated).toEqual([{ repeated: 0n }]);
  });

  it('neither loses nor doubles an event', async () => {
    const sent = [...(await produce(2_000, 21))];
    const killed = killOrchestrator();
    sent.push(...(await produce(2_000, 22)));
    await killed;
    sent.push(...(await produce(1_000, 23)));
    const stored = await storedEvents(sent);
    expect(stored).toEqual({ rows: BigInt(sent.length), ids: BigInt(sent.length) });
  });

  it('leaves the streams running', async () => {
    const before = await rawBatchId();
    await produce(10, 31);
    await waitUntil('a new commit', async () => ((await rawBatchId()) > before ? true : undefined));
    expect((await call('POST', '/stream/start', { topic: 'transactions-stream' })).status).toBe(409);
  });
});

describe('after a kill -9 of Spark', () => {
  it('completes the batch that ran and goes on streaming without losing or doubling an event', async () => {
    const batchId = await submitBatch({ ...ALL_TIME, analysisType: 'revenue_by_category' });
    await runs(batchId);
    const sent = await produce(500, 41);
    await kill('spark');
    sent.push(...(await produce(500, 42)));
    expect(await settled(batchId, 180_000)).toMatchObject({ status: 'COMPLETED', errorMessage: null });
    const stored = await storedEvents(sent);
    expect(stored).toEqual({ rows: BigInt(sent.length), ids: BigInt(sent.length) });
  });

  it('takes batches again after an outage in which none ran', async () => {
    const health = async (status: number) =>
      (await call('GET', '/health')).status === status ? true : undefined;
    await kill('spark');
    await waitUntil('health to say so', () => health(503), { timeoutMs: 60_000 });
    await waitUntil('health to recover', () => health(200), { timeoutMs: 120_000 });
    const batchId = await submitBatch({ ...ALL_TIME, analysisType: 'revenue_by_category' });
    expect((await settled(batchId)).status).toBe('COMPLETED');
  });
});

describe('after Redis is flushed', () => {
  it('completes every batch that was pending', async () => {
    const batches = await Promise.all(
      Array.from({ length: 12 }, () =>
        submitBatch({ startDate: day(-3), endDate: day(1), analysisType: 'revenue_by_category' }),
      ),
    );
    const redis = new Redis(endpoints.redis);
    await redis.flushall();
    redis.disconnect();
    const ended = await Promise.all(batches.map((batchId) => settled(batchId, 240_000)));
    expect(ended.map(({ status }) => status)).toEqual(batches.map(() => 'COMPLETED'));
  });
});
