import type { BatchRegistry } from '@millrace/domain';
import { aBatch, aRecoveredBatch, aRegisteredBatch, aUuid } from '../builders/batch';
import {
  CHANGES,
  DELETE_TIME,
  START_TIME,
  aBatchIn,
  anOutcome,
  changed,
  idsOf,
  keyOf,
  requireBatch,
} from './batch-fixtures';

const day = (number: number) => new Date(Date.UTC(2025, 1, number));

export function describeResults(registry: () => BatchRegistry): void {
  describeExpiry(registry);
  describeRecovery(registry);
}

function describeExpiry(registry: () => BatchRegistry): void {
  it('gives the batches whose results are past their time, oldest first', async () => {
    const batches = [];
    for (const number of [3, 1, 2, 4]) {
      const batch = await aRegisteredBatch(registry(), { uuid: aUuid(number) });
      await registry().claim(keyOf(batch), START_TIME);
      await registry().complete(keyOf(batch), anOutcome({ expiresAt: day(number) }));
      batches.push(batch);
    }
    await CHANGES.claim(registry(), keyOf(await aRegisteredBatch(registry(), { uuid: aUuid(9) })));
    const [third, first, second] = idsOf(batches);
    const expired = async (now: Date, limit: number) => idsOf(await registry().expired(now, limit));
    expect(await expired(day(3), 10)).toEqual([first, second, third]);
    expect(await expired(new Date(day(3).getTime() - 1), 10)).toEqual([first, second]);
    expect(await expired(day(3), 1)).toEqual([first]);
    await registry().markResultsDeleted(first ?? '', DELETE_TIME);
    expect(await expired(day(3), 10)).toEqual([second, third]);
    expect((await registry().expired(day(2), 1))[0]).toEqual(await requireBatch(registry(), second ?? ''));
  });

  it('gives a failed batch too, unless it was retried', async () => {
    const failed = await aBatchIn(registry(), 'FAILED');
    const expired = async () => idsOf(await registry().expired(day(365), 10));
    expect(await expired()).toEqual([failed.batchId]);
    await registry().retry(failed.batchId);
    await CHANGES.claim(registry(), keyOf(failed, 2));
    await CHANGES.complete(registry(), keyOf(failed, 2));
    expect((await requireBatch(registry(), failed.batchId)).expiresAt).toEqual(anOutcome().expiresAt);
  });

  it('says since when the results of a batch are given up', async () => {
    const completed = await aBatchIn(registry(), 'COMPLETED');
    expect(await registry().markResultsDeleted(completed.batchId, DELETE_TIME)).toBe(true);
    expect(await requireBatch(registry(), completed.batchId)).toEqual(
      changed(completed, { resultsDeleted: DELETE_TIME }),
    );
  });
}

function describeRecovery(registry: () => BatchRegistry): void {
  it.each(['COMPLETED', 'UNKNOWN'] as const)('takes in a %s batch as its files tell it', async (status) => {
    const recovered = aRecoveredBatch({
      status,
      labels: { team: 'pricing' },
      sinks: ['jdbc'],
      executions: {
        raw: { operationId: 'o', sessionId: 's', outcome: { version: 0, rowCount: 1_234 } },
      },
      errorMessage: status === 'UNKNOWN' ? 'the log is incomplete: \u0000' : null,
    });
    expect(await registry().recover(recovered)).toBe(true);
    const found = await requireBatch(registry(), recovered.batchId);
    const errorMessage = found.errorMessage;
    expect(found).toEqual(aBatch({ ...recovered, errorMessage }));
    expect(errorMessage === null).toBe(status === 'COMPLETED');
    expect(await registry().recover(recovered)).toBe(false);
  });
}
