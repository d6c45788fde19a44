import type { BatchRegistry } from '@millrace/domain';
import { CHANGES, START_TIME, aBatchIn, anOutcome, keyOf, requireBatch } from './batch-fixtures';
import type { Change } from './batch-fixtures';

const ALL_CHANGES = Object.keys(CHANGES) as Change[];
const NOT_BEFORE = new Date('2025-01-15T10:40:00.001Z');

export function describeAttempts(registry: () => BatchRegistry): void {
  describe('attempts', () => {
    describeHandBack(registry);
    describeStaleAttempts(registry);
    describeRaces(registry);
  });
}

function describeHandBack(registry: () => BatchRegistry): void {
  it('a batch handed back waits at the next attempt and keeps its executions and its pinned source', async () => {
    const { batchId } = await aBatchIn(registry(), 'RUNNING');
    const key = keyOf({ batchId });
    await CHANGES.pinSource(registry(), key);
    await CHANGES.storeExecution(registry(), key);
    const running = await requireBatch(registry(), batchId);
    const handedBack = await registry().handBack(key, {});
    expect(handedBack).toEqual({ ...running, status: 'PENDING', attempt: 2, startTime: null });
    expect(await registry().claim(keyOf({ batchId }, 2), START_TIME)).toEqual({ ...running, attempt: 2 });
    expect(await registry().pinSource(keyOf({ batchId }, 2), { path: '/elsewhere', version: 99n })).toEqual({
      ...running,
      attempt: 2,
    });
  });

  it('counts failures, but not a drain', async () => {
    const { batchId } = await aBatchIn(registry(), 'RUNNING');
    const failed = await registry().handBack(keyOf({ batchId }), {
      failure: 'Spark is away',
      notBefore: NOT_BEFORE,
    });
    expect(failed).toMatchObject({ failures: 1, notBefore: NOT_BEFORE, errorMessage: 'Spark is away' });
    await registry().claim(keyOf({ batchId }, 2), START_TIME);
    const drained = await registry().handBack(keyOf({ batchId }, 2), {});
    expect(drained).toMatchObject({
      attempt: 3,
      failures: 1,
      notBefore: null,
      errorMessage: 'Spark is away',
    });
  });

  it('forgets the message of an earlier attempt when one succeeds', async () => {
    const { batchId } = await aBatchIn(registry(), 'RUNNING');
    await registry().handBack(keyOf({ batchId }), { failure: 'Spark is away' });
    await registry().claim(keyOf({ batchId }, 2), START_TIME);
    await registry().complete(keyOf({ batchId }, 2), anOutcome());
    expect(await requireBatch(registry(), batchId)).toMatchObject({
      status: 'COMPLETED',
      errorMessage: null,
    });
  });
}

function describeStaleAttempts(registry: () => BatchRegistry): void {
  it.each(ALL_CHANGES)('%s by an attempt that is over changes nothing', async (change) => {
    const { batchId } = await aBatchIn(registry(), 'RUNNING');
    await registry().handBack(keyOf({ batchId }), {});
    const pending = await requireBatch(registry(), batchId);
    expect(await CHANGES[change](registry(), keyOf({ batchId }))).toBe(false);
    expect(await requireBatch(registry(), batchId)).toEqual(pending);

    const running = await registry().claim(keyOf({ batchId }, 2), START_TIME);
    expect(await CHANGES[change](registry(), keyOf({ batchId }))).toBe(false);
    expect(await requireBatch(registry(), batchId)).toEqual(running);
  });

  it.each(ALL_CHANGES)('%s by an attempt that is still to come changes nothing', async (change) => {
    const running = await aBatchIn(registry(), 'RUNNING');
    expect(await CHANGES[change](registry(), keyOf(running, 2))).toBe(false);
    expect(await requireBatch(registry(), running.batchId)).toEqual(running);
  });
}

function describeRaces(registry: () => BatchRegistry): void {
  const parallel = <T>(work: (index: number) => Promise<T>) =>
    Promise.all(Array.from({ length: 20 }, (_, index) => work(index)));

  it('lets one of 20 parallel claims win', async () => {
    const key = keyOf(await aBatchIn(registry(), 'PENDING'));
    const claims = await parallel((index) => registry().claim(key, new Date(START_TIME.getTime() + index)));
    const winners = claims.filter((record) => record !== undefined);
    expect(winners).toHaveLength(1);
    expect(await requireBatch(registry(), key.batchId)).toEqual(winners[0]);
  });

  it('ends a batch once when completion, failure and hand-back race', async () => {
    const key = keyOf(await aBatchIn(registry(), 'RUNNING'));
    const ends = ['complete', 'fail', 'handBack'] as const;
    const results = await parallel((index) => CHANGES[ends[index % 3] ?? 'fail'](registry(), key));
    expect(results.filter(Boolean)).toHaveLength(1);
  });

  it('gives 20 parallel pins of different versions the same one', async () => {
    const key = keyOf(await aBatchIn(registry(), 'RUNNING'));
    const pins = await parallel((index) =>
      registry().pinSource(key, { path: `/v${index}`, version: BigInt(index) }),
    );
    const stored = await requireBatch(registry(), key.batchId);
    expect(stored.sourcePath).toBe(`/v${String(stored.sourceVersion)}`);
    expect(pins).toEqual(Array.from({ length: 20 }, () => stored));
  });

  it('loses none of the executions that are stored in parallel', async () => {
    const key = keyOf(await aBatchIn(registry(), 'RUNNING'));
    await parallel((index) =>
      registry().storeExecution(key, index % 2 === 0 ? 'raw' : 'aggregated', {
        operationId: `operation-${index}`,
        sessionId: 'session',
      }),
    );
    const { executions } = await requireBatch(registry(), key.batchId);
    expect(Object.keys(executions).sort()).toEqual(['aggregated', 'raw']);
  });
}
