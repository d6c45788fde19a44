import { membersOf, toBatchBody } from './batch-body';
import { describeBatch } from './batch-description';
import type { BatchRecord, StoredExecution } from './batch-record';

const TIME = new Date('2025-01-15T10:30:00.123Z');

const record: BatchRecord = {
  batchId: 'batch-20250115-a3f8e2b1',
  uuid: 'a3f8e2b1-5d4c-4b3a-9f2e-1d0c9b8a7f6e',
  status: 'RUNNING',
  attempt: 1,
  failures: 0,
  notBefore: null,
  analysisType: 'full_report',
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
  webhookUrl: 'https://user:hunter2@client.example/hook?token=hunter3',
  rerunOf: null,
  requestedBy: { client: 'spec', address: '127.0.0.1', userAgent: null, requestId: 'request-1' },
  idempotencyKey: 'hunter4',
  fingerprint: 'fingerprint',
  fairRank: 1,
  submitTime: TIME,
  startTime: TIME,
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
};

describe('what everybody sees of a batch', () => {
  it('tells where its webhook goes, but no token in its URL and no idempotency key', () => {
    const body = toBatchBody(record);
    expect(body.webhookUrl).toBe('https://client.example/hook');
    expect(JSON.stringify(body)).not.toContain('hunter');
    expect(toBatchBody({ ...record, webhookUrl: null }).webhookUrl).toBeNull();
  });

  it('is less in its tables: nothing of the webhook', () => {
    expect(JSON.stringify(describeBatch(record))).not.toMatch(/hunter|client\.example/);
  });
});

describe('the members of a full report', () => {
  const memberOf = (status: BatchRecord['status'], execution: Partial<StoredExecution> | undefined) => {
    const stored = execution && { operationId: 'o', sessionId: 's', ...execution };
    const executions = stored ? { 'aggregated/fraud_analysis': stored } : {};
    const members = membersOf({ ...record, status, executions });
    return members?.find(({ analysisType }) => analysisType === 'fraud_analysis');
  };
  const outcome = { version: 0, rowCount: 3 };
  const errorMessage = 'division by zero';

  it.each<[BatchRecord['status'], Partial<StoredExecution> | undefined, string]>([
    ['PENDING', undefined, 'PENDING'],
    ['RUNNING', {}, 'RUNNING'],
    ['PENDING', {}, 'PENDING'],
    ['RUNNING', { outcome }, 'COMPLETED'],
    ['FAILED', { outcome }, 'COMPLETED'],
    ['FAILED', { errorMessage }, 'FAILED'],
    ['FAILED', {}, 'CANCELLED'],
    ['FAILED', undefined, 'CANCELLED'],
    ['CANCELLED', {}, 'CANCELLED'],
    ['CANCELLED', { outcome }, 'COMPLETED'],
    ['UNKNOWN', undefined, 'UNKNOWN'],
    // A later attempt runs them again.
    ['PENDING', { errorMessage }, 'PENDING'],
    ['RUNNING', { errorMessage }, 'PENDING'],
  ])('of a batch that is %s: %j is %s', (status, execution, expected) => {
    expect(memberOf(status, execution)).toEqual({
      analysisType: 'fraud_analysis',
      status: expected,
      rowCount: expected === 'COMPLETED' ? 3 : null,
      errorMessage: expected === 'FAILED' ? errorMessage : null,
    });
  });

  it('are none of a single analysis', () => {
    expect(membersOf({ ...record, analysisType: 'fraud_analysis' })).toBeNull();
  });
});
