import type { NewBatch, RecoveredBatch } from '@millrace/domain';
import { ROW } from './batch-columns';
import type { Statement } from './batch-columns';
import type { BatchRow } from './batch-row';
import { isStorable, storableJson, storableText } from './storable-text';

/** Column, type and value of everything that a request says. */
const REQUEST: readonly (readonly [column: string, type: string, valueOf: (batch: NewBatch) => unknown])[] = [
  ['batch_id', 'text', (batch) => batch.batchId],
  ['uuid', 'uuid', (batch) => batch.uuid],
  ['submit_time', 'timestamptz', (batch) => batch.submitTime],
  ['analysis_type', 'text', (batch) => batch.analysisType],
  ['source', 'text', (batch) => batch.source],
  ['topic', 'text', (batch) => batch.topic],
  ['start_offset', 'text', (batch) => batch.startOffset],
  ['end_offset', 'text', (batch) => batch.endOffset],
  ['source_offsets', 'jsonb', (batch) => json(batch.sourceOffsets)],
  ['start_date', 'text', (batch) => batch.startDate],
  ['end_date', 'text', (batch) => batch.endDate],
  ['after_event_timestamp', 'text', (batch) => batch.afterEventTimestamp],
  ['filters', 'jsonb', (batch) => json(batch.filters)],
  ['source_path', 'text', (batch) => batch.sourcePath],
  ['source_version', 'bigint', (batch) => batch.sourceVersion],
  ['labels', 'jsonb', (batch) => json(batch.labels)],
  ['sinks', 'text[]', (batch) => batch.sinks],
  ['timeout_seconds', 'integer', (batch) => batch.timeoutSeconds],
  ['webhook_url', 'text', (batch) => batch.webhookUrl],
  ['rerun_of', 'text', (batch) => batch.rerunOf],
  ['client', 'text', (batch) => batch.requestedBy.client],
  ['client_address', 'text', (batch) => batch.requestedBy.address],
  // Only told, never matched: what cannot be stored must not keep the batch from being accepted.
  ['user_agent', 'text', ({ requestedBy: { userAgent } }) => userAgent && storableText(userAgent)],
  ['request_id', 'text', (batch) => storableText(batch.requestedBy.requestId)],
  ['idempotency_key', 'text', (batch) => batch.idempotencyKey],
  ['fingerprint', 'text', (batch) => batch.fingerprint],
];

const json = (value: unknown) => value && JSON.stringify(value);
const columns = REQUEST.map(([column]) => column).join(', ');
/** The parameter of a column, with its type. */
const $ = (wanted: string) => {
  const index = REQUEST.findIndex(([column]) => column === wanted);
  return `$${String(index + 1)}::${String(REQUEST[index]?.[1])}`;
};
const parameters = REQUEST.map(([column]) => $(column)).join(', ');
const next = (offset: number, type: string) => `$${String(REQUEST.length + offset)}::${type}`;

const requestValues = (batch: NewBatch) => REQUEST.map(([, , valueOf]) => valueOf(batch));

/**
 * One statement for a submission: the key, then the cap, then the row. What `admit_batch` reads is newer than the
 * statement's own snapshot, because it waits for the submission before.
 */
export const REGISTER: Statement = {
  name: 'batch-register',
  text: `WITH existing AS (
      SELECT ${ROW} FROM batches WHERE client = ${$('client')} AND idempotency_key = ${$('idempotency_key')}
    ), admitted AS MATERIALIZED (
      SELECT * FROM admit_batch(${$('client')}, ${$('fingerprint')}, ${next(1, 'integer')})
      WHERE NOT EXISTS (SELECT 1 FROM existing)
    ), inserted AS (
      INSERT INTO batches (${columns}, status, attempt, fair_rank)
      SELECT ${parameters}, 'PENDING', 1, rank FROM admitted WHERE rank IS NOT NULL
      ON CONFLICT (client, idempotency_key) DO NOTHING
      RETURNING ${ROW}
    )
    SELECT admitted.pending, admitted.rank, admitted.twin, found.*
    FROM (VALUES (1)) AS one
      LEFT JOIN admitted ON TRUE
      LEFT JOIN (SELECT TRUE AS "isNew", * FROM inserted UNION ALL SELECT FALSE, * FROM existing) AS found ON TRUE`,
};

/** Null columns throughout when the batch was neither inserted nor there already, which `isNew` tells. */
export interface RegisterRow extends BatchRow {
  readonly isNew: boolean | null;
  readonly pending: number | null;
  /** Null when too many wait. */
  readonly rank: number | null;
  readonly twin: string | null;
}

export const registerValues = (batch: NewBatch, maxPending: number): unknown[] => [
  ...requestValues(batch),
  maxPending,
];

const RECOVERED: readonly (readonly [
  column: string,
  type: string,
  valueOf: (batch: RecoveredBatch) => unknown,
])[] = [
  ['status', 'text', (batch) => batch.status],
  ['start_time', 'timestamptz', (batch) => batch.startTime],
  ['end_time', 'timestamptz', (batch) => batch.endTime],
  ['row_count', 'bigint', (batch) => batch.rowCount],
  ['max_event_timestamp', 'text', (batch) => batch.maxEventTimestamp],
  ['delta_raw_path', 'text', (batch) => batch.deltaRawPath],
  ['delta_agg_path', 'text', (batch) => batch.deltaAggPath],
  ['raw_version', 'bigint', (batch) => batch.rawVersion],
  ['agg_version', 'bigint', (batch) => batch.aggVersion],
  ['expires_at', 'timestamptz', (batch) => batch.expiresAt],
  ['results_deleted', 'timestamptz', (batch) => batch.resultsDeleted],
  ['error_message', 'text', ({ errorMessage }) => errorMessage && storableText(errorMessage)],
  ['executions', 'jsonb', (batch) => JSON.stringify(storableJson(batch.executions))],
];

export const RECOVER: Statement = {
  name: 'batch-recover',
  text: `INSERT INTO batches (${columns}, attempt, ${RECOVERED.map(([column]) => column).join(', ')})
    VALUES (${parameters}, 1,
      ${RECOVERED.map(([, type], index) => next(index + 1, type)).join(', ')})
    ON CONFLICT DO NOTHING`,
};

export const recoverValues = (batch: RecoveredBatch): unknown[] => [
  ...requestValues({ ...batch, webhookUrl: null, idempotencyKey: null }),
  ...RECOVERED.map(([, , valueOf]) => valueOf(batch)),
];

/** The fields of a request whose text Postgres cannot store. */
export function unstorableFields({ requestedBy, ...batch }: NewBatch): string[] {
  const { client, address } = requestedBy;
  return Object.entries({ ...batch, requestedBy: [client, address] })
    .filter(([, value]) => !isStorable(value))
    .map(([field]) => field);
}
