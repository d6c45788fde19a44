import type { AnalysisName } from '../analysis/analysis-catalog';
import type { BatchFilters } from './batch-filter';
import type { BatchRecord, BatchStep, StoredExecution } from './batch-record';
import type { BatchStatus } from './batch-status';

/** A validated request with the id it was given. */
export interface NewBatch {
  readonly batchId: string;
  readonly uuid: string;
  readonly submitTime: Date;
  readonly analysisType: AnalysisName;
  readonly source: 'delta';
  readonly startDate: string;
  readonly endDate: string;
  readonly filters: BatchFilters | null;
}

/** What a completed batch left on disk. */
export interface BatchOutcome {
  readonly endTime: Date;
  readonly rowCount: bigint;
  readonly deltaRawPath: string;
  readonly deltaAggPath: string;
  readonly rawVersion: bigint;
  readonly aggVersion: bigint;
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
  readonly limit: number;
}

/**
 * The registry of batches: the truth about each, and the outbox of the queue. Every change of state is one conditional
 * update that names the expected state and attempt; `undefined` or `false` means that somebody else was first.
 */
export interface BatchRegistry {
  /** Inserts a PENDING row with attempt 1. */
  register(batch: NewBatch): Promise<BatchRecord>;
  /** By batch id or by UUID. */
  find(reference: string): Promise<BatchRecord | undefined>;
  /** Newest first. `total` counts all rows that match, not the page. */
  list(query: BatchListQuery): Promise<{ total: number; batches: BatchRecord[] }>;
  /** PENDING at this attempt -> RUNNING. */
  claim(key: AttemptKey, startTime: Date): Promise<BatchRecord | undefined>;
  /** Pins the snapshot that the batch reads, once: a later attempt gets what the first one stored. */
  pinSource(key: AttemptKey, source: { path: string; version: bigint }): Promise<BatchRecord | undefined>;
  /** Stores an execution before it is sent. */
  storeExecution(key: AttemptKey, step: BatchStep, execution: StoredExecution): Promise<boolean>;
  /** RUNNING at this attempt -> COMPLETED. */
  complete(key: AttemptKey, outcome: BatchOutcome): Promise<boolean>;
  /** PENDING or RUNNING at this attempt -> FAILED. */
  fail(key: AttemptKey, failure: { endTime: Date; errorMessage: string }): Promise<boolean>;
  /** RUNNING at this attempt -> PENDING at the next one. Executions and the pinned source stay. */
  handBack(key: AttemptKey, reason: HandBack): Promise<BatchRecord | undefined>;
  /** Every row in one of the states, oldest first; the reconciler's view. */
  inState(status: 'PENDING' | 'RUNNING'): Promise<BatchRecord[]>;
}
