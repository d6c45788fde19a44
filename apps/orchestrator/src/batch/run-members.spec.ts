import { ANALYSIS_NAMES } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import { ConnectionUnavailableError, SessionChangedError } from 'spark-connect-js';
import { NOW, OUTCOME, failing, memberSteps, setUpBatch, until } from './batch.fixture';

const setUpReport = () => setUpBatch({ analysisType: 'full_report' });
const BROKEN = failing(new Error('[DIVIDE_BY_ZERO] Division by zero.\n at x'));

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('a full report', () => {
  it('reads the source once and runs all analyses', async () => {
    const { runBatch, computation, key, current } = await setUpReport();
    await runBatch.execute(key);
    expect(computation.started).toEqual(['raw', ...memberSteps()]);
    const batch = await current();
    expect(batch).toMatchObject({ status: 'COMPLETED', rowCount: 7n, rawVersion: 0n, aggVersion: null });
    expect(memberSteps().every((step) => batch.executions[step]?.outcome !== undefined)).toBe(true);
  });

  it('lets the others finish when one fails for good, and names it', async () => {
    const { runBatch, computation, key, current } = await setUpReport();
    computation.scripts['aggregated/fraud_analysis'] = BROKEN;
    await runBatch.execute(key);
    const batch = await current();
    expect(batch.status).toBe('FAILED');
    expect(batch.errorMessage).toMatch(/^1 of 8 analyses failed \(fraud_analysis\): .*DIVIDE_BY_ZERO/);
    expect(batch.executions['aggregated/fraud_analysis']).toMatchObject({
      errorMessage: '[DIVIDE_BY_ZERO] Division by zero.',
    });
    const finished = memberSteps().filter((step) => batch.executions[step]?.outcome !== undefined);
    expect(finished).toHaveLength(7);
  });

  it('runs only what failed when it is retried', async () => {
    const { registry, runBatch, computation, key, current } = await setUpReport();
    computation.scripts['aggregated/hourly_trends'] = BROKEN;
    await runBatch.execute(key);
    delete computation.scripts['aggregated/hourly_trends'];
    computation.started.length = 0;
    await registry.retry(key.batchId);
    await runBatch.execute({ ...key, attempt: 2 });
    expect(computation.started).toEqual(['aggregated/hourly_trends']);
    const batch = await current();
    expect(batch.status).toBe('COMPLETED');
    expect(batch.executions['aggregated/hourly_trends']?.errorMessage).toBeUndefined();
  });

  it('is completed by an attempt that finds all members done', async () => {
    const { registry, runBatch, computation, key, current } = await setUpReport();
    await registry.claim(key, NOW);
    const done = { operationId: 'one', sessionId: 'two', outcome: OUTCOME };
    for (const step of ['raw', ...memberSteps()] as const) await registry.storeExecution(key, step, done);
    await registry.handBack(key, {});
    await runBatch.execute({ ...key, attempt: 2 });
    expect(computation.started).toEqual([]);
    expect((await current()).status).toBe('COMPLETED');
  });

  it.each([
    ['postponed', new ConnectionUnavailableError('refused'), 0],
    ['tried again', new SessionChangedError('restarted'), 1],
  ])('is %s when a member loses Spark, and keeps what is done', async (_what, error, failures) => {
    const { runBatch, computation, queue, key, current, ends } = await setUpReport();
    const last = 'aggregated/inventory_velocity';
    computation.scripts['aggregated/inventory_velocity'] = failing(error);
    await runBatch.execute(key);
    const batch = await current();
    expect(batch).toMatchObject({ status: 'PENDING', attempt: 2, failures });
    expect(batch.executions[last]?.errorMessage).toBeUndefined();
    expect(ends).toEqual([true]);
    expect(queue.discarded).toEqual([key]);
    delete computation.scripts['aggregated/inventory_velocity'];
    computation.started.length = 0;
    await runBatch.execute({ ...key, attempt: 2 });
    expect(computation.started).toEqual([last]);
  });

  it('fails as a whole when it loses Spark each time, which is no failure of the member', async () => {
    const { runBatch, computation, key, current, ends } = await setUpReport();
    computation.scripts['aggregated/fraud_analysis'] = failing(new SessionChangedError('restarted'));
    for (const attempt of [1, 2, 3]) await runBatch.execute({ ...key, attempt });
    const batch = await current();
    expect(batch).toMatchObject({ status: 'FAILED', attempt: 3, errorMessage: 'restarted' });
    expect(batch.executions['aggregated/fraud_analysis']?.errorMessage).toBeUndefined();
    expect(ends).toEqual([true, true, true]);
  });

  it('starts no more members once Spark is lost, and lets those finish that run', async () => {
    const { runBatch, computation, queue, members, key, current } = await setUpReport();
    const [slow, lost, late] = ANALYSIS_NAMES;
    let finish = () => {};
    computation.scripts[`aggregated/${slow}`] = () =>
      new Promise((resolve) => {
        finish = () => {
          resolve(OUTCOME);
        };
      });
    computation.scripts[`aggregated/${lost}`] = failing(new ConnectionUnavailableError('refused'));
    queue.isLost = true;
    const running = runBatch.execute(key);
    await until(() => members.start(key, slow) !== undefined);
    await expect(members.start(key, lost)).rejects.toThrow('refused');
    await expect(members.start(key, late)).rejects.toThrow('Not run');
    finish();
    await running;
    const { status, executions } = await current();
    expect(status).toBe('PENDING');
    expect(executions[`aggregated/${slow}`]?.outcome).toEqual(OUTCOME);
    expect(executions[`aggregated/${late}`]).toBeUndefined();
  });

  it('is postponed while Spark is away, instead of using its time up', async () => {
    const { runBatch, queue, spark, key, current, ends } = await setUpReport();
    queue.isLost = true;
    const running = runBatch.execute(key);
    await until(() => queue.lost > 0);
    spark.isAway = true;
    await running;
    expect(await current()).toMatchObject({ status: 'PENDING', attempt: 2, failures: 0 });
    expect(queue.discarded).toEqual([key]);
    expect(ends).toEqual([]);
  });

  it('counts the failure of a member that ran when Spark went away', async () => {
    const { runBatch, computation, queue, members, spark, key, current } = await setUpReport();
    const [first] = ANALYSIS_NAMES;
    let lose = () => {};
    computation.scripts[`aggregated/${first}`] = () =>
      new Promise((_resolve, reject) => {
        lose = () => {
          reject(new SessionChangedError('restarted'));
        };
      });
    queue.isLost = true;
    const running = runBatch.execute(key);
    await until(() => members.start(key, first) !== undefined);
    spark.isAway = true;
    await until(() => spark.refused > 0);
    const ended = members.start(key, first);
    lose();
    await expect(ended).rejects.toThrow('restarted');
    await running;
    expect(await current()).toMatchObject({ status: 'PENDING', attempt: 2, failures: 1 });
  });

  it('goes on when Redis loses its flow', async () => {
    const { runBatch, computation, queue, key, current } = await setUpReport();
    queue.isLost = true;
    const running = runBatch.execute(key);
    await until(() => queue.lost > 0);
    queue.isLost = false;
    await running;
    expect((await current()).status).toBe('COMPLETED');
    expect(computation.started).toEqual(['raw', ...memberSteps()]);
  });

  it('waits while Redis is away', async () => {
    const { runBatch, computation, queue, key, current } = await setUpReport();
    let refused = 0;
    const add = queue.add.bind(queue);
    queue.add = (...job) => {
      refused += 1;
      return refused < 3 ? Promise.reject(new Error('Redis is away')) : add(...job);
    };
    await runBatch.execute(key);
    expect(refused).toBe(3);
    expect((await current()).status).toBe('COMPLETED');
    expect(computation.started).toHaveLength(9);
  });

  it('runs a member once whose job is delivered twice', async () => {
    const { runBatch, computation, queue, members, key } = await setUpReport();
    queue.deliver = (attempt, member) =>
      Promise.all([members.start(attempt, member), members.start(attempt, member)]);
    await runBatch.execute(key);
    expect(computation.started).toHaveLength(9);
  });

  it('hands itself back when the drain runs out of time, with its members', async () => {
    const { runBatch, queue, key, current, whenStarted } = await setUpReport();
    const started = whenStarted('aggregated/payment_analysis');
    const running = runBatch.execute(key);
    await started;
    await runBatch.drain(10);
    await running;
    const batch = await current();
    expect(batch).toMatchObject({ status: 'PENDING', attempt: 2, failures: 0 });
    expect(batch.executions['aggregated/payment_analysis']?.errorMessage).toBeUndefined();
    expect(queue.discarded).toEqual([key]);
  });

  it('fails as a whole when it takes too long', async () => {
    const { runBatch, computation, key, current, whenStarted } = await setUpBatch(
      { analysisType: 'full_report' },
      { timeoutSeconds: 0.02 },
    );
    void whenStarted('aggregated/payment_analysis');
    await runBatch.execute(key);
    expect(await current()).toMatchObject({ status: 'FAILED' });
    expect((await current()).errorMessage).toContain('limit');
    expect(computation.stopped).toEqual([key.batchId]);
  });
});
