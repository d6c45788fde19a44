import { InMemoryUpkeepRegistry } from '@millrace/testing';
import { Logger } from '@nestjs/common';
import { until } from '../until.fixture';
import { KeepUp } from './keep-up';
import { RunUpkeep } from './run-upkeep';
import { METRICS, ScriptedTables } from './upkeep.fixture';
import { upkeepSchedules } from './upkeep-queue';
import { UpkeepSchedules } from './upkeep-schedules';
import { UpkeepQueueFixture } from './upkeep-worker.fixture';

const PATTERNS = { optimize: '0 */6 * * *', zorder: '30 2 * * 0', vacuum: '30 3 * * *' };
const OPTIMIZE = { table: 'transactions', operation: 'optimize' } as const;

let redis: UpkeepQueueFixture;

beforeEach(() => {
  redis = new UpkeepQueueFixture();
});

afterEach(() => redis.close());

it('goes on with what runs when Redis loses everything, and says so once', async () => {
  const warnings: unknown[] = [];
  const ignored = () => undefined;
  const warn = (...parts: unknown[]) => warnings.push(...parts);
  Logger.overrideLogger({ log: ignored, error: ignored, warn });
  const tables = new ScriptedTables();
  const registry = new InMemoryUpkeepRegistry();
  const runUpkeep = () => new RunUpkeep(registry, tables);
  const runs = () => registry.list('transactions', 10);
  const schedules = () => new UpkeepSchedules(redis.queue, upkeepSchedules(PATTERNS));
  const stateOf = (jobId: string) => redis.queue.getJobState(jobId);
  const finish: (() => void)[] = [];
  tables.scripts.push(
    () =>
      new Promise((resolve) => {
        finish.push(() => {
          resolve(METRICS);
        });
      }),
  );
  const worker = redis.worker(runUpkeep(), { lockDuration: 300, lockRenewTime: 60 });
  let lost = 0;
  worker.on('lockRenewalFailed', () => (lost += 1));
  const isUp = { isUp: true, onUpChange: ignored };
  const keepUp = new KeepUp({
    worker: () => worker,
    schedules: schedules(),
    run: runUpkeep(),
    connection: isUp,
    breaker: { isOpen: false, onChange: ignored },
  });
  keepUp.start();
  await redis.requests.request(OPTIMIZE);
  await until(() => finish.length > 0);
  await redis.forget();
  await until(() => lost >= 5);
  finish[0]?.();
  await until(async () => (await runs())[0]?.status === 'COMPLETED');
  expect(warnings.filter((part) => String(part).startsWith('Redis has lost'))).toHaveLength(1);
  expect(warnings.filter((part) => String(part).includes('could not renew'))).toEqual([]);
  await until(async () => {
    await schedules().round();
    return (await redis.queue.getDelayedCount()) === upkeepSchedules(PATTERNS).length;
  });
  const next = await redis.requests.request(OPTIMIZE);
  await until(async () => (await stateOf(next.jobId)) === 'completed');
  await keepUp.stop();
  Logger.overrideLogger(false);
});
