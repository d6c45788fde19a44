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
  startDate: 'start_date',
  endDate: 'end_date',
  filters: 'filters',
  sourcePath: 'source_path',
  sourceVersion: 'source_version',
  submitTime: 'submit_time',
  startTime: 'start_time',
  endTime: 'end_time',
  rowCount: 'row_count',
  deltaRawPath: 'delta_raw_path',
  deltaAggPath: 'delta_agg_path',
  rawVersion: 'raw_version',
  aggVersion: 'agg_version',
  errorMessage: 'error_message',
  executions: 'executions',
};

const ROW = Object.entries(COLUMNS)
  .map(([property, column]) => `${column} AS "${property}"`)
  .join(', ');

/** One conditional update: the first two values are always the batch id and the attempt. */
const change = (
  name: string,
  from: 'PENDING' | 'RUNNING' | 'PENDING or RUNNING',
  set: string,
): Statement => ({
  name,
  text: `UPDATE batches SET ${set}
    WHERE batch_id = $1 AND attempt = $2
      AND status ${from === 'PENDING or RUNNING' ? `IN ('PENDING', 'RUNNING')` : `= '${from}'`}
    RETURNING ${ROW}`,
});

export const REGISTER: Statement = {
  name: 'batch-register',
  text: `INSERT INTO batches
      (batch_id, uuid, status, attempt, submit_time, analysis_type, source, start_date, end_date, filters)
    VALUES ($1, $2, 'PENDING', 1, $3, $4, $5, $6, $7, $8)
    RETURNING ${ROW}`,
};

export const FIND_BY_ID: Statement = {
  name: 'batch-find-by-id',
  text: `SELECT ${ROW} FROM batches WHERE batch_id = $1`,
};

export const FIND_BY_UUID: Statement = {
  name: 'batch-find-by-uuid',
  text: `SELECT ${ROW} FROM batches WHERE uuid = $1`,
};

export const CLAIM = change('batch-claim', 'PENDING', `status = 'RUNNING', start_time = $3`);

/** Path and version are pinned together: a row that has a version keeps both. */
export const PIN_SOURCE = change(
  'batch-pin-source',
  'RUNNING',
  `source_path = CASE WHEN source_version IS NULL THEN $3 ELSE source_path END,
   source_version = COALESCE(source_version, $4)`,
);

export const STORE_EXECUTION = change(
  'batch-store-execution',
  'RUNNING',
  `executions = executions || jsonb_build_object($3::text, $4::jsonb)`,
);

export const COMPLETE = change(
  'batch-complete',
  'RUNNING',
  `status = 'COMPLETED', end_time = $3, row_count = $4, delta_raw_path = $5, delta_agg_path = $6,
   raw_version = $7, agg_version = $8, error_message = NULL`,
);

export const FAIL = change(
  'batch-fail',
  'PENDING or RUNNING',
  `status = 'FAILED', end_time = $3, error_message = $4`,
);

/** The message of a retryable failure stays readable while the next attempt waits and runs. */
export const HAND_BACK = change(
  'batch-hand-back',
  'RUNNING',
  `status = 'PENDING', attempt = attempt + 1, start_time = NULL, not_before = $3,
   failures = failures + CASE WHEN $4::text IS NULL THEN 0 ELSE 1 END, error_message = COALESCE($4, error_message)`,
);
