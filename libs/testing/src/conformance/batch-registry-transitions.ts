import type { BatchRegistry } from '@millrace/domain';
import { CHANGES, END_TIME, START_TIME, aBatchIn, anOutcome, keyOf, requireBatch } from './batch-fixtures';
import type { Change, ReachableStatus } from './batch-fixtures';

/** Which changes each state allows; everything else must change nothing. */
const ALLOWED: Readonly<Record<ReachableStatus, readonly Change[]>> = {
  PENDING: ['claim', 'fail'],
  RUNNING: ['pinSource', 'storeExecution', 'complete', 'fail', 'handBack'],
  COMPLETED: [],
  FAILED: [],
};
const STATES = Object.keys(ALLOWED) as ReachableStatus[];
const ALL_CHANGES = Object.keys(CHANGES) as Change[];

const PAIRS = STATES.flatMap((status) => ALL_CHANGES.map((change) => ({ status, change })));
const isAllowed = ({ status, change }: (typeof PAIRS)[number]) => ALLOWED[status].includes(change);

export function describeTransitions(registry: () => BatchRegistry): void {
  describe('changes of state', () => {
    it.each(PAIRS.filter(isAllowed))('a $status batch allows $change', async ({ status, change }) => {
      const before = await aBatchIn(registry(), status);
      expect(await CHANGES[change](registry(), keyOf(before))).toBe(true);
      expect(await requireBatch(registry(), before.batchId)).not.toEqual(before);
    });

    it.each(PAIRS.filter((pair) => !isAllowed(pair)))(
      'a $status batch refuses $change and stays as it is',
      async ({ status, change }) => {
        const before = await aBatchIn(registry(), status);
        expect(await CHANGES[change](registry(), keyOf(before))).toBe(false);
        expect(await requireBatch(registry(), before.batchId)).toEqual(before);
      },
    );

    it.each(ALL_CHANGES)('%s of an unknown batch changes nothing', async (change) => {
      const before = await aBatchIn(registry(), 'RUNNING');
      expect(await CHANGES[change](registry(), keyOf({ batchId: 'batch-20250115-00000000' }))).toBe(false);
      expect((await registry().list({ limit: 10 })).batches).toEqual([before]);
    });

    describeWhatTheyWrite(registry);
  });
}

function describeWhatTheyWrite(registry: () => BatchRegistry): void {
  it('a claim gives the running record with its start', async () => {
    const pending = await aBatchIn(registry(), 'PENDING');
    const claimed = await registry().claim(keyOf(pending), START_TIME);
    expect(claimed).toEqual({ ...pending, status: 'RUNNING', startTime: START_TIME });
    expect(await requireBatch(registry(), pending.batchId)).toEqual(claimed);
  });

  it('a completed batch holds its outcome', async () => {
    const running = await aBatchIn(registry(), 'RUNNING');
    await registry().complete(keyOf(running), anOutcome());
    expect(await requireBatch(registry(), running.batchId)).toEqual({
      ...running,
      ...anOutcome(),
      status: 'COMPLETED',
    });
  });

  it('a failed batch holds its end and the message', async () => {
    const running = await aBatchIn(registry(), 'RUNNING');
    const failure = { endTime: END_TIME, errorMessage: 'the disk is full: "/data" \u2014 100 %' };
    await registry().fail(keyOf(running), failure);
    expect(await requireBatch(registry(), running.batchId)).toEqual({
      ...running,
      ...failure,
      status: 'FAILED',
    });
  });

  it('pins the source once: the first one stays and is what later calls get', async () => {
    const running = await aBatchIn(registry(), 'RUNNING');
    const first = { path: '/data/stream/transactions', version: 0n };
    const pinned = await registry().pinSource(keyOf(running), first);
    expect(pinned).toEqual({ ...running, sourcePath: first.path, sourceVersion: first.version });
    expect(await registry().pinSource(keyOf(running), { path: '/elsewhere', version: 7n })).toEqual(pinned);
    expect(await requireBatch(registry(), running.batchId)).toEqual(pinned);
  });

  it('keeps one execution for each step, the last one stored', async () => {
    const key = keyOf(await aBatchIn(registry(), 'RUNNING'));
    const raw = { operationId: 'operation-2', sessionId: 'session-2' };
    const aggregated = { operationId: 'operation-3', sessionId: 'session-2' };
    await CHANGES.storeExecution(registry(), key);
    await registry().storeExecution(key, 'aggregated', aggregated);
    await registry().storeExecution(key, 'raw', raw);
    expect((await requireBatch(registry(), key.batchId)).executions).toEqual({ raw, aggregated });
  });
}
