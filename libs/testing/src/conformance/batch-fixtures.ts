import type { AttemptKey, BatchOutcome, BatchRecord, BatchRegistry } from '@millrace/domain';
import { aFailure, aRecoveredBatch, aRegisteredBatch } from '../builders/batch';

export const START_TIME = new Date('2025-01-15T10:31:00.250Z');
export const CANCEL_TIME = new Date('2025-01-15T10:31:30.500Z');
export const END_TIME = new Date('2025-01-15T10:32:00.750Z');
export const DELETE_TIME = new Date('2025-01-23T00:00:00.001Z');

/** The key of the first attempt, or of a later one. */
export function keyOf({ batchId }: { readonly batchId: string }, attempt = 1): AttemptKey {
  return { batchId, attempt };
}

export function anOutcome(overrides: Partial<BatchOutcome> = {}): BatchOutcome {
  return {
    endTime: END_TIME,
    rowCount: 1_234n,
    maxEventTimestamp: '2025-01-31T23:59:59.999999Z',
    deltaRawPath: '/data/batches/raw',
    deltaAggPath: '/data/batches/aggregated',
    rawVersion: 0n,
    aggVersion: 0n,
    expiresAt: new Date('2025-01-22T10:32:00.750Z'),
    ...overrides,
  };
}

/** Changes that name an attempt, in the words of the transition table; each says whether it happened. */
export const ATTEMPT_CHANGES = {
  claim: async (registry: BatchRegistry, key: AttemptKey) =>
    (await registry.claim(key, START_TIME)) !== undefined,
  pinSource: async (registry: BatchRegistry, key: AttemptKey) =>
    (await registry.pinSource(key, { path: '/data/stream/transactions', version: 41n })) !== undefined,
  storeExecution: (registry: BatchRegistry, key: AttemptKey) =>
    registry.storeExecution(key, 'raw', { operationId: 'operation-1', sessionId: 'session-1' }),
  storeProgress: (registry: BatchRegistry, key: AttemptKey) =>
    registry.storeProgress(key, { stage: 'raw', percent: 41.5, rows: 1_000 }),
  complete: (registry: BatchRegistry, key: AttemptKey) => registry.complete(key, anOutcome()),
  fail: (registry: BatchRegistry, key: AttemptKey) =>
    registry.fail(key, aFailure({ errorMessage: 'the disk is full' })),
  handBack: async (registry: BatchRegistry, key: AttemptKey) =>
    (await registry.handBack(key, { failure: 'Spark is away' })) !== undefined,
  cancel: (registry: BatchRegistry, key: AttemptKey) => registry.cancel(key, END_TIME),
};
export type AttemptChange = keyof typeof ATTEMPT_CHANGES;

/** The same for all changes; those below are about the batch, whichever its attempt is. */
export const CHANGES = {
  ...ATTEMPT_CHANGES,
  requestCancel: async (registry: BatchRegistry, { batchId }: AttemptKey) =>
    (await registry.requestCancel(batchId, CANCEL_TIME)) !== undefined,
  retry: async (registry: BatchRegistry, { batchId }: AttemptKey) =>
    (await registry.retry(batchId)).kind === 'retried',
  markResultsDeleted: (registry: BatchRegistry, { batchId }: AttemptKey) =>
    registry.markResultsDeleted(batchId, DELETE_TIME),
};
export type Change = keyof typeof CHANGES;
export const ALL_CHANGES = Object.keys(CHANGES) as Change[];

/** Ways to every situation that the rules tell apart, from a registered batch. */
const WAYS = {
  PENDING: [],
  RUNNING: ['claim'],
  'RUNNING, to be cancelled': ['claim', 'requestCancel'],
  'PENDING, sent to Spark before': ['claim', 'storeExecution', 'handBack'],
  'PENDING, to be cancelled': ['claim', 'requestCancel', 'handBack'],
  COMPLETED: ['claim', 'complete'],
  FAILED: ['claim', 'fail'],
  CANCELLED: ['requestCancel'],
  'COMPLETED, results deleted': ['claim', 'complete', 'markResultsDeleted'],
  'FAILED, results deleted': ['claim', 'fail', 'markResultsDeleted'],
} as const satisfies Record<string, readonly Change[]>;
export type Situation = keyof typeof WAYS | 'UNKNOWN';

/** A batch, brought to a situation. */
export async function aBatchIn(registry: BatchRegistry, situation: Situation): Promise<BatchRecord> {
  if (situation === 'UNKNOWN') {
    const recovered = aRecoveredBatch({ status: 'UNKNOWN' });
    await registry.recover(recovered);
    return requireBatch(registry, recovered.batchId);
  }
  const { batchId } = await aRegisteredBatch(registry);
  for (const change of WAYS[situation]) {
    const { attempt } = await requireBatch(registry, batchId);
    if (!(await CHANGES[change](registry, { batchId, attempt })))
      throw new Error(`No ${change} to ${situation}`);
  }
  return requireBatch(registry, batchId);
}

export async function requireBatch(registry: BatchRegistry, batchId: string): Promise<BatchRecord> {
  const record = await registry.find(batchId);
  if (record === undefined) throw new Error(`${batchId} is gone`);
  return record;
}

/** `record` after a change that wrote an event. */
export function changed(record: BatchRecord, change: Partial<BatchRecord>): BatchRecord {
  return { ...record, lastEventId: record.lastEventId + 1, ...change };
}

export function inParallel<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => work(index)));
}

export const idsOf = (batches: readonly { readonly batchId: string }[]) =>
  batches.map(({ batchId }) => batchId);
