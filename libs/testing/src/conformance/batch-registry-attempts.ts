import type { BatchRegistry } from '@millrace/domain';
import {
  ATTEMPT_CHANGES,
  CANCEL_TIME,
  CHANGES,
  START_TIME,
  aBatchIn,
  anOutcome,
  changed,
  keyOf,
  requireBatch,
} from './batch-fixtures';
import type { AttemptChange } from './batch-fixtures';

const ALL_CHANGES = Object.keys(ATTEMPT_CHANGES) as AttemptChange[];
const NOT_BEFORE = new Date('2025-01-15T10:40:00.001Z');

export function describeAttempts(registry: () => BatchRegistry): void {
  describeHandBack(registry);
  describeStaleAttempts(registry);
}

function describeHandBack(registry: () => BatchRegistry): void {
  it('a batch handed back waits at the next attempt and keeps its executions and its pinned source', async () => {
    const { batchId } = await aBatchIn(registry(), 'RUNNING');
    const key = keyOf({ batchId });
    await CHANGES.pinSource(registry(), key);
    await CHANGES.storeExecution(registry(), key);
    const running = await requireBatch(registry(), batchId);
    const handedBack = await registry().handBack(key, {});
    expect(handedBack).toEqual(changed(running, { status: 'PENDING', attempt: 2, startTime: null }));
    const again = { ...running, attempt: 2, lastEventId: running.lastEventId + 2 };
    expect(await registry().claim(keyOf({ batchId }, 2), START_TIME)).toEqual(again);
    const other = { path: '/elsewhere', version: 99n };
    expect(await registry().pinSource(keyOf({ batchId }, 2), other)).toEqual(again);
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

  it('cancel by an attempt that is over changes nothing', async () => {
    const { batchId } = await aBatchIn(registry(), 'PENDING, to be cancelled');
    const pending = await registry().requestCancel(batchId, CANCEL_TIME);
    expect(await CHANGES.cancel(registry(), keyOf({ batchId }))).toBe(false);
    expect(await requireBatch(registry(), batchId)).toEqual(pending);
  });

  it.each(ALL_CHANGES)('%s by an attempt that is still to come changes nothing', async (change) => {
    const running = await aBatchIn(registry(), 'RUNNING');
    expect(await CHANGES[change](registry(), keyOf(running, 2))).toBe(false);
    expect(await requireBatch(registry(), running.batchId)).toEqual(running);
  });
}
