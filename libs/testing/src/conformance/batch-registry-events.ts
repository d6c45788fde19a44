import type { BatchEvent, BatchEventDetail, BatchRegistry, BatchStatus } from '@millrace/domain';
import { aRegisteredBatch, aUuid } from '../builders/batch';
import { CHANGES, END_TIME, aBatchIn, keyOf, requireBatch } from './batch-fixtures';
import type { Change, Situation } from './batch-fixtures';

const status = (of: BatchStatus, attempt = 1, errorMessage: string | null = null): BatchEventDetail => ({
  type: 'status',
  status: of,
  attempt,
  errorMessage,
});

/** The event that each change writes; nothing where it writes none. */
const WRITTEN: readonly [Change, Situation, BatchEventDetail | undefined][] = [
  ['claim', 'PENDING', status('RUNNING')],
  ['claim', 'PENDING, sent to Spark before', status('RUNNING', 2, 'Spark is away')],
  ['pinSource', 'RUNNING', undefined],
  ['storeExecution', 'RUNNING', undefined],
  ['storeProgress', 'RUNNING', { type: 'progress', progress: { stage: 'raw', percent: 41.5, rows: 1_000 } }],
  ['complete', 'RUNNING', status('COMPLETED')],
  ['fail', 'RUNNING', status('FAILED', 1, 'the disk is full')],
  ['fail', 'PENDING', status('FAILED', 1, 'the disk is full')],
  ['handBack', 'RUNNING', status('PENDING', 2, 'Spark is away')],
  ['requestCancel', 'RUNNING', { type: 'cancel' }],
  ['requestCancel', 'PENDING', status('CANCELLED')],
  ['requestCancel', 'RUNNING, to be cancelled', undefined],
  ['cancel', 'RUNNING, to be cancelled', status('CANCELLED')],
  ['retry', 'FAILED', status('PENDING', 2)],
  ['markResultsDeleted', 'COMPLETED', { type: 'deleted' }],
];

export function describeEvents(registry: () => BatchRegistry): void {
  describePruning(registry);

  it.each(WRITTEN)('%s of a batch that is %s', async (change, situation, detail) => {
    const before = await aBatchIn(registry(), situation);
    await CHANGES[change](registry(), before);
    const events = await registry().events(before.batchId, before.lastEventId, 10);
    expect(events.map((event) => event.detail)).toEqual(detail === undefined ? [] : [detail]);
    expect(await requireBatch(registry(), before.batchId)).toMatchObject({
      lastEventId: before.lastEventId + events.length,
    });
  });

  it('count from 1 without a gap, in the order of the changes, with times that never fall', async () => {
    const { batchId, lastEventId } = await aBatchIn(registry(), 'FAILED, results deleted');
    const events = await registry().events(batchId, 0, 100);
    expect(events.map(({ id }) => id)).toEqual(Array.from({ length: lastEventId }, (_, index) => index + 1));
    expect(events.map(({ detail }) => detail)).toEqual([
      status('PENDING'),
      status('RUNNING'),
      status('FAILED', 1, 'the disk is full'),
      { type: 'deleted' },
    ]);
    const times = events.map(({ time }) => time.getTime());
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(events.every((event) => event.batchId === batchId)).toBe(true);
  });

  it('begin with the state that a batch was recovered in', async () => {
    const { batchId } = await aBatchIn(registry(), 'UNKNOWN');
    expect(await registry().events(batchId, 0, 10)).toMatchObject([{ id: 1, detail: status('UNKNOWN') }]);
  });

  it('are given after the one that is known, no more than asked for, of one batch only', async () => {
    const { batchId } = await aBatchIn(registry(), 'COMPLETED');
    const other = await aRegisteredBatch(registry(), { uuid: aUuid(1) });
    const ids = async (afterId: number, limit: number) =>
      (await registry().events(batchId, afterId, limit)).map(({ id }) => id);
    expect(await ids(0, 10)).toEqual([1, 2, 3]);
    expect(await ids(1, 10)).toEqual([2, 3]);
    expect(await ids(0, 2)).toEqual([1, 2]);
    expect(await ids(3, 10)).toEqual([]);
    expect(await registry().events(other.batchId, 0, 10)).toHaveLength(1);
    expect(await registry().events('batch-20250115-00000000', 0, 10)).toEqual([]);
  });

  it('are not written by changes that did not happen', async () => {
    const { batchId } = await aBatchIn(registry(), 'COMPLETED');
    await CHANGES.fail(registry(), keyOf({ batchId }));
    await CHANGES.requestCancel(registry(), keyOf({ batchId }));
    expect(await registry().events(batchId, 0, 10)).toHaveLength(3);
  });

  it('are not written by progress that is none', async () => {
    const running = await aBatchIn(registry(), 'RUNNING');
    await CHANGES.storeProgress(registry(), running);
    expect(await CHANGES.storeProgress(registry(), running)).toBe(true);
    expect(await registry().events(running.batchId, running.lastEventId, 10)).toHaveLength(1);
  });
}

const AFTER_END = new Date(END_TIME.getTime() + 1);
const percentOf = ({ detail }: BatchEvent) =>
  detail.type === 'progress' ? detail.progress.percent : detail.type;

function describePruning(registry: () => BatchRegistry): void {
  /** A batch that runs, whose events 3 to 5 are its progress. */
  const aBatchWithProgress = async (number: number) => {
    const { batchId } = await aRegisteredBatch(registry(), { uuid: aUuid(number) });
    await CHANGES.claim(registry(), keyOf({ batchId }));
    for (const percent of [1, 2, 3]) {
      await registry().storeProgress(keyOf({ batchId }), { stage: 'raw', percent, rows: 1 });
    }
    return batchId;
  };
  const told = async (batchId: string) => (await registry().events(batchId, 0, 10)).map(percentOf);

  it('are pruned of progress once their batch ended before the time, and keep their ids', async () => {
    const [ended, running] = [await aBatchWithProgress(1), await aBatchWithProgress(2)];
    await CHANGES.complete(registry(), keyOf({ batchId: ended }));
    const before = await registry().events(ended, 0, 10);
    expect(await registry().pruneHistory(END_TIME, 10)).toBe(0);
    expect(await registry().pruneHistory(AFTER_END, 10)).toBe(3);
    expect(await registry().pruneHistory(AFTER_END, 10)).toBe(0);
    expect(await registry().events(ended, 0, 10)).toEqual(before.filter(({ id }) => id < 3 || id > 5));
    expect(await told(running)).toEqual(['status', 'status', 1, 2, 3]);
    expect(await requireBatch(registry(), ended)).toMatchObject({ lastEventId: 6 });
  });

  it('are pruned no more at once than asked for', async () => {
    for (const number of [1, 2]) {
      await CHANGES.fail(registry(), keyOf({ batchId: await aBatchWithProgress(number) }));
    }
    const rounds = [];
    for (let round = 0; round < 3; round++) rounds.push(await registry().pruneHistory(AFTER_END, 4));
    expect(rounds).toEqual([4, 2, 0]);
  });

  it('go on with the next number after some were pruned', async () => {
    const batchId = await aBatchWithProgress(1);
    await CHANGES.fail(registry(), keyOf({ batchId }));
    await registry().pruneHistory(AFTER_END, 10);
    await registry().retry(batchId);
    expect((await registry().events(batchId, 2, 10)).map(({ id }) => id)).toEqual([6, 7]);
  });
}
