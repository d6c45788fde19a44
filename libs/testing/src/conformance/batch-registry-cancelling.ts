import type { BatchRegistry } from '@millrace/domain';
import { aRegisteredBatch, aRequester, aUuid } from '../builders/batch';
import {
  CANCEL_TIME,
  CHANGES,
  END_TIME,
  START_TIME,
  aBatchIn,
  anOutcome,
  changed,
  keyOf,
  requireBatch,
} from './batch-fixtures';

export function describeCancelling(registry: () => BatchRegistry): void {
  describeRequests(registry);
  describeRetries(registry);
}

function describeRequests(registry: () => BatchRegistry): void {
  it('cancels at once what was never sent to Spark', async () => {
    const pending = await aBatchIn(registry(), 'PENDING');
    const cancelled = await registry().requestCancel(pending.batchId, CANCEL_TIME);
    expect(cancelled).toEqual(changed(pending, { status: 'CANCELLED', endTime: CANCEL_TIME }));
    expect(await requireBatch(registry(), pending.batchId)).toEqual(cancelled);
  });

  it.each(['RUNNING', 'PENDING, sent to Spark before'] as const)(
    'only notes it when the batch is %s, and the first time counts',
    async (situation) => {
      const before = await aBatchIn(registry(), situation);
      const asked = await registry().requestCancel(before.batchId, CANCEL_TIME);
      expect(asked).toEqual(changed(before, { cancelRequested: CANCEL_TIME }));
      expect(await registry().requestCancel(before.batchId, END_TIME)).toEqual(asked);
      expect(await requireBatch(registry(), before.batchId)).toEqual(asked);
    },
  );

  it.each(['RUNNING, to be cancelled', 'PENDING, to be cancelled'] as const)(
    'is cancelled once Spark has stopped, when it was %s',
    async (situation) => {
      const asked = await aBatchIn(registry(), situation);
      expect(await registry().cancel(asked, END_TIME)).toBe(true);
      expect(await requireBatch(registry(), asked.batchId)).toEqual(
        changed(asked, { status: 'CANCELLED', endTime: END_TIME }),
      );
    },
  );

  it('stays completed when it completes first', async () => {
    const asked = await aBatchIn(registry(), 'RUNNING, to be cancelled');
    await registry().complete(asked, anOutcome());
    expect(await registry().cancel(asked, END_TIME)).toBe(false);
    expect(await requireBatch(registry(), asked.batchId)).toEqual(
      changed(asked, { ...anOutcome(), status: 'COMPLETED' }),
    );
  });
}

function describeRetries(registry: () => BatchRegistry): void {
  it('a failed batch that is tried again keeps what its finished steps wrote, and nothing of its end', async () => {
    const { batchId } = await aBatchIn(registry(), 'RUNNING');
    const key = keyOf({ batchId });
    await CHANGES.pinSource(registry(), key);
    const outcome = { version: 0, rowCount: 5 };
    const raw = { operationId: 'operation-1', sessionId: 'session-1', outcome };
    await registry().storeExecution(key, 'raw', raw);
    await registry().handBack(key, { failure: 'Spark is away', notBefore: END_TIME });
    await registry().claim(keyOf({ batchId }, 2), START_TIME);
    await CHANGES.storeProgress(registry(), keyOf({ batchId }, 2));
    await registry().requestCancel(batchId, CANCEL_TIME);
    await CHANGES.fail(registry(), keyOf({ batchId }, 2));
    const failed = await requireBatch(registry(), batchId);
    expect(failed).toMatchObject({ executions: { raw }, sourceVersion: 41n, failures: 1 });

    const again = await registry().retry(batchId);
    const record = changed(failed, {
      status: 'PENDING',
      attempt: 3,
      failures: 0,
      notBefore: null,
      startTime: null,
      endTime: null,
      expiresAt: null,
      cancelRequested: null,
      progress: null,
      errorMessage: null,
    });
    expect(again).toEqual({ kind: 'retried', record });
    expect(await requireBatch(registry(), batchId)).toEqual(record);
    expect(await registry().claim(keyOf({ batchId }, 3), START_TIME)).toMatchObject({ status: 'RUNNING' });
  });

  it('a batch that is tried again takes a new turn in the queue', async () => {
    const number = (value: number) => ({ uuid: aUuid(value) });
    const [first] = [
      await aRegisteredBatch(registry(), number(1)),
      await aRegisteredBatch(registry(), number(2)),
    ];
    await CHANGES.fail(registry(), keyOf(first));
    const other = await aRegisteredBatch(registry(), {
      ...number(3),
      requestedBy: aRequester({ client: 'other' }),
    });
    expect(await registry().retry(first.batchId)).toMatchObject({ kind: 'retried', record: { fairRank: 3 } });
    expect(await registry().queuePosition(other)).toBe(0);
  });

  it('a batch is not tried again where too many wait, and stays as it is', async () => {
    const failed = await aBatchIn(registry(), 'FAILED');
    await aRegisteredBatch(registry(), { uuid: aUuid(1) });
    expect(await registry().retry(failed.batchId, { maxPending: 1 })).toEqual({ kind: 'full', pending: 1 });
    expect(await requireBatch(registry(), failed.batchId)).toEqual(failed);
    expect(await registry().retry(failed.batchId, { maxPending: 2 })).toMatchObject({ kind: 'retried' });
  });

  it('a batch that cannot be tried again is refused also where too many wait', async () => {
    const completed = await aBatchIn(registry(), 'COMPLETED');
    expect(await registry().retry(completed.batchId, { maxPending: 0 })).toEqual({ kind: 'refused' });
    expect(await registry().retry('batch-20250115-00000000', { maxPending: 0 })).toEqual({ kind: 'refused' });
  });
}
