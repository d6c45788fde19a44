import { ROW } from './batch-columns';
import type { Statement } from './batch-columns';
import type { BatchRow } from './batch-row';

const select = (name: string, rest: string): Statement => ({
  name,
  text: `SELECT ${ROW} FROM batches ${rest}`,
});

export const FIND_BY_ID = select('batch-find-by-id', 'WHERE batch_id = $1');
export const FIND_BY_UUID = select('batch-find-by-uuid', 'WHERE uuid = $1');
export const FIND_BY_KEY = select('batch-find-by-key', 'WHERE client = $1 AND idempotency_key = $2');
export const IN_STATE = select(
  'batch-in-state',
  'WHERE status = $1 ORDER BY fair_rank, submit_time, batch_id',
);
export const EXPIRED = select(
  'batch-expired',
  `WHERE results_deleted IS NULL AND expires_at <= $1 AND status NOT IN ('PENDING', 'RUNNING')
   ORDER BY expires_at, batch_id LIMIT $2`,
);
/** How far a batch of days has read: timestamps of one format and days, which begin such ones, sort as text. */
const REACH = `(CASE WHEN source <> 'kafka' THEN COALESCE(max_event_timestamp, after_event_timestamp, start_date) END)
   COLLATE "C"`;
/** JSON is compared by value: neither the order of keys nor the spelling of a number counts. */
export const LATEST_OF = select(
  'batch-latest-of',
  `WHERE analysis_type = $1 AND source = $2 AND topic IS NOT DISTINCT FROM $3
     AND filters IS NOT DISTINCT FROM $4::jsonb AND status = ANY($5) AND rerun_of IS NULL
   ORDER BY ${REACH} DESC NULLS LAST, submit_time DESC, batch_id LIMIT 1`,
);

export const QUEUE_POSITION: Statement = {
  name: 'batch-queue-position',
  text: `SELECT count(*)::int AS position FROM batches
    WHERE status = 'PENDING' AND (fair_rank, submit_time, batch_id) < ($1, $2, $3)`,
};

export const EVENTS: Statement = {
  name: 'batch-events',
  text: `SELECT batch_id AS "batchId", id, time, detail FROM batch_events
    WHERE batch_id = $1 AND id > $2 ORDER BY id LIMIT $3`,
};

const HAS_ENDED_BEFORE = `(SELECT 1 FROM batches
    WHERE batches.batch_id = pruned.batch_id AND status NOT IN ('PENDING', 'RUNNING') AND end_time < $1)`;
export const PRUNE_HISTORY: Statement = {
  name: 'batch-prune-history',
  text: `WITH events AS (
      DELETE FROM batch_events WHERE (batch_id, id) IN (
        SELECT batch_id, id FROM batch_events AS pruned
        WHERE detail ->> 'type' = 'progress' AND EXISTS ${HAS_ENDED_BEFORE} LIMIT $2)
      RETURNING 1
    ), deliveries AS (
      DELETE FROM webhook_deliveries WHERE delivery_id IN (
        SELECT delivery_id FROM webhook_deliveries AS pruned
        WHERE status = 'DELIVERED' AND EXISTS ${HAS_ENDED_BEFORE} LIMIT $2)
      RETURNING 1
    )
    SELECT (SELECT count(*) FROM events)::int + (SELECT count(*) FROM deliveries)::int AS rows`,
};

const PENDING = `status = 'PENDING'`;
const RUNNING = `status = 'RUNNING'`;
const UNFINISHED = `status IN ('PENDING', 'RUNNING')`;

/** One conditional update. */
const update = (name: string, where: string, set: string): Statement => ({
  name,
  text: `UPDATE batches SET ${set} WHERE ${where} RETURNING ${ROW}`,
});

/** One that names an attempt: the first two values are always the batch id and the attempt. */
const change = (name: string, from: string, set: string): Statement =>
  update(name, `batch_id = $1 AND attempt = $2 AND ${from}`, set);

export const CLAIM = change(
  'batch-claim',
  `${PENDING} AND cancel_requested IS NULL`,
  `status = 'RUNNING', start_time = $3`,
);

/** Path and version are pinned together: a row that has a version keeps both. */
export const PIN_SOURCE = change(
  'batch-pin-source',
  RUNNING,
  `source_path = CASE WHEN source_version IS NULL THEN $3 ELSE source_path END,
   source_version = COALESCE(source_version, $4)`,
);

export const STORE_EXECUTION = change(
  'batch-store-execution',
  RUNNING,
  `executions = executions || jsonb_build_object($3::text, $4::jsonb)`,
);

/** Reports of parallel steps may come out of order: the percentage stays where it was, the rest is the newest. */
export const STORE_PROGRESS = change(
  'batch-store-progress',
  RUNNING,
  `progress = jsonb_build_object('stage', $3::text, 'rows', $5::bigint,
     'percent', GREATEST($4::numeric, (progress ->> 'percent')::numeric))`,
);

export const COMPLETE = change(
  'batch-complete',
  RUNNING,
  `status = 'COMPLETED', end_time = $3, row_count = $4, max_event_timestamp = $5, delta_raw_path = $6,
   delta_agg_path = $7, raw_version = $8, agg_version = $9, expires_at = $10, error_message = NULL,
   progress = NULL`,
);

export const FAIL = change(
  'batch-fail',
  UNFINISHED,
  `status = 'FAILED', end_time = $3, error_message = $4, expires_at = $5`,
);

/** The message of a retryable failure stays readable while the next attempt waits and runs. */
export const HAND_BACK = change(
  'batch-hand-back',
  RUNNING,
  `status = 'PENDING', attempt = attempt + 1, start_time = NULL, progress = NULL, not_before = $3,
   failures = failures + CASE WHEN $4::text IS NULL THEN 0 ELSE 1 END, error_message = COALESCE($4, error_message)`,
);

const IS_UNTOUCHED = `(${PENDING} AND executions = '{}')`;
export const REQUEST_CANCEL = update(
  'batch-request-cancel',
  `batch_id = $1 AND ${UNFINISHED}`,
  `status = CASE WHEN ${IS_UNTOUCHED} THEN 'CANCELLED' ELSE status END,
   end_time = CASE WHEN ${IS_UNTOUCHED} THEN $2::timestamptz ELSE end_time END,
   cancel_requested = CASE WHEN ${IS_UNTOUCHED} THEN NULL ELSE COALESCE(cancel_requested, $2::timestamptz) END`,
);

export const CANCEL = change(
  'batch-cancel',
  `${UNFINISHED} AND cancel_requested IS NOT NULL`,
  `status = 'CANCELLED', end_time = $3`,
);

/** What was given up for deletion cannot be built upon. */
const CAN_BE_RETRIED = `batch_id = $1 AND status = 'FAILED' AND results_deleted IS NULL`;
/**
 * Admitted as a new batch is, before its row is locked: under the same cap, with a new turn in the queue (the old one
 * would be before everybody).
 */
export const RETRY: Statement = {
  name: 'batch-retry',
  text: `WITH failed AS (
      SELECT client, fingerprint FROM batches WHERE ${CAN_BE_RETRIED}
    ), admitted AS MATERIALIZED (
      SELECT admission.* FROM failed, admit_batch(failed.client, failed.fingerprint, $2) AS admission
    ), retried AS (
      UPDATE batches
      SET status = 'PENDING', attempt = attempt + 1, failures = 0, not_before = NULL, start_time = NULL,
        end_time = NULL, expires_at = NULL, cancel_requested = NULL, progress = NULL, error_message = NULL,
        fair_rank = admitted.rank
      FROM admitted WHERE ${CAN_BE_RETRIED} AND admitted.rank IS NOT NULL
      RETURNING TRUE AS "isRetried", ${ROW}
    )
    SELECT admitted.pending, admitted.rank, retried.* FROM admitted LEFT JOIN retried ON TRUE`,
};
/** Null columns when the batch was not retried, which `isRetried` tells. */
export interface RetryRow extends BatchRow {
  readonly isRetried: true | null;
  readonly pending: number;
  /** Null when too many wait. */
  readonly rank: number | null;
}

export const MARK_RESULTS_DELETED = update(
  'batch-mark-results-deleted',
  `batch_id = $1 AND status NOT IN ('PENDING', 'RUNNING') AND results_deleted IS NULL`,
  `results_deleted = $2`,
);
