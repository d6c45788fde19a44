import { Redis } from 'ioredis';
import { ensureHistory } from './history';
import { ALL_TIME, call, day, endpoints, pidOf, settled, submitBatch } from './stack-under-test';
import { waitUntil } from './wait-until';

jest.setTimeout(300_000);

beforeAll(ensureHistory);

describe('after a kill -9 of Spark', () => {
  it('takes batches again after an outage in which none ran', async () => {
    const health = async (status: number) =>
      (await call('GET', '/health')).status === status ? true : undefined;
    process.kill(pidOf('spark'), 'SIGKILL');
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
