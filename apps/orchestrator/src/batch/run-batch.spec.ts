import { ServiceUnavailable } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import {
  ClientClosedError,
  ConnectionUnavailableError,
  SessionChangedError,
  SparkConnectError,
} from 'spark-connect-js';
import { SinkUnavailable } from '../compute/sink-unavailable';
import { AttemptSuperseded } from './attempt-superseded';
import { NOW, OUTCOME, RETENTION_MS, failing, setUpBatch, untilAborted } from './batch.fixture';

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('running a batch', () => {
  it('completes with what the steps left, and says until when it is kept', async () => {
    const { runBatch, key, current, batchId, ends } = await setUpBatch();
    await runBatch.execute(key);
    expect(await current()).toMatchObject({
      status: 'COMPLETED',
      rowCount: 7n,
      maxEventTimestamp: OUTCOME.maxEventTimestamp,
      rawVersion: 0n,
      aggVersion: 0n,
      deltaRawPath: `/data/batches/${batchId}/raw`,
      deltaAggPath: `/data/batches/${batchId}/aggregated`,
      endTime: NOW,
      expiresAt: new Date(NOW.getTime() + RETENTION_MS),
    });
    expect(ends).toEqual([false]);
  });

  it('does nothing for an attempt that is no longer the current one', async () => {
    const { runBatch, computation, key, current } = await setUpBatch();
    await runBatch.execute({ ...key, attempt: 2 });
    expect(computation.started).toEqual([]);
    expect((await current()).status).toBe('PENDING');
  });

  it('computes once when the queue delivers twice', async () => {
    const { runBatch, computation, key } = await setUpBatch();
    await Promise.all([runBatch.execute(key), runBatch.execute(key)]);
    await runBatch.execute(key);
    expect(computation.started).toEqual(['raw', 'aggregated']);
  });

  it('keeps the reason of a failure as one sentence', async () => {
    const { runBatch, computation, key, current, ends } = await setUpBatch();
    computation.scripts.raw = failing(new Error('[CAST_INVALID_INPUT] no number\n at x'));
    await runBatch.execute(key);
    expect(await current()).toMatchObject({
      status: 'FAILED',
      errorMessage: '[CAST_INVALID_INPUT] no number',
    });
    expect(ends).toEqual([false]);
  });

  it('leaves the row alone when somebody else has taken the batch', async () => {
    const { runBatch, computation, key, current } = await setUpBatch();
    computation.scripts.aggregated = (_run, batch) => Promise.reject(new AttemptSuperseded(batch));
    await runBatch.execute(key);
    expect(await current()).toMatchObject({ status: 'RUNNING', attempt: 1 });
  });

  it('stores the progress, and never fails for it', async () => {
    const { runBatch, registry, computation, key, current } = await setUpBatch();
    computation.scripts.raw = (run) => {
      run.onProgress({ stage: 'raw', percent: 10, rows: 5 });
      // Within the same second: not worth a write, unless it stays the last word.
      run.onProgress({ stage: 'raw', percent: 11, rows: 6 });
      return Promise.resolve(OUTCOME);
    };
    await runBatch.execute(key);
    expect(await current()).toMatchObject({ status: 'COMPLETED', progress: null });
    const events = (await registry.events(key.batchId, 0, 100)).map(({ detail }) => detail);
    expect(events.filter(({ type }) => type === 'progress')).toEqual([
      { type: 'progress', progress: { stage: 'raw', percent: 10, rows: 5 } },
    ]);
  });

  it('completes when progress cannot be stored', async () => {
    const { runBatch, registry, computation, key, current } = await setUpBatch();
    registry.storeProgress = () => Promise.reject(new Error('Postgres is away'));
    computation.scripts.raw = (run) => {
      run.onProgress({ stage: 'raw', percent: 10, rows: 5 });
      return Promise.resolve(OUTCOME);
    };
    await runBatch.execute(key);
    expect((await current()).status).toBe('COMPLETED');
  });
});

describe('a batch with a further sink', () => {
  it('is stored there after its last step, and before it is completed', async () => {
    const { runBatch, computation, key, current } = await setUpBatch({ sinks: ['jdbc'] });
    const seen: unknown[] = [];
    computation.storeInSinks = async () => {
      const { status, executions } = await current();
      seen.push(status, executions.aggregated?.outcome);
    };
    await runBatch.execute(key);
    expect(seen).toEqual(['RUNNING', OUTCOME]);
    expect((await current()).status).toBe('COMPLETED');
  });

  it('is tried again when the database is away, and computes nothing twice', async () => {
    const { runBatch, computation, key, current } = await setUpBatch({ sinks: ['jdbc'] });
    computation.storeInSinks = () => Promise.reject(new SinkUnavailable('The database does not answer'));
    await runBatch.execute(key);
    expect(await current()).toMatchObject({ status: 'PENDING', attempt: 2, failures: 1 });
    computation.storeInSinks = () => Promise.resolve();
    await runBatch.execute({ ...key, attempt: 2 });
    expect(computation.started).toEqual(['raw', 'aggregated']);
    expect((await current()).status).toBe('COMPLETED');
  });

  it('is not stored there when one of its analyses failed', async () => {
    const { runBatch, computation, key, current } = await setUpBatch({
      analysisType: 'full_report',
      sinks: ['jdbc'],
    });
    computation.scripts['aggregated/hourly_trends'] = failing(new Error('no such column'));
    let isStored = false;
    computation.storeInSinks = () => {
      isStored = true;
      return Promise.resolve();
    };
    await runBatch.execute(key);
    expect((await current()).status).toBe('FAILED');
    expect(isStored).toBe(false);
  });
});

describe('a batch that meets a failure that may pass', () => {
  it('is postponed without counting while Spark cannot be reached', async () => {
    const { runBatch, computation, key, current, ends } = await setUpBatch();
    computation.scripts.raw = failing(new ConnectionUnavailableError('refused'));
    await runBatch.execute(key);
    const batch = await current();
    expect(batch).toMatchObject({ status: 'PENDING', attempt: 2, failures: 0 });
    expect(batch.notBefore?.getTime()).toBeGreaterThan(NOW.getTime());
    expect(ends).toEqual([true]);
  });

  it('tells the breaker nothing when Spark was not even asked', async () => {
    const { runBatch, computation, key, current, ends } = await setUpBatch();
    computation.scripts.aggregated = failing(new ServiceUnavailable('Spark is not available'));
    await runBatch.execute(key);
    expect(await current()).toMatchObject({ status: 'PENDING', attempt: 2, failures: 0 });
    expect(ends).toEqual([]);
  });

  it.each([
    ['its session was closed on this side', new ClientClosedError('closed')],
    [
      'Kafka could not be reached',
      new SparkConnectError(
        'org.apache.kafka.common.errors.TimeoutException: Timed out waiting for a node assignment',
      ),
    ],
  ])('is tried again when %s', async (_what, error) => {
    const { runBatch, computation, key, current } = await setUpBatch();
    computation.scripts.raw = failing(error);
    await runBatch.execute(key);
    expect(await current()).toMatchObject({ status: 'PENDING', attempt: 2, failures: 1 });
  });

  it('fails when it loses the session each time', async () => {
    const { runBatch, computation, key, current } = await setUpBatch();
    computation.scripts.raw = failing(new SessionChangedError('restarted'));
    for (const attempt of [1, 2, 3]) await runBatch.execute({ ...key, attempt });
    expect(await current()).toMatchObject({ status: 'FAILED', attempt: 3, errorMessage: 'restarted' });
  });

  it('does not run again what an earlier attempt has finished', async () => {
    const { runBatch, computation, key, current } = await setUpBatch();
    computation.scripts.aggregated = failing(new SessionChangedError('restarted'));
    await runBatch.execute(key);
    delete computation.scripts.aggregated;
    await runBatch.execute({ ...key, attempt: 2 });
    expect(computation.started).toEqual(['raw', 'aggregated', 'aggregated']);
    expect((await current()).status).toBe('COMPLETED');
  });
});

describe('an attempt that takes too long', () => {
  const slow = { timeoutSeconds: 0.01 };

  it('is stopped in Spark, and fails with the limit and what to do', async () => {
    const { runBatch, computation, key, current, batchId } = await setUpBatch({}, slow);
    computation.scripts.raw = untilAborted;
    await runBatch.execute(key);
    const { status, errorMessage } = await current();
    expect(status).toBe('FAILED');
    expect(errorMessage).toMatch(/limit of 0\.01 s.*timeoutSeconds.*BATCH_TIMEOUT_SECONDS/);
    expect(computation.stopped).toEqual([batchId]);
  });

  it('has the limit that the batch names', async () => {
    const { runBatch, computation, key, current } = await setUpBatch({ timeoutSeconds: 1 });
    computation.scripts.aggregated = untilAborted;
    await runBatch.execute(key);
    expect((await current()).errorMessage).toContain('limit of 1 s');
  });

  it('is tried again when Spark is away at its limit, but not for ever', async () => {
    const { runBatch, computation, key, current } = await setUpBatch({}, slow);
    computation.scripts.raw = untilAborted;
    computation.stopFailure = new ConnectionUnavailableError('refused');
    await runBatch.execute(key);
    expect(await current()).toMatchObject({ status: 'PENDING', attempt: 2, failures: 1 });
    for (const attempt of [2, 3]) await runBatch.execute({ ...key, attempt });
    expect(await current()).toMatchObject({
      status: 'FAILED',
      errorMessage: 'Spark could not be reached when the attempt came to its limit of 0.01 s',
    });
  });
});

describe('draining', () => {
  it('hands a batch back when the time is over', async () => {
    const { runBatch, key, current, whenStarted } = await setUpBatch();
    const started = whenStarted('raw');
    const running = runBatch.execute(key);
    await started;
    expect(await runBatch.drain(10)).toEqual({ handedBack: 1 });
    await running;
    expect(await current()).toMatchObject({ status: 'PENDING', attempt: 2, failures: 0 });
  });

  it('waits for a batch that ends in time, and starts no other', async () => {
    const { runBatch, key, current } = await setUpBatch();
    const running = runBatch.execute(key);
    expect(await runBatch.drain(60_000)).toEqual({ handedBack: 0 });
    await running;
    expect((await current()).status).toBe('COMPLETED');
  });

  it('drains at once when nothing runs, and takes nothing any more', async () => {
    const { runBatch, key, current } = await setUpBatch();
    expect(await runBatch.drain(60_000)).toEqual({ handedBack: 0 });
    await runBatch.execute(key);
    expect((await current()).status).toBe('PENDING');
  });
});
