import { makeBatchId } from '@millrace/domain';
import type { BatchRecord, NewBatch } from '@millrace/domain';

const SUBMIT_TIME = new Date('2025-01-15T10:30:00.123Z');

/** A UUID that tells its number: the first eight hex digits, which also end the batch id. */
export function aUuid(number = 0xa3f8e2b1): string {
  return `${number.toString(16).padStart(8, '0')}-5d4c-4b3a-9f2e-1d0c9b8a7f6e`;
}

/** A request as the gateway registers it. The batch id follows from the UUID and the submit time unless it is given. */
export function aNewBatch(overrides: Partial<NewBatch> = {}): NewBatch {
  const uuid = overrides.uuid ?? aUuid();
  const submitTime = overrides.submitTime ?? SUBMIT_TIME;
  return {
    batchId: makeBatchId(uuid, submitTime),
    uuid,
    submitTime,
    analysisType: 'revenue_by_category',
    source: 'delta',
    startDate: '2025-01-01',
    endDate: '2025-01-31',
    filters: null,
    ...overrides,
  };
}

/** The record of a batch that was submitted and not touched since. */
export function aBatch(overrides: Partial<BatchRecord> = {}): BatchRecord {
  const uuid = overrides.uuid ?? aUuid();
  const submitTime = overrides.submitTime ?? SUBMIT_TIME;
  return {
    batchId: makeBatchId(uuid, submitTime),
    uuid,
    status: 'PENDING',
    attempt: 1,
    failures: 0,
    notBefore: null,
    analysisType: 'revenue_by_category',
    source: 'delta',
    topic: null,
    startOffset: null,
    endOffset: null,
    startDate: '2025-01-01',
    endDate: '2025-01-31',
    filters: null,
    sourcePath: null,
    sourceVersion: null,
    submitTime,
    startTime: null,
    endTime: null,
    rowCount: null,
    deltaRawPath: null,
    deltaAggPath: null,
    rawVersion: null,
    aggVersion: null,
    errorMessage: null,
    executions: {},
    ...overrides,
  };
}
