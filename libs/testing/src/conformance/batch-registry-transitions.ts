import { canTransition } from '@millrace/domain';
import type { BatchRegistry } from '@millrace/domain';
import { aFailure, aRecoveredBatch } from '../builders/batch';
import {
  ALL_CHANGES,
  CHANGES,
  START_TIME,
  aBatchIn,
  anOutcome,
  changed,
  keyOf,
  requireBatch,
} from './batch-fixtures';
import type { Change, Situation } from './batch-fixtures';

/** Which changes each situation allows; everything else must change nothing. */
const ALLOWED: Readonly<Record<Situation, readonly Change[]>> = {
  PENDING: ['claim', 'fail', 'requestCancel'],
  'PENDING, sent to Spark before': ['claim', 'fail', 'requestCancel'],
  'PENDING, to be cancelled': ['fail', 'cancel'],
  RUNNING: ['pinSource', 'storeExecution', 'storeProgress', 'complete', 'fail', 'handBack', 'requestCancel'],
  'RUNNING, to be cancelled': [
    'pinSource',
    'storeExecution',
    'storeProgress',
    'complete',
    'fail',
    'handBack',
    'cancel',
  ],
  COMPLETED: ['markResultsDeleted'],
  FAILED: ['retry', 'markResultsDeleted'],
  CANCELLED: ['markResultsDeleted'],
  UNKNOWN: ['markResultsDeleted'],
  'COMPLETED, results deleted': [],
  'FAILED, results deleted': [],
};
const SITUATIONS = Object.keys(ALLOWED) as Situation[];

const PAIRS = SITUATIONS.flatMap((situation) => ALL_CHANGES.map((change) => ({ situation, change })));
const isAllowed = ({ situation, change }: (typeof PAIRS)[number]) => ALLOWED[situation].includes(change);
/** Asking again for a cancel is answered by the record and changes nothing: it has a test of its own. */
const isRefused = (pair: (typeof PAIRS)[number]) =>
  !isAllowed(pair) && !(pair.change === 'requestCancel' && pair.situation.endsWith('to be cancelled'));

export function describeTransitions(registry: () => BatchRegistry): void {
  it.each(PAIRS.filter(isAllowed))('$situation allows $change', async ({ situation, change }) => {
    const before = await aBatchIn(registry(), situation);
    expect(await CHANGES[change](registry(), before)).toBe(true);
    const after = await requireBatch(registry(), before.batchId);
    expect(after).not.toEqual(before);
    expect(after.status === before.status || canTransition(before.status, after.status)).toBe(true);
  });

  it.each(PAIRS.filter(isRefused))(
    '$situation refuses $change and stays as it is',
    async ({ situation, change }) => {
      const before = await aBatchIn(registry(), situation);
      expect(await CHANGES[change](registry(), before)).toBe(false);
      expect(await requireBatch(registry(), before.batchId)).toEqual(before);
    },
  );

  it.each(SITUATIONS)('%s is not recovered over', async (situation) => {
    const before = await aBatchIn(registry(), situation);
    expect(await registry().recover(aRecoveredBatch())).toBe(false);
    expect(await requireBatch(registry(), before.batchId)).toEqual(before);
  });

  it.each(ALL_CHANGES)('%s of an unknown batch changes nothing', async (change) => {
    const before = await aBatchIn(registry(), 'RUNNING');
    expect(await CHANGES[change](registry(), keyOf({ batchId: 'batch-20250115-00000000' }))).toBe(false);
    expect((await registry().list({ limit: 10 })).batches).toEqual([before]);
  });

  describeWhatTheyWrite(registry);
  describeStoring(registry);
}

function describeWhatTheyWrite(registry: () => BatchRegistry): void {
  it('a claim gives the running record with its start', async () => {
    const pending = await aBatchIn(registry(), 'PENDING');
    const claimed = await registry().claim(keyOf(pending), START_TIME);
    expect(claimed).toEqual(changed(pending, { status: 'RUNNING', startTime: START_TIME }));
    expect(await requireBatch(registry(), pending.batchId)).toEqual(claimed);
  });

  it.each([{}, { aggVersion: null, maxEventTimestamp: null, rowCount: 0n }])(
    'a completed batch holds its outcome %#',
    async (overrides) => {
      const running = await aBatchIn(registry(), 'RUNNING');
      await CHANGES.storeProgress(registry(), keyOf(running));
      const withProgress = await requireBatch(registry(), running.batchId);
      await registry().complete(keyOf(running), anOutcome(overrides));
      expect(await requireBatch(registry(), running.batchId)).toEqual(
        changed(withProgress, { ...anOutcome(overrides), status: 'COMPLETED', progress: null }),
      );
    },
  );

  it('a failed batch holds its end and the message', async () => {
    const running = await aBatchIn(registry(), 'RUNNING');
    const failure = aFailure({ errorMessage: 'the disk is full: "/data" \u2014 100 %' });
    await registry().fail(keyOf(running), failure);
    expect(await requireBatch(registry(), running.batchId)).toEqual(
      changed(running, { ...failure, status: 'FAILED' }),
    );
  });
}

function describeStoring(registry: () => BatchRegistry): void {
  it('pins the source once: the first one stays and is what later calls get', async () => {
    const running = await aBatchIn(registry(), 'RUNNING');
    const first = { path: '/data/stream/transactions', version: 0n };
    const pinned = await registry().pinSource(keyOf(running), first);
    expect(pinned).toEqual({ ...running, sourcePath: first.path, sourceVersion: first.version });
    expect(await registry().pinSource(keyOf(running), { path: '/elsewhere', version: 7n })).toEqual(pinned);
    expect(await requireBatch(registry(), running.batchId)).toEqual(pinned);
  });

  it('keeps one execution for each step, the last one stored, with its outcome or its failure', async () => {
    const key = keyOf(await aBatchIn(registry(), 'RUNNING'));
    const operation = (id: string) => ({ operationId: id, sessionId: 'session-2' });
    const outcome = { version: 0, rowCount: 12, maxEventTimestamp: '2025-01-15T10:30:00.000001Z' };
    const raw = { ...operation('operation-2'), outcome };
    const fraud = { ...operation('operation-4'), errorMessage: 'division by zero' };
    await CHANGES.storeExecution(registry(), key);
    await registry().storeExecution(key, 'aggregated', operation('operation-3'));
    await registry().storeExecution(key, 'aggregated/fraud_analysis', fraud);
    await registry().storeExecution(key, 'raw', raw);
    expect((await requireBatch(registry(), key.batchId)).executions).toEqual({
      raw,
      aggregated: operation('operation-3'),
      'aggregated/fraud_analysis': fraud,
    });
  });

  it('keeps the newest progress, whose percentage never falls within an attempt', async () => {
    const running = await aBatchIn(registry(), 'RUNNING');
    const store = async (percent: number, rows: number) => {
      await registry().storeProgress(keyOf(running), { stage: 'aggregated', percent, rows });
      return (await requireBatch(registry(), running.batchId)).progress;
    };
    expect(await store(12.25, 10)).toEqual({ stage: 'aggregated', percent: 12.25, rows: 10 });
    expect(await store(7, 20)).toEqual({ stage: 'aggregated', percent: 12.25, rows: 20 });
    expect(await store(100, 30)).toEqual({ stage: 'aggregated', percent: 100, rows: 30 });
    const handedBack = await registry().handBack(keyOf(running), {});
    expect(handedBack?.progress).toBeNull();
  });
}
