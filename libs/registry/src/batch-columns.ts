import type { BatchRow } from './batch-row';

/** A statement that each connection prepares once, by its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

const COLUMNS: Readonly<Record<keyof BatchRow, string>> = {
  batchId: 'batch_id',
  uuid: 'uuid',
  status: 'status',
  attempt: 'attempt',
  failures: 'failures',
  notBefore: 'not_before',
  analysisType: 'analysis_type',
  source: 'source',
  topic: 'topic',
  startOffset: 'start_offset',
  endOffset: 'end_offset',
  sourceOffsets: 'source_offsets',
  startDate: 'start_date',
  endDate: 'end_date',
  afterEventTimestamp: 'after_event_timestamp',
  filters: 'filters',
  sourcePath: 'source_path',
  sourceVersion: 'source_version',
  labels: 'labels',
  sinks: 'sinks',
  timeoutSeconds: 'timeout_seconds',
  webhookUrl: 'webhook_url',
  rerunOf: 'rerun_of',
  client: 'client',
  clientAddress: 'client_address',
  userAgent: 'user_agent',
  requestId: 'request_id',
  idempotencyKey: 'idempotency_key',
  fingerprint: 'fingerprint',
  fairRank: 'fair_rank',
  submitTime: 'submit_time',
  startTime: 'start_time',
  endTime: 'end_time',
  cancelRequested: 'cancel_requested',
  progress: 'progress',
  rowCount: 'row_count',
  maxEventTimestamp: 'max_event_timestamp',
  deltaRawPath: 'delta_raw_path',
  deltaAggPath: 'delta_agg_path',
  rawVersion: 'raw_version',
  aggVersion: 'agg_version',
  expiresAt: 'expires_at',
  resultsDeleted: 'results_deleted',
  errorMessage: 'error_message',
  executions: 'executions',
  lastEventId: 'last_event_id',
};

export const ROW = Object.entries(COLUMNS)
  .map(([property, column]) => `${column} AS "${property}"`)
  .join(', ');
