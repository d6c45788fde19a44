import type { AttemptKey, BatchOutcome, BatchRecord, BatchRegistry, BatchStatus } from '@millrace/domain';
import { aNewBatch } from '../builders/batch';

export const START_TIME = new Date('2025-01-15T10:31:00.250Z');
export const END_TIME = new Date('2025-01-15T10:32:00.750Z');

/** The key of the first attempt, or of a later one. */
export function keyOf({ batchId }: { readonly batchId: string }, attempt = 1): AttemptKey {
  return { batchId, attempt };
}

export function anOutcome(overrides: Partial<BatchOutcome> = {}): BatchOutcome {
  return {
    endTime: END_TIME,
    rowCount: 1_234n,
    deltaRawPath: '/data/batches/raw',
    deltaAggPath: '/data/batches/aggregated',
    rawVersion: 0n,
    aggVersion: 0n,
    ...overrides,
  };
}

/** Changes of a batch in the words of the transition table; each says whether it happened. */
export const CHANGES = {
  claim: async (registry: BatchRegistry, key: AttemptKey) =>
    (await registry.claim(key, START_TIME)) !== undefined,
  pinSource: async (registry: BatchRegistry, key: AttemptKey) =>
    (await registry.pinSource(key, { path: '/data/stream/transactions', version: 41n })) !== undefined,
  storeExecution: (registry: BatchRegistry, key: AttemptKey) =>
    registry.storeExecution(key, 'raw', { operationId: 'operation-1', sessionId: 'session-1' }),
  complete: (registry: BatchRegistry, key: AttemptKey) => registry.complete(key, anOutcome()),
  fail: (registry: BatchRegistry, key: AttemptKey) =>
    registry.fail(key, { endTime: END_TIME, errorMessage: 'the disk is full' }),
  handBack: async (registry: BatchRegistry, key: AttemptKey) =>
    (await registry.handBack(key, { failure: 'Spark is away' })) !== undefined,
};
export type Change = keyof typeof CHANGES;

/** Ways to states that this port can reach. */
const WAYS = {
  PENDING: [],
  RUNNING: ['claim'],
  COMPLETED: ['claim', 'complete'],
  FAILED: ['claim', 'fail'],
} as const satisfies Partial<Record<BatchStatus, readonly Change[]>>;
export type ReachableStatus = keyof typeof WAYS;

/** A batch at its first attempt, brought to a state. */
export async function aBatchIn(registry: BatchRegistry, status: ReachableStatus): Promise<BatchRecord> {
  const { batchId } = await registry.register(aNewBatch());
  for (const change of WAYS[status]) await CHANGES[change](registry, { batchId, attempt: 1 });
  return requireBatch(registry, batchId);
}

export async function requireBatch(registry: BatchRegistry, batchId: string): Promise<BatchRecord> {
  const record = await registry.find(batchId);
  if (record === undefined) throw new Error(`${batchId} is gone`);
  return record;
}
