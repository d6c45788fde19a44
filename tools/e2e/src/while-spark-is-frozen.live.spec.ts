import { ensureHistory } from './history';
import { ALL_TIME, call, pidOf, settled, submitBatch } from './stack-under-test';
import { waitUntil } from './wait-until';

jest.setTimeout(180_000);

const SAMPLES = 100;

/** Times of one route in milliseconds, sorted. */
async function times(path: string): Promise<number[]> {
  const taken: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const start = performance.now();
    const { status } = await call('GET', path);
    taken.push(performance.now() - start);
    expect([200, 503]).toContain(status);
  }
  return taken.sort((a, b) => a - b);
}

describe('while Spark is frozen', () => {
  it('keeps answering status, list, health and results, accepts batches, and runs them afterwards', async () => {
    await ensureHistory();
    const done = await settled(await submitBatch({ ...ALL_TIME, analysisType: 'revenue_by_category' }));
    const spark = pidOf('spark');
    process.kill(spark, 'SIGSTOP');
    let accepted: string;
    try {
      accepted = await submitBatch({ ...ALL_TIME, analysisType: 'revenue_by_category' });
      const page = await call('GET', `/batch/data/${done.batchId}/aggregated`);
      expect(page.status).toBe(200);
      await waitUntil('health to say so', async () =>
        (await call('GET', '/health')).status === 503 ? true : undefined,
      );
      for (const path of ['/health', `/batch/status/${done.batchId}`, '/batch/list']) {
        const taken = await times(path);
        const [median, worst] = [taken[SAMPLES / 2] ?? 0, taken.at(-1) ?? 0];
        process.stderr.write(`${path}: median ${median.toFixed(1)} ms, worst ${worst.toFixed(1)} ms\n`);
      }
    } finally {
      process.kill(spark, 'SIGCONT');
    }
    expect((await settled(accepted)).status).toBe('COMPLETED');
    await waitUntil('health to recover', async () =>
      (await call('GET', '/health')).status === 200 ? true : undefined,
    );
  });
});
