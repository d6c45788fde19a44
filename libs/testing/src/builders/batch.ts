import { makeBatchId } from '@millrace/domain';
import type {
  BatchFailure,
  BatchRecord,
  BatchRegistry,
  NewBatch,
  RecoveredBatch,
  Requester,
} from '@millrace/domain';

const SUBMIT_TIME = new Date('2025-01-15T10:30:00.123Z');

/** A UUID that tells its number: the first eight hex digits, which also end the batch id. */
export function aUuid(number = 0xa3f8e2b1): string {
  return `${number.toString(16).padStart(8, '0')}-5d4c-4b3a-9f2e-1d0c9b8a7f6e`;
}

export function aRequester(overrides: Partial<Requester> = {}): Requester {
  return {
    client: 'spec',
    address: '127.0.0.1',
    userAgent: 'spec/1.0',
    requestId: 'request-1',
    ...overrides,
  };
}

/**
 * A request as the gateway registers it. The batch id and the fingerprint follow from the UUID (and the submit time)
 * unless they are given, so that two of them are never each other's twin by chance.
 */
export function aNewBatch(overrides: Partial<NewBatch> = {}): NewBatch {
  const uuid = overrides.uuid ?? aUuid();
  const submitTime = overrides.submitTime ?? SUBMIT_TIME;
  return {
    batchId: makeBatchId(uuid, submitTime),
    uuid,
    submitTime,
    analysisType: 'revenue_by_category',
    source: 'delta',
    topic: null,
    startOffset: null,
    endOffset: null,
    sourceOffsets: null,
    startDate: '2025-01-01',
    endDate: '2025-01-31',
    afterEventTimestamp: null,
    filters: null,
    sourcePath: null,
    sourceVersion: null,
    labels: {},
    sinks: [],
    timeoutSeconds: null,
    webhookUrl: null,
    rerunOf: null,
    requestedBy: aRequester(),
    idempotencyKey: null,
    fingerprint: `fingerprint of ${uuid}`,
    ...overrides,
  };
}

/** The record of a batch that was submitted and not touched since. */
export function aBatch(overrides: Partial<BatchRecord> = {}): BatchRecord {
  const { uuid, submitTime } = overrides;
  return {
    ...aNewBatch({ ...(uuid !== undefined && { uuid }), ...(submitTime !== undefined && { submitTime }) }),
    status: 'PENDING',
    attempt: 1,
    failures: 0,
    notBefore: null,
    fairRank: 1,
    startTime: null,
    endTime: null,
    cancelRequested: null,
    progress: null,
    rowCount: null,
    maxEventTimestamp: null,
    deltaRawPath: null,
    deltaAggPath: null,
    rawVersion: null,
    aggVersion: null,
    expiresAt: null,
    resultsDeleted: null,
    errorMessage: null,
    executions: {},
    lastEventId: 1,
    ...overrides,
  };
}

/**
 * Registers a batch that nothing keeps from being registered, and gives its record.
 * @throws Error when it was a replay or the queue is full.
 */
export async function aRegisteredBatch(
  registry: BatchRegistry,
  overrides: Partial<NewBatch> = {},
): Promise<BatchRecord> {
  const registration = await registry.register(aNewBatch(overrides), { maxPending: 1_000_000 });
  if (registration.kind !== 'registered')
    throw new Error(`The batch was not registered: ${registration.kind}`);
  return registration.record;
}

/** A completed batch as its files tell it. */
export function aRecoveredBatch(overrides: Partial<RecoveredBatch> = {}): RecoveredBatch {
  const { uuid, submitTime } = overrides;
  const request = aNewBatch({
    ...(uuid !== undefined && { uuid }),
    ...(submitTime !== undefined && { submitTime }),
  });
  return {
    ...request,
    status: 'COMPLETED',
    startTime: new Date('2025-01-15T10:31:00.250Z'),
    endTime: new Date('2025-01-15T10:32:00.750Z'),
    rowCount: 1_234n,
    maxEventTimestamp: '2025-01-31T23:59:59.999999Z',
    deltaRawPath: `/data/batches/${request.batchId}/raw`,
    deltaAggPath: `/data/batches/${request.batchId}/aggregated`,
    rawVersion: 0n,
    aggVersion: 0n,
    expiresAt: new Date('2025-01-22T10:32:00.750Z'),
    resultsDeleted: null,
    errorMessage: null,
    executions: {},
    ...overrides,
  };
}

/** The end of a batch that failed for good. */
export function aFailure(overrides: Partial<BatchFailure> = {}): BatchFailure {
  return {
    endTime: new Date('2025-01-15T10:32:00.750Z'),
    errorMessage: 'Spark said no',
    expiresAt: new Date('2025-01-22T10:32:00.750Z'),
    ...overrides,
  };
}
