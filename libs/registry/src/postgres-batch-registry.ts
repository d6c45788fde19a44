import { Conflict, InvalidRequest, isBatchId, isBatchReference } from '@millrace/domain';
import type {
  AttemptKey,
  BatchListQuery,
  BatchOutcome,
  BatchRecord,
  BatchRegistry,
  BatchStep,
  HandBack,
  NewBatch,
  StoredExecution,
} from '@millrace/domain';
import { types } from 'pg';
import type { CustomTypesConfig, Pool } from 'pg';
import { toBatchRecord } from './batch-row';
import type { BatchRow } from './batch-row';
import {
  CLAIM,
  COMPLETE,
  FAIL,
  FIND_BY_ID,
  FIND_BY_UUID,
  HAND_BACK,
  PIN_SOURCE,
  REGISTER,
  STORE_EXECUTION,
} from './batch-statements';
import type { Statement } from './batch-statements';
import type { PrismaClient } from './generated/client';
import { answered, codeOf } from './registry-error';
import { storableText } from './storable-text';

const UNIQUE_VIOLATION = '23505';
/** NUL in a text, or text that JSON cannot hold. */
const UNSTORABLE_TEXT: ReadonlySet<string | undefined> = new Set(['22021', '22P05']);

const INT8_OID = 20;
/** `bigint` columns as bigint, also above 2^53; everything else as `pg` does. */
const BIGINT_TYPES: CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    (oid as number) === INT8_OID ? BigInt : (types.getTypeParser(oid, format) as (value: string) => unknown),
};

/**
 * The registry on Postgres: the statements on the path of every batch are prepared SQL, the lists go through Prisma.
 * Every method throws ServiceUnavailable when Postgres does not answer.
 */
export class PostgresBatchRegistry implements BatchRegistry {
  constructor(
    private readonly pool: Pool,
    private readonly prisma: PrismaClient,
  ) {}

  /** @throws Conflict when the id or the UUID is taken; InvalidRequest when a filter cannot be stored. */
  async register(batch: NewBatch): Promise<BatchRecord> {
    const { batchId, uuid, submitTime, analysisType, source, startDate, endDate } = batch;
    const filters = batch.filters && JSON.stringify(batch.filters);
    const values = [batchId, uuid, submitTime, analysisType, source, startDate, endDate, filters];
    try {
      const record = await this.one(REGISTER, values);
      if (record === undefined) throw new Error(`Inserting ${batchId} gave no row`);
      return record;
    } catch (error) {
      const state = codeOf(error);
      if (state === UNIQUE_VIOLATION) throw new Conflict(`Batch ${batchId} exists already`, { cause: error });
      if (!UNSTORABLE_TEXT.has(state)) throw error;
      throw new InvalidRequest([{ path: 'filters', message: 'must not hold characters that are no text' }]);
    }
  }

  async find(reference: string): Promise<BatchRecord | undefined> {
    if (!isBatchReference(reference)) return undefined;
    return this.one(isBatchId(reference) ? FIND_BY_ID : FIND_BY_UUID, [reference]);
  }

  async list(query: BatchListQuery): Promise<{ total: number; batches: BatchRecord[] }> {
    const where = query.status === undefined ? {} : { status: query.status };
    // Two reads outside a transaction: a batch submitted between them is in one and not in the other, which is harmless.
    const [total, rows] = await answered(() =>
      Promise.all([
        this.prisma.batch.count({ where }),
        this.prisma.batch.findMany({
          where,
          orderBy: [{ submitTime: 'desc' }, { batchId: 'asc' }],
          take: query.limit,
        }),
      ]),
    );
    return { total, batches: rows.map(toBatchRecord) };
  }

  async inState(status: 'PENDING' | 'RUNNING'): Promise<BatchRecord[]> {
    const rows = await answered(() =>
      this.prisma.batch.findMany({ where: { status }, orderBy: [{ submitTime: 'asc' }, { batchId: 'asc' }] }),
    );
    return rows.map(toBatchRecord);
  }

  claim(key: AttemptKey, startTime: Date): Promise<BatchRecord | undefined> {
    return this.change(CLAIM, key, [startTime]);
  }

  pinSource(key: AttemptKey, source: { path: string; version: bigint }): Promise<BatchRecord | undefined> {
    return this.change(PIN_SOURCE, key, [source.path, source.version]);
  }

  async storeExecution(key: AttemptKey, step: BatchStep, execution: StoredExecution): Promise<boolean> {
    return (await this.change(STORE_EXECUTION, key, [step, JSON.stringify(execution)])) !== undefined;
  }

  async complete(key: AttemptKey, outcome: BatchOutcome): Promise<boolean> {
    const { endTime, rowCount, deltaRawPath, deltaAggPath, rawVersion, aggVersion } = outcome;
    const values = [endTime, rowCount, deltaRawPath, deltaAggPath, rawVersion, aggVersion];
    return (await this.change(COMPLETE, key, values)) !== undefined;
  }

  async fail(key: AttemptKey, failure: { endTime: Date; errorMessage: string }): Promise<boolean> {
    return (
      (await this.change(FAIL, key, [failure.endTime, storableText(failure.errorMessage)])) !== undefined
    );
  }

  handBack(key: AttemptKey, reason: HandBack): Promise<BatchRecord | undefined> {
    const failure = reason.failure === undefined ? null : storableText(reason.failure);
    return this.change(HAND_BACK, key, [reason.notBefore ?? null, failure]);
  }

  private change(
    statement: Statement,
    key: AttemptKey,
    values: readonly unknown[],
  ): Promise<BatchRecord | undefined> {
    return this.one(statement, [key.batchId, key.attempt, ...values]);
  }

  private async one(statement: Statement, values: readonly unknown[]): Promise<BatchRecord | undefined> {
    const { rows } = await answered(() =>
      this.pool.query<BatchRow>({ ...statement, values: [...values], types: BIGINT_TYPES }),
    );
    return rows[0] && toBatchRecord(rows[0]);
  }
}
