import type { AnalysisName, RequestedAnalysis } from '../analysis/analysis-catalog';
import type { BatchFilters } from './batch-filter';
import type { BatchStatus } from './batch-status';

/** What a batch can read: the stream's table, a topic, or the table of the historical seeder. */
export const BATCH_SOURCES = ['delta', 'kafka', 'seed'] as const;
export type BatchSource = (typeof BATCH_SOURCES)[number];

/** Where the analysis goes besides Delta. */
export const EXTRA_SINKS = ['jdbc'] as const;
export type ExtraSink = (typeof EXTRA_SINKS)[number];

/** Steps of a batch that run as one Spark execution each. A full report has a member step for each analysis. */
export type BatchStep = 'raw' | 'aggregated' | `aggregated/${AnalysisName}`;

/** A Spark Connect execution, stored before it is sent so that a restarted orchestrator can adopt it. */
export interface StoredExecution {
  readonly operationId: string;
  readonly sessionId: string;
  /** Absent while the execution runs. A step with an outcome is never run again. */
  readonly outcome?: StepOutcome;
  /** Why the step failed for good; the next attempt runs it again. */
  readonly errorMessage?: string;
}

export interface StepOutcome {
  /** The Delta version that the step committed. */
  readonly version: number;
  readonly rowCount: number;
  /** Of the step `raw`: the latest event that it read, ISO-8601 UTC with microseconds. */
  readonly maxEventTimestamp?: string | null;
}

/** Offsets by partition number: the first that is read and the first that is not. */
export interface OffsetRange {
  readonly start: Readonly<Record<string, number>>;
  readonly end: Readonly<Record<string, number>>;
}

/** Who asked, from where, with what. */
export interface Requester {
  /** Name that the client gave itself, else its address: the unit of fairness and of idempotency keys. */
  readonly client: string;
  readonly address: string;
  readonly userAgent: string | null;
  readonly requestId: string;
}

export interface BatchProgress {
  readonly stage: BatchStep | 'sinks';
  /** 0 to 99, of the whole batch; never falls within an attempt. */
  readonly percent: number;
  /** Input rows that Spark has read so far in this stage. */
  readonly rows: number;
}

/** What the registry knows of a batch. `attempt` counts how often it was put on the queue, from 1. */
export interface BatchRecord {
  readonly batchId: string;
  readonly uuid: string;
  readonly status: BatchStatus;
  readonly attempt: number;
  /** Attempts that ended in a retryable failure. */
  readonly failures: number;
  /** Not to be put on the queue before this time (back-off). */
  readonly notBefore: Date | null;
  readonly analysisType: RequestedAnalysis;
  readonly source: BatchSource;
  readonly topic: string | null;
  /** As asked for: `earliest`, or a map of offsets as JSON. */
  readonly startOffset: string | null;
  /** As asked for: `latest`, or a map of offsets as JSON. */
  readonly endOffset: string | null;
  /** What the offsets were when the batch was accepted. */
  readonly sourceOffsets: OffsetRange | null;
  readonly startDate: string | null;
  readonly endDate: string | null;
  /** Only events later than this (ISO-8601 UTC with microseconds): where an earlier batch ended. */
  readonly afterEventTimestamp: string | null;
  readonly filters: BatchFilters | null;
  readonly sourcePath: string | null;
  /** The Delta version that every step reads. */
  readonly sourceVersion: bigint | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly sinks: readonly ExtraSink[];
  /** Longest time of one attempt; null: the setting. */
  readonly timeoutSeconds: number | null;
  readonly webhookUrl: string | null;
  /** The batch that this one repeats. */
  readonly rerunOf: string | null;
  readonly requestedBy: Requester;
  readonly idempotencyKey: string | null;
  /** Hash of the request: equal requests have equal ones. */
  readonly fingerprint: string;
  /** Turn in the queue among all clients, from 1: the lower one is first. */
  readonly fairRank: number;
  readonly submitTime: Date;
  readonly startTime: Date | null;
  readonly endTime: Date | null;
  /** Somebody asked to cancel the running batch; it is CANCELLED once Spark has stopped. */
  readonly cancelRequested: Date | null;
  readonly progress: BatchProgress | null;
  readonly rowCount: bigint | null;
  readonly maxEventTimestamp: string | null;
  readonly deltaRawPath: string | null;
  readonly deltaAggPath: string | null;
  readonly rawVersion: bigint | null;
  /** Of a single analysis; the members of a full report have theirs in `executions`. */
  readonly aggVersion: bigint | null;
  /** From then on the results, and what a failed batch has finished, may be deleted. */
  readonly expiresAt: Date | null;
  /** The results were given up for deletion: they are not served any more. */
  readonly resultsDeleted: Date | null;
  readonly errorMessage: string | null;
  readonly executions: Readonly<Partial<Record<BatchStep, StoredExecution>>>;
  /** Id of the newest event of this batch; events count from 1. */
  readonly lastEventId: number;
}
