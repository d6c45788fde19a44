import { Conflict, IdempotencyKeyReused, isTerminal } from '@millrace/domain';
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
import { aBatch } from '../builders/batch';
import { BatchJournal } from './batch-journal';
import { inQueueOrder, latestOf, listOf, newestFirst, hasRoom, nextRank } from './batch-list';
import { InMemoryBatchChanges } from './in-memory-batch-changes';
import { InMemoryWebhookOutbox } from './in-memory-webhook-outbox';

/** The port of the registry in memory: passes the same conformance suite as the one on Postgres. */
export class InMemoryBatchRegistry implements BatchRegistry {
  readonly changes = new InMemoryBatchChanges();
  readonly webhooks = new InMemoryWebhookOutbox();
  private readonly records = new Map<string, BatchRecord>();
  private readonly journal = new BatchJournal(this.changes, this.webhooks);

  /** @param records rows that are there from the start, in any state. */
  constructor(records: Iterable<BatchRecord> = []) {
    for (const record of records) {
      this.records.set(record.batchId, record);
      this.journal.begin(record);
    }
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- so that what is thrown becomes a rejection
  async register(batch: NewBatch, { maxPending }: { readonly maxPending: number }): Promise<Registration> {
    const { requestedBy, idempotencyKey, fingerprint } = batch;
    const earlier = this.withKey(requestedBy.client, idempotencyKey);
    if (earlier !== undefined) {
      if (earlier.fingerprint !== fingerprint) throw new IdempotencyKeyReused(earlier.batchId);
      return { kind: 'replayed', record: earlier };
    }
    const pending = this.recordsIn('PENDING');
    if (!hasRoom(pending, requestedBy.client, maxPending)) return { kind: 'full', pending: pending.length };
    if (this.isTaken(batch)) throw new Conflict(`Batch ${batch.batchId} exists already`);
    const fairRank = nextRank(this.all(), requestedBy.client);
    const twin = this.all()
      .filter((record) => !isTerminal(record.status) && record.fingerprint === fingerprint)
      .filter((record) => record.requestedBy.client === requestedBy.client)
      .sort(newestFirst)[0];
    const record = this.put(undefined, aBatch({ ...batch, fairRank }));
    return { kind: 'registered', record, twin: twin?.batchId ?? null };
  }

  findByKey(client: string, idempotencyKey: string): Promise<BatchRecord | undefined> {
    return Promise.resolve(this.withKey(client, idempotencyKey));
  }

  find(reference: string): Promise<BatchRecord | undefined> {
    const isMeant = ({ batchId, uuid }: BatchRecord) => batchId === reference || uuid === reference;
    return Promise.resolve(this.all().find(isMeant));
  }

  list(query: BatchListQuery): Promise<BatchList> {
    return Promise.resolve(listOf(this.records.values(), query));
  }

  queuePosition(batch: Pick<BatchRecord, 'batchId' | 'fairRank' | 'submitTime'>): Promise<number> {
    const before = this.recordsIn('PENDING').filter((record) => inQueueOrder(record, batch) < 0);
    return Promise.resolve(before.length);
  }

  latestOf(lineage: Lineage, statuses: readonly BatchStatus[]): Promise<BatchRecord | undefined> {
    return Promise.resolve(latestOf(this.recordsIn(...statuses), lineage));
  }

  claim(key: AttemptKey, startTime: Date): Promise<BatchRecord | undefined> {
    const change = ({ cancelRequested }: BatchRecord) =>
      cancelRequested === null ? { status: 'RUNNING' as const, startTime } : undefined;
    return Promise.resolve(this.change(key, ['PENDING'], change));
  }

  pinSource(key: AttemptKey, source: { path: string; version: bigint }): Promise<BatchRecord | undefined> {
    const pinned = { sourcePath: source.path, sourceVersion: source.version };
    const change = (record: BatchRecord) => (record.sourceVersion === null ? pinned : {});
    return Promise.resolve(this.change(key, ['RUNNING'], change));
  }

  storeExecution(key: AttemptKey, step: BatchStep, execution: StoredExecution): Promise<boolean> {
    return this.changed(key, ['RUNNING'], ({ executions }) => ({
      executions: { ...executions, [step]: { ...execution } },
    }));
  }

  storeProgress(key: AttemptKey, progress: BatchProgress): Promise<boolean> {
    return this.changed(key, ['RUNNING'], (record) => ({
      progress: { ...progress, percent: Math.max(progress.percent, record.progress?.percent ?? 0) },
    }));
  }

  complete(key: AttemptKey, outcome: BatchOutcome): Promise<boolean> {
    return this.changed(key, ['RUNNING'], () => ({
      ...outcome,
      status: 'COMPLETED',
      errorMessage: null,
      progress: null,
    }));
  }

  fail(key: AttemptKey, failure: BatchFailure): Promise<boolean> {
    return this.changed(key, ['PENDING', 'RUNNING'], () => ({ ...failure, status: 'FAILED' }));
  }

  handBack(key: AttemptKey, { failure, notBefore }: HandBack): Promise<BatchRecord | undefined> {
    const change = (record: BatchRecord) => ({
      status: 'PENDING' as const,
      attempt: record.attempt + 1,
      startTime: null,
      progress: null,
      notBefore: notBefore ?? null,
      failures: record.failures + (failure === undefined ? 0 : 1),
      errorMessage: failure ?? record.errorMessage,
    });
    return Promise.resolve(this.change(key, ['RUNNING'], change));
  }

  requestCancel(batchId: string, time: Date): Promise<BatchRecord | undefined> {
    const record = this.records.get(batchId);
    if (record === undefined || isTerminal(record.status)) return Promise.resolve(undefined);
    const isUntouched = record.status === 'PENDING' && Object.keys(record.executions).length === 0;
    const change = isUntouched
      ? { status: 'CANCELLED' as const, endTime: time }
      : { cancelRequested: record.cancelRequested ?? time };
    return Promise.resolve(this.put(record, { ...record, ...change }));
  }

  cancel(key: AttemptKey, endTime: Date): Promise<boolean> {
    return this.changed(key, ['PENDING', 'RUNNING'], ({ cancelRequested }) =>
      cancelRequested === null ? undefined : { status: 'CANCELLED', endTime },
    );
  }

  retry(batchId: string, { maxPending = Infinity } = {}): Promise<Retry> {
    const record = this.records.get(batchId);
    if (record?.status !== 'FAILED' || record.resultsDeleted !== null) {
      return Promise.resolve({ kind: 'refused' });
    }
    const pending = this.recordsIn('PENDING');
    if (!hasRoom(pending, record.requestedBy.client, maxPending)) {
      return Promise.resolve({ kind: 'full', pending: pending.length });
    }
    const next: BatchRecord = {
      ...record,
      status: 'PENDING',
      attempt: record.attempt + 1,
      failures: 0,
      notBefore: null,
      fairRank: nextRank(this.all(), record.requestedBy.client),
      startTime: null,
      endTime: null,
      expiresAt: null,
      cancelRequested: null,
      progress: null,
      errorMessage: null,
    };
    return Promise.resolve({ kind: 'retried', record: this.put(record, next) });
  }

  inState(status: 'PENDING' | 'RUNNING'): Promise<BatchRecord[]> {
    return Promise.resolve(this.recordsIn(status).sort(inQueueOrder));
  }

  expired(now: Date, limit: number): Promise<BatchRecord[]> {
    const expiry = ({ expiresAt }: BatchRecord) => expiresAt?.getTime() ?? Infinity;
    const expired = this.all()
      .filter((record) => isTerminal(record.status) && record.resultsDeleted === null)
      .filter((record) => expiry(record) <= now.getTime())
      .sort((a, b) => expiry(a) - expiry(b) || -newestFirst(a, b));
    return Promise.resolve(expired.slice(0, limit));
  }

  markResultsDeleted(batchId: string, time: Date): Promise<boolean> {
    const record = this.records.get(batchId);
    const canBe = record !== undefined && isTerminal(record.status) && record.resultsDeleted === null;
    if (canBe) this.put(record, { ...record, resultsDeleted: time });
    return Promise.resolve(canBe);
  }

  recover(batch: RecoveredBatch): Promise<boolean> {
    const isNew = !this.isTaken(batch);
    if (isNew) this.put(undefined, aBatch(batch));
    return Promise.resolve(isNew);
  }

  pruneHistory(endedBefore: Date, limit: number): Promise<number> {
    const ended = this.all()
      .filter(({ status, endTime }) => isTerminal(status) && endTime !== null && endTime < endedBefore)
      .map(({ batchId }) => batchId);
    return Promise.resolve(this.journal.prune(ended, limit) + this.webhooks.prune(ended, limit));
  }

  events(batchId: string, afterId: number, limit: number): Promise<BatchEvent[]> {
    const events = this.journal.of(batchId).filter(({ id }) => id > afterId);
    return Promise.resolve(events.slice(0, limit));
  }

  private all(): BatchRecord[] {
    return [...this.records.values()];
  }

  private recordsIn(...statuses: readonly BatchStatus[]): BatchRecord[] {
    return this.all().filter(({ status }) => statuses.includes(status));
  }

  private isTaken({ batchId, uuid }: Pick<BatchRecord, 'batchId' | 'uuid'>): boolean {
    return this.all().some((record) => record.batchId === batchId || record.uuid === uuid);
  }

  private withKey(client: string, key: string | null): BatchRecord | undefined {
    if (key === null) return undefined;
    return this.all().find(
      ({ requestedBy, idempotencyKey }) => requestedBy.client === client && idempotencyKey === key,
    );
  }

  private changed(...change: Parameters<InMemoryBatchRegistry['change']>): Promise<boolean> {
    return Promise.resolve(this.change(...change) !== undefined);
  }

  /** `changeOf` gives nothing when the record forbids the change. */
  private change(
    { batchId, attempt }: AttemptKey,
    from: readonly BatchStatus[],
    changeOf: (record: BatchRecord) => Partial<BatchRecord> | undefined,
  ): BatchRecord | undefined {
    const record = this.records.get(batchId);
    if (record === undefined || record.attempt !== attempt || !from.includes(record.status)) return undefined;
    const change = changeOf(record);
    return change && this.put(record, { ...record, ...change });
  }

  private put(before: BatchRecord | undefined, after: BatchRecord): BatchRecord {
    const record = this.journal.write(before, after);
    this.records.set(record.batchId, record);
    return record;
  }
}
