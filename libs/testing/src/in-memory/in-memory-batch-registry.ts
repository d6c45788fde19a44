import { Conflict } from '@millrace/domain';
import type {
  AttemptKey,
  BatchListQuery,
  BatchOutcome,
  BatchRecord,
  BatchRegistry,
  BatchStatus,
  BatchStep,
  HandBack,
  NewBatch,
  StoredExecution,
} from '@millrace/domain';
import { aBatch } from '../builders/batch';

/** The port of the registry in memory: passes the same conformance suite as the one on Postgres. */
export class InMemoryBatchRegistry implements BatchRegistry {
  private readonly records = new Map<string, BatchRecord>();

  /** @param records rows that are there from the start, in any state. */
  constructor(records: Iterable<BatchRecord> = []) {
    for (const record of records) this.records.set(record.batchId, record);
  }

  register(batch: NewBatch): Promise<BatchRecord> {
    for (const { batchId, uuid } of this.records.values()) {
      if (batchId !== batch.batchId && uuid !== batch.uuid) continue;
      return Promise.reject(new Conflict(`Batch ${batchId} exists already`));
    }
    return Promise.resolve(this.put(aBatch({ ...batch, status: 'PENDING', attempt: 1 })));
  }

  find(reference: string): Promise<BatchRecord | undefined> {
    const isMeant = ({ batchId, uuid }: BatchRecord) => batchId === reference || uuid === reference;
    return Promise.resolve([...this.records.values()].find(isMeant));
  }

  list({ status, limit }: BatchListQuery): Promise<{ total: number; batches: BatchRecord[] }> {
    const batches = this.recordsIn(status).sort((a, b) => bySubmitTime(b, a) || byId(a, b));
    return Promise.resolve({ total: batches.length, batches: batches.slice(0, limit) });
  }

  inState(status: 'PENDING' | 'RUNNING'): Promise<BatchRecord[]> {
    return Promise.resolve(this.recordsIn(status).sort((a, b) => bySubmitTime(a, b) || byId(a, b)));
  }

  claim(key: AttemptKey, startTime: Date): Promise<BatchRecord | undefined> {
    return Promise.resolve(this.change(key, ['PENDING'], () => ({ status: 'RUNNING', startTime })));
  }

  pinSource(key: AttemptKey, source: { path: string; version: bigint }): Promise<BatchRecord | undefined> {
    const pinned = { sourcePath: source.path, sourceVersion: source.version };
    const change = (record: BatchRecord) => (record.sourceVersion === null ? pinned : {});
    return Promise.resolve(this.change(key, ['RUNNING'], change));
  }

  storeExecution(key: AttemptKey, step: BatchStep, execution: StoredExecution): Promise<boolean> {
    const { operationId, sessionId } = execution;
    const change = (record: BatchRecord) => ({
      executions: { ...record.executions, [step]: { operationId, sessionId } },
    });
    return Promise.resolve(this.change(key, ['RUNNING'], change) !== undefined);
  }

  complete(key: AttemptKey, outcome: BatchOutcome): Promise<boolean> {
    const change = () => ({ ...outcome, status: 'COMPLETED' as const, errorMessage: null });
    return Promise.resolve(this.change(key, ['RUNNING'], change) !== undefined);
  }

  fail(key: AttemptKey, failure: { endTime: Date; errorMessage: string }): Promise<boolean> {
    const change = () => ({ ...failure, status: 'FAILED' as const });
    return Promise.resolve(this.change(key, ['PENDING', 'RUNNING'], change) !== undefined);
  }

  handBack(key: AttemptKey, { failure, notBefore }: HandBack): Promise<BatchRecord | undefined> {
    const change = (record: BatchRecord) => ({
      status: 'PENDING' as const,
      attempt: record.attempt + 1,
      startTime: null,
      notBefore: notBefore ?? null,
      failures: record.failures + (failure === undefined ? 0 : 1),
      errorMessage: failure ?? record.errorMessage,
    });
    return Promise.resolve(this.change(key, ['RUNNING'], change));
  }

  private recordsIn(status: BatchStatus | undefined): BatchRecord[] {
    return [...this.records.values()].filter((record) => status === undefined || record.status === status);
  }

  private change(
    { batchId, attempt }: AttemptKey,
    from: readonly BatchStatus[],
    changeOf: (record: BatchRecord) => Partial<BatchRecord>,
  ): BatchRecord | undefined {
    const record = this.records.get(batchId);
    if (record === undefined || record.attempt !== attempt || !from.includes(record.status)) return undefined;
    return this.put({ ...record, ...changeOf(record) });
  }

  private put(record: BatchRecord): BatchRecord {
    this.records.set(record.batchId, record);
    return record;
  }
}

const bySubmitTime = (a: BatchRecord, b: BatchRecord) => a.submitTime.getTime() - b.submitTime.getTime();
const byId = (a: BatchRecord, b: BatchRecord) => (a.batchId < b.batchId ? -1 : Number(a.batchId > b.batchId));
