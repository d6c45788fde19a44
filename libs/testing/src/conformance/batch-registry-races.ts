import { isTerminal } from '@millrace/domain';
import type { BatchRegistry } from '@millrace/domain';
import { aNewBatch, aRegisteredBatch, aUuid } from '../builders/batch';
import { CHANGES, START_TIME, aBatchIn, inParallel, keyOf, requireBatch } from './batch-fixtures';
import type { Change } from './batch-fixtures';

export function describeRaces(registry: () => BatchRegistry): void {
  describeWinners(registry);
  describeStores(registry);
}

/** Every event of the batch is there once, and each end of the batch is one of them. */
async function expectSoundEvents(registry: BatchRegistry, batchId: string, ends: number): Promise<void> {
  const { lastEventId } = await requireBatch(registry, batchId);
  const events = await registry.events(batchId, 0, 1_000);
  expect(events.map(({ id }) => id)).toEqual(Array.from({ length: lastEventId }, (_, index) => index + 1));
  const endings = events.filter(({ detail }) => detail.type === 'status' && isTerminal(detail.status));
  expect(endings).toHaveLength(ends);
}

function describeWinners(registry: () => BatchRegistry): void {
  it('one of 20 parallel claims wins', async () => {
    const key = keyOf(await aBatchIn(registry(), 'PENDING'));
    const claims = await inParallel(20, (index) =>
      registry().claim(key, new Date(START_TIME.getTime() + index)),
    );
    const winners = claims.filter((record) => record !== undefined);
    expect(winners).toHaveLength(1);
    expect(await requireBatch(registry(), key.batchId)).toEqual(winners[0]);
  });

  it('a batch ends once when completion, failure and hand-back race', async () => {
    const key = keyOf(await aBatchIn(registry(), 'RUNNING'));
    const ends = ['complete', 'fail', 'handBack'] as const;
    const results = await inParallel(20, (index) => CHANGES[ends[index % 3] ?? 'fail'](registry(), key));
    expect(results.filter(Boolean)).toHaveLength(1);
  });

  it('a batch ends once when 20 cancels and completions race', async () => {
    const key = keyOf(await aBatchIn(registry(), 'RUNNING, to be cancelled'));
    const results = await inParallel(20, (index) =>
      CHANGES[index % 2 === 0 ? 'cancel' : 'complete'](registry(), key),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
    await expectSoundEvents(registry(), key.batchId, 1);
  });

  it('a batch that is asked to end while it is claimed is either cancelled or told to stop', async () => {
    const key = keyOf(await aBatchIn(registry(), 'PENDING'));
    const [isClaimed] = await inParallel(20, (index) =>
      CHANGES[index === 0 ? 'claim' : 'requestCancel'](registry(), key),
    );
    const record = await requireBatch(registry(), key.batchId);
    expect(record.status).toBe(isClaimed === true ? 'RUNNING' : 'CANCELLED');
    expect(record.cancelRequested !== null).toBe(isClaimed);
    await expectSoundEvents(registry(), key.batchId, isClaimed === true ? 0 : 1);
  });

  it('one of 20 parallel retries wins', async () => {
    const { batchId } = await aBatchIn(registry(), 'FAILED');
    const retries = await inParallel(20, () => registry().retry(batchId));
    expect(retries.filter(({ kind }) => kind === 'retried')).toHaveLength(1);
    expect((await requireBatch(registry(), batchId)).attempt).toBe(2);
  });

  it('parallel retries and submissions fill the queue up to its cap', async () => {
    const failed = await inParallel(10, (index) => aRegisteredBatch(registry(), { uuid: aUuid(index) }));
    for (const batch of failed) await CHANGES.fail(registry(), keyOf(batch));
    const limits = { maxPending: 5 };
    await inParallel(20, (index): Promise<unknown> => {
      const batch = failed[index];
      if (batch !== undefined) return registry().retry(batch.batchId, limits);
      return registry().register(aNewBatch({ uuid: aUuid(index) }), limits);
    });
    expect(await registry().inState('PENDING')).toHaveLength(5);
  });
}

function describeStores(registry: () => BatchRegistry): void {
  it('20 parallel pins of different versions get the same one', async () => {
    const key = keyOf(await aBatchIn(registry(), 'RUNNING'));
    const pins = await inParallel(20, (index) =>
      registry().pinSource(key, { path: `/v${index}`, version: BigInt(index) }),
    );
    const stored = await requireBatch(registry(), key.batchId);
    expect(stored.sourcePath).toBe(`/v${String(stored.sourceVersion)}`);
    expect(pins).toEqual(Array.from({ length: 20 }, () => stored));
  });

  it('none of the executions that are stored in parallel is lost', async () => {
    const key = keyOf(await aBatchIn(registry(), 'RUNNING'));
    await inParallel(20, (index) =>
      registry().storeExecution(key, index % 2 === 0 ? 'raw' : 'aggregated', {
        operationId: `operation-${index}`,
        sessionId: 'session',
      }),
    );
    const { executions } = await requireBatch(registry(), key.batchId);
    expect(Object.keys(executions).sort()).toEqual(['aggregated', 'raw']);
  });

  it('events have no gap under parallel changes, and progress never falls', async () => {
    const key = keyOf(await aBatchIn(registry(), 'RUNNING'));
    const others: readonly Change[] = ['requestCancel', 'pinSource', 'storeExecution', 'cancel'];
    await inParallel(40, (index) => {
      const other = others[index % 8];
      if (other !== undefined) return CHANGES[other](registry(), key);
      return registry().storeProgress(key, { stage: 'raw', percent: (index * 7) % 100, rows: index });
    });
    await expectSoundEvents(registry(), key.batchId, 1);
    const details = (await registry().events(key.batchId, 0, 100)).map(({ detail }) => detail);
    const percents = details.flatMap((detail) =>
      detail.type === 'progress' ? [detail.progress.percent] : [],
    );
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
  });
}
