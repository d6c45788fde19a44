import type { BatchOutcome, BatchRecord } from '@millrace/domain';
import { InMemoryBatchRegistry, aNewBatch } from '@millrace/testing';
import { Logger } from '@nestjs/common';
import { ClientClosedError, ConnectionUnavailableError, SessionChangedError } from 'spark-connect-js';
import type { BatchComputation } from './compute-batch';
import { RunBatch } from './run-batch';

const outcome: Omit<BatchOutcome, 'endTime'> = {
  rowCount: 7n,
  deltaRawPath: 'raw',
  deltaAggPath: 'aggregated',
  rawVersion: 0n,
  aggVersion: 0n,
};

type Compute = (batch: BatchRecord, signal: AbortSignal) => Promise<Omit<BatchOutcome, 'endTime'>>;

async function setUp(compute: Compute) {
  const registry = new InMemoryBatchRegistry();
  const batch = await registry.register(aNewBatch());
  const computation: BatchComputation = { compute };
  const now = new Date('2026-01-01T00:00:00Z');
  const runBatch = new RunBatch(registry, computation, () => now);
  const current = async () => {
    const found = await registry.find(batch.batchId);
    if (found === undefined) throw new Error('The batch is gone');
    return found;
  };
  return { registry, runBatch, key: { batchId: batch.batchId, attempt: 1 }, current, now };
}

const rejectWith = (error: Error) => () => Promise.reject(error);
const untilAborted: Compute = (_batch, signal) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error('interrupted'));
    });
  });

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('running a batch', () => {
  it('completes with what the computation left', async () => {
    const { runBatch, key, current, now } = await setUp(() => Promise.resolve(outcome));
    await runBatch.execute(key);
    expect(await current()).toMatchObject({
      status: 'COMPLETED',
      rowCount: 7n,
      rawVersion: 0n,
      endTime: now,
    });
  });

  it('does nothing for an attempt that is no longer the current one', async () => {
    let computed = 0;
    const { runBatch, key, current } = await setUp(() => {
      computed += 1;
      return Promise.resolve(outcome);
    });
    await runBatch.execute({ ...key, attempt: 2 });
    expect(computed).toBe(0);
    expect((await current()).status).toBe('PENDING');
  });

  it('computes once when the queue delivers twice', async () => {
    let computed = 0;
    const { runBatch, key } = await setUp(() => {
      computed += 1;
      return Promise.resolve(outcome);
    });
    await Promise.all([runBatch.execute(key), runBatch.execute(key)]);
    await runBatch.execute(key);
    expect(computed).toBe(1);
  });

  it('keeps the reason of a failure', async () => {
    const { runBatch, key, current } = await setUp(
      rejectWith(new Error('[CAST_INVALID_INPUT] no number\n at x')),
    );
    await runBatch.execute(key);
    expect(await current()).toMatchObject({
      status: 'FAILED',
      errorMessage: '[CAST_INVALID_INPUT] no number',
    });
  });

  it('postpones without counting while Spark cannot be reached', async () => {
    const { runBatch, key, current, now } = await setUp(
      rejectWith(new ConnectionUnavailableError('refused')),
    );
    await runBatch.execute(key);
    const batch = await current();
    expect(batch).toMatchObject({ status: 'PENDING', attempt: 2, failures: 0 });
    expect(batch.notBefore?.getTime()).toBeGreaterThan(now.getTime());
  });

  it('tries a batch again whose session was closed on this side', async () => {
    const { runBatch, key, current } = await setUp(rejectWith(new ClientClosedError('closed')));
    await runBatch.execute(key);
    expect(await current()).toMatchObject({ status: 'PENDING', attempt: 2, failures: 1 });
  });

  it('gives up on a batch that loses the session each time', async () => {
    const { runBatch, key, current } = await setUp(rejectWith(new SessionChangedError('restarted')));
    for (const attempt of [1, 2, 3]) await runBatch.execute({ ...key, attempt });
    expect(await current()).toMatchObject({ status: 'FAILED', attempt: 3, errorMessage: 'restarted' });
  });

  it('hands a batch back when the drain runs out of time', async () => {
    const { runBatch, key, current } = await setUp(untilAborted);
    const running = runBatch.execute(key);
    expect(await runBatch.drain(10)).toEqual({ handedBack: 1 });
    await running;
    expect(await current()).toMatchObject({ status: 'PENDING', attempt: 2, failures: 0 });
  });

  it('drains at once when nothing runs', async () => {
    const { runBatch } = await setUp(untilAborted);
    expect(await runBatch.drain(60_000)).toEqual({ handedBack: 0 });
  });
});
