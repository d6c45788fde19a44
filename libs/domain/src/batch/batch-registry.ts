import type { RequestedAnalysis } from '../analysis/analysis-catalog';
import type { BatchEvent } from './batch-event';
import type { BatchFilters } from './batch-filter';
import type { BatchProgress, BatchRecord, BatchSource, BatchStep, StoredExecution } from './batch-record';
import type { BatchStatus } from './batch-status';

/** A validated request with the id it was given. */
export type NewBatch = Pick<
  BatchRecord,
  | 'batchId'
  | 'uuid'
  | 'submitTime'
  | 'analysisType'
  | 'source'
  | 'topic'
  | 'startOffset'
  | 'endOffset'
  | 'sourceOffsets'
  | 'startDate'
  | 'endDate'
  | 'afterEventTimestamp'
  | 'filters'
  | 'sourcePath'
  | 'sourceVersion'
  | 'labels'
  | 'sinks'
  | 'timeoutSeconds'
  | 'webhookUrl'
  | 'rerunOf'
  | 'requestedBy'
  | 'idempotencyKey'
  | 'fingerprint'
>;

/** What became of a submission. */
export type Registration =
  /** `twin`: an equal request of the same client that has not ended yet. */
  | { readonly kind: 'registered'; readonly record: BatchRecord; readonly twin: string | null }
  /** The client sent this idempotency key before, with the same request: that batch. */
  | { readonly kind: 'replayed'; readonly record: BatchRecord }
  /** So many batches wait already. */
  | { readonly kind: 'full'; readonly pending: number };

/** What became of a request to try a failed batch again. */
export type Retry =
  | { readonly kind: 'retried'; readonly record: BatchRecord }
  /** It is not FAILED, or its results were given up. */
  | { readonly kind: 'refused' }
  /** So many batches wait already. */
  | { readonly kind: 'full'; readonly pending: number };

/** What a completed batch left on disk. */
export interface BatchOutcome {
  readonly endTime: Date;
  readonly rowCount: bigint;
  readonly maxEventTimestamp: string | null;
  readonly deltaRawPath: string;
  readonly deltaAggPath: string;
  readonly rawVersion: bigint;
  /** Null of a full report: its members are tables of their own. */
  readonly aggVersion: bigint | null;
  readonly expiresAt: Date;
}

/** Why a batch failed for good. */
export interface BatchFailure {
  readonly endTime: Date;
  readonly errorMessage: string;
  /** Until then it can be retried: what its finished steps wrote is kept so long. */
  readonly expiresAt: Date;
}

/** One attempt of one batch: every change of a running batch names both, so that a late worker changes nothing. */
export interface AttemptKey {
  readonly batchId: string;
  readonly attempt: number;
}

export interface HandBack {
  /** A failure that may pass (counted); absent for a drain or a restart. */
  readonly failure?: string;
  /** Earliest time of the next attempt. */
  readonly notBefore?: Date;
}

export interface BatchListQuery {
  readonly status?: BatchStatus;
  readonly analysisType?: RequestedAnalysis;
  /** Submitted at this time or later. */
  readonly from?: Date;
  /** Submitted before this time. */
  readonly to?: Date;
  /** All of these. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly client?: string;
  readonly limit: number;
  /** The last batch of the page before. */
  readonly after?: Pick<BatchRecord, 'submitTime' | 'batchId'>;
}

export interface BatchList {
  /** All rows that match, whatever the page. */
  readonly total: number;
  readonly batches: readonly BatchRecord[];
  /** Whether there is a page after this one. */
  readonly hasMore: boolean;
}

/** Batches that continue one another: the same analysis of the same rows, later. */
export interface Lineage {
  readonly analysisType: RequestedAnalysis;
  readonly source: BatchSource;
  readonly topic: string | null;
  readonly filters: BatchFilters | null;
}

/** A batch as its files tell it, for a registry that has lost it. What may be a secret of the client is not in files. */
export type RecoveredBatch = Omit<
  BatchRecord,
  | 'attempt'
  | 'failures'
  | 'notBefore'
  | 'fairRank'
  | 'cancelRequested'
  | 'progress'
  | 'lastEventId'
  | 'status'
  | 'webhookUrl'
  | 'idempotencyKey'
> & { readonly status: 'COMPLETED' | 'UNKNOWN' };

/**
 * The registry of batches: the truth about each, and the outbox of the queue. Every change of state is one conditional
 * update that names the expected state and attempt; `undefined` or `false` means that somebody else was first. Each change
 * writes the batch's next event in the same transaction.
 */
export interface BatchRegistry {
  /**
   * Inserts a PENDING row with attempt 1 unless `maxPending` batches wait, the last tenth of which are of clients with fewer
   * than ten: one client alone cannot keep the others out. The fair rank is one more than the highest of
   * the client's unfinished batches and of all running ones: each client's first waiting batch is up before another
   * client's second.
   * @throws Conflict when the id or the UUID is taken; IdempotencyKeyReused when the key came with another request;
   * InvalidRequest when a text cannot be stored.
   */
  register(batch: NewBatch, limits: { readonly maxPending: number }): Promise<Registration>;
  /** The batch that the client submitted with this key, whatever its request was. */
  findByKey(client: string, idempotencyKey: string): Promise<BatchRecord | undefined>;
  /** By batch id or by UUID. */
  find(reference: string): Promise<BatchRecord | undefined>;
  /** Newest first, then by id. */
  list(query: BatchListQuery): Promise<BatchList>;
  /** How many PENDING batches are before this one, in the order of rank and time. */
  queuePosition(batch: Pick<BatchRecord, 'batchId' | 'fairRank' | 'submitTime'>): Promise<number>;
  /**
   * The batch of a lineage, in one of the states, where the next one goes on: the one that has read the latest event, of
   * a topic the newest. So a batch over old days, submitted between, does not send the lineage back; one over newer days
   * takes it there, and so does one that was asked to read a certain version, which its row does not tell. Reruns look
   * back and do not count.
   */
  latestOf(lineage: Lineage, statuses: readonly BatchStatus[]): Promise<BatchRecord | undefined>;
  /** PENDING at this attempt -> RUNNING, unless somebody asked to cancel it. */
  claim(key: AttemptKey, startTime: Date): Promise<BatchRecord | undefined>;
  /** Pins the snapshot that the batch reads, once: a later attempt gets what the first one stored. */
  pinSource(key: AttemptKey, source: { path: string; version: bigint }): Promise<BatchRecord | undefined>;
  /** Stores an execution before it is sent, and again with its outcome or its failure. */
  storeExecution(key: AttemptKey, step: BatchStep, execution: StoredExecution): Promise<boolean>;
  /** A percentage that fell is kept at what it was; the rest is stored. */
  storeProgress(key: AttemptKey, progress: BatchProgress): Promise<boolean>;
  /** RUNNING at this attempt -> COMPLETED. */
  complete(key: AttemptKey, outcome: BatchOutcome): Promise<boolean>;
  /** PENDING or RUNNING at this attempt -> FAILED. */
  fail(key: AttemptKey, failure: BatchFailure): Promise<boolean>;
  /** RUNNING at this attempt -> PENDING at the next one. Executions and the pinned source stay. */
  handBack(key: AttemptKey, reason: HandBack): Promise<BatchRecord | undefined>;
  /**
   * Asks for the end of a batch. PENDING with nothing sent to Spark -> CANCELLED at once; otherwise it is only noted, and
   * whoever drives Spark stops it first. `undefined` when it has ended.
   */
  requestCancel(batchId: string, time: Date): Promise<BatchRecord | undefined>;
  /** PENDING or RUNNING at this attempt, cancel requested -> CANCELLED: no execution of it runs any more. */
  cancel(key: AttemptKey, endTime: Date): Promise<boolean>;
  /**
   * FAILED -> PENDING at the next attempt, with a new rank and neither failures nor their message; what finished steps
   * wrote stays. Unless as many wait as `register` says; without limits none is too many.
   */
  retry(batchId: string, limits?: { readonly maxPending: number }): Promise<Retry>;
  /** Every row in one of the states, by rank and time; the reconciler's view. */
  inState(status: 'PENDING' | 'RUNNING'): Promise<BatchRecord[]>;
  /** Ended batches whose results are past their time and not given up yet, oldest first. */
  expired(now: Date, limit: number): Promise<BatchRecord[]>;
  /** Gives the results of an ended batch up: from now on nobody is sent to them. */
  markResultsDeleted(batchId: string, time: Date): Promise<boolean>;
  /** Inserts an ended batch that is not there yet; false when it is there. */
  recover(batch: RecoveredBatch): Promise<boolean>;
  /**
   * Deletes what nobody needs of batches that ended before this time: their `progress` events, and the messages to their
   * webhooks that were delivered. No more than `limit` of each, so that nobody waits for it.
   * @returns how many rows are gone; 0: nothing is left to delete.
   */
  pruneHistory(endedBefore: Date, limit: number): Promise<number>;
  /** Events of a batch after the one of this id (0: all), in order. Ids that are missing were pruned. */
  events(batchId: string, afterId: number, limit: number): Promise<BatchEvent[]>;
}
