import {
  Conflict,
  IdempotencyKeyReused,
  InvalidRequest,
  isBatchId,
  isBatchReference,
} from '@millrace/domain';
import type {
  AttemptKey,
  BatchEvent,
  BatchFailure,
  BatchList,
  BatchListQuery,
  BatchOutcome,
  BatchProgress,
  BatchRecord,
  BatchRegistry,
  BatchStatus,
  BatchStep,
  HandBack,
  Lineage,
  NewBatch,
  RecoveredBatch,
  Registration,
  Retry,
  StoredExecution,
} from '@millrace/domain';
import { types } from 'pg';
import type { CustomTypesConfig, Pool, QueryResultRow } from 'pg';
import type { Statement } from './batch-columns';
import { RECOVER, REGISTER, recoverValues, registerValues, unstorableFields } from './batch-insert';
import type { RegisterRow } from './batch-insert';
import { listQueries } from './batch-list';
import { toBatchRecord } from './batch-row';
import type { BatchRow } from './batch-row';
import * as statements from './batch-statements';
import type { RetryRow } from './batch-statements';
import { answered, codeOf } from './registry-error';
import { isStorable, storableJson, storableText } from './storable-text';

/** More than ever wait. */
const NO_LIMIT = { maxPending: 2_147_483_647 };
const UNIQUE_VIOLATION = '23505';
const NO_TEXT = 'must not hold characters that are no text';

const INT8_OID = 20;
/** `bigint` columns as bigint, also above 2^53; everything else as `pg` does. */
const BIGINT_TYPES: CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    (oid as number) === INT8_OID ? BigInt : (types.getTypeParser(oid, format) as (value: string) => unknown),
};

/** The registry on Postgres, in prepared SQL. Every method throws ServiceUnavailable when Postgres does not answer. */
export class PostgresBatchRegistry implements BatchRegistry {
  constructor(private readonly pool: Pool) {}

  async register(batch: NewBatch, { maxPending }: { readonly maxPending: number }): Promise<Registration> {
    const { isNew, pending, rank, twin, ...row } = await this.insert(batch, maxPending);
    if (isNew === true) return { kind: 'registered', record: toBatchRecord(row), twin };
    if (isNew === false) return replayOf(toBatchRecord(row), batch);
    // Another submission with this key was faster: it is committed now, and counts before the cap does.
    const { idempotencyKey, requestedBy } = batch;
    const earlier = idempotencyKey && (await this.findByKey(requestedBy.client, idempotencyKey));
    if (earlier) return replayOf(earlier, batch);
    if (rank !== null) throw new Error(`Inserting ${batch.batchId} gave no row`);
    return { kind: 'full', pending: pending ?? maxPending };
  }

  async findByKey(client: string, idempotencyKey: string): Promise<BatchRecord | undefined> {
    if (!isStorable([client, idempotencyKey])) return undefined;
    return this.one(statements.FIND_BY_KEY, [client, idempotencyKey]);
  }

  async find(reference: string): Promise<BatchRecord | undefined> {
    if (!isBatchReference(reference)) return undefined;
    return this.one(isBatchId(reference) ? statements.FIND_BY_ID : statements.FIND_BY_UUID, [reference]);
  }

  async list(query: BatchListQuery): Promise<BatchList> {
    if (!isStorable(query)) return { total: 0, batches: [], hasMore: false };
    const { page, total } = listQueries(query);
    // Two reads outside a transaction: a batch submitted between them is in one and not in the other, which is harmless.
    const [rows, counts] = await Promise.all([
      this.rows<BatchRow>(page),
      this.rows<{ total: bigint }>(total),
    ]);
    return {
      total: Number(counts[0]?.total ?? 0n),
      batches: rows.slice(0, query.limit).map(toBatchRecord),
      hasMore: rows.length > query.limit,
    };
  }

  async queuePosition(batch: Pick<BatchRecord, 'batchId' | 'fairRank' | 'submitTime'>): Promise<number> {
    const values = [batch.fairRank, batch.submitTime, batch.batchId];
    const [row] = await this.rows<{ position: number }>({ ...statements.QUEUE_POSITION, values });
    return row?.position ?? 0;
  }

  async latestOf(lineage: Lineage, statuses: readonly BatchStatus[]): Promise<BatchRecord | undefined> {
    if (!isStorable(lineage)) return undefined;
    const filters = lineage.filters && JSON.stringify(lineage.filters);
    const { analysisType, source, topic } = lineage;
    return this.one(statements.LATEST_OF, [analysisType, source, topic, filters, statuses]);
  }

  inState(status: 'PENDING' | 'RUNNING'): Promise<BatchRecord[]> {
    return this.records(statements.IN_STATE, [status]);
  }

  expired(now: Date, limit: number): Promise<BatchRecord[]> {
    return this.records(statements.EXPIRED, [now, limit]);
  }

  events(batchId: string, afterId: number, limit: number): Promise<BatchEvent[]> {
    return this.rows<BatchEvent>({ ...statements.EVENTS, values: [batchId, afterId, limit] });
  }

  claim(key: AttemptKey, startTime: Date): Promise<BatchRecord | undefined> {
    return this.change(statements.CLAIM, key, [startTime]);
  }

  pinSource(key: AttemptKey, source: { path: string; version: bigint }): Promise<BatchRecord | undefined> {
    return this.change(statements.PIN_SOURCE, key, [source.path, source.version]);
  }

  storeExecution(key: AttemptKey, step: BatchStep, execution: StoredExecution): Promise<boolean> {
    return this.changed(statements.STORE_EXECUTION, key, [step, JSON.stringify(storableJson(execution))]);
  }

  storeProgress(key: AttemptKey, { stage, percent, rows }: BatchProgress): Promise<boolean> {
    return this.changed(statements.STORE_PROGRESS, key, [stage, percent, rows]);
  }

  complete(key: AttemptKey, outcome: BatchOutcome): Promise<boolean> {
    return this.changed(statements.COMPLETE, key, [
      outcome.endTime,
      outcome.rowCount,
      outcome.maxEventTimestamp,
      outcome.deltaRawPath,
      outcome.deltaAggPath,
      outcome.rawVersion,
      outcome.aggVersion,
      outcome.expiresAt,
    ]);
  }

  fail(key: AttemptKey, { endTime, errorMessage, expiresAt }: BatchFailure): Promise<boolean> {
    return this.changed(statements.FAIL, key, [endTime, storableText(errorMessage), expiresAt]);
  }

  handBack(key: AttemptKey, reason: HandBack): Promise<BatchRecord | undefined> {
    const failure = reason.failure === undefined ? null : storableText(reason.failure);
    return this.change(statements.HAND_BACK, key, [reason.notBefore ?? null, failure]);
  }

  requestCancel(batchId: string, time: Date): Promise<BatchRecord | undefined> {
    return this.one(statements.REQUEST_CANCEL, [batchId, time]);
  }

  cancel(key: AttemptKey, endTime: Date): Promise<boolean> {
    return this.changed(statements.CANCEL, key, [endTime]);
  }

  async retry(batchId: string, { maxPending } = NO_LIMIT): Promise<Retry> {
    const [row] = await this.rows<RetryRow>({ ...statements.RETRY, values: [batchId, maxPending] });
    if (row === undefined) return { kind: 'refused' };
    const { pending, rank, isRetried, ...record } = row;
    if (rank === null) return { kind: 'full', pending };
    return isRetried === true ? { kind: 'retried', record: toBatchRecord(record) } : { kind: 'refused' };
  }

  async markResultsDeleted(batchId: string, time: Date): Promise<boolean> {
    return (await this.one(statements.MARK_RESULTS_DELETED, [batchId, time])) !== undefined;
  }

  async recover(batch: RecoveredBatch): Promise<boolean> {
    const values = recoverValues(batch);
    return (await answered(() => this.pool.query({ ...RECOVER, values }))).rowCount === 1;
  }

  async pruneHistory(endedBefore: Date, limit: number): Promise<number> {
    const values = [endedBefore, limit];
    const [pruned] = await this.rows<{ rows: number }>({ ...statements.PRUNE_HISTORY, values });
    return pruned?.rows ?? 0;
  }

  private async insert(batch: NewBatch, maxPending: number): Promise<RegisterRow> {
    const details = unstorableFields(batch).map((path) => ({ path, message: NO_TEXT }));
    if (details.length > 0) throw new InvalidRequest(details);
    try {
      const values = registerValues(batch, maxPending);
      const [row] = await this.rows<RegisterRow>({ ...REGISTER, values });
      if (row === undefined) throw new Error(`Inserting ${batch.batchId} gave no row`);
      return row;
    } catch (error) {
      if (codeOf(error) !== UNIQUE_VIOLATION) throw error;
      throw new Conflict(`Batch ${batch.batchId} exists already`, { cause: error });
    }
  }

  private change(statement: Statement, key: AttemptKey, values: readonly unknown[]) {
    return this.one(statement, [key.batchId, key.attempt, ...values]);
  }

  private async changed(statement: Statement, key: AttemptKey, values: readonly unknown[]): Promise<boolean> {
    return (await this.change(statement, key, values)) !== undefined;
  }

  private async one(statement: Statement, values: readonly unknown[]): Promise<BatchRecord | undefined> {
    return (await this.records(statement, values))[0];
  }

  private async records(statement: Statement, values: readonly unknown[]): Promise<BatchRecord[]> {
    return (await this.rows<BatchRow>({ ...statement, values: [...values] })).map(toBatchRecord);
  }

  private async rows<Row extends QueryResultRow>(query: { text: string; values: unknown[] }): Promise<Row[]> {
    return (await answered(() => this.pool.query<Row>({ ...query, types: BIGINT_TYPES }))).rows;
  }
}

function replayOf(record: BatchRecord, { fingerprint }: NewBatch): Registration {
  if (record.fingerprint !== fingerprint) throw new IdempotencyKeyReused(record.batchId);
  return { kind: 'replayed', record };
}
