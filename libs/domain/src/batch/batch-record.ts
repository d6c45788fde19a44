import type { AnalysisName } from '../analysis/analysis-catalog';
import type { BatchFilters } from './batch-filter';
import type { BatchStatus } from './batch-status';

/** Steps of a batch that run as one Spark execution each. */
export const BATCH_STEPS = ['raw', 'aggregated'] as const;
export type BatchStep = (typeof BATCH_STEPS)[number];

/** A Spark Connect execution, stored before it is sent so that a restarted orchestrator can adopt it. */
export interface StoredExecution {
  readonly operationId: string;
  readonly sessionId: string;
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
  readonly analysisType: AnalysisName;
  readonly source: 'delta' | 'kafka' | 'seed';
  readonly topic: string | null;
  readonly startOffset: string | null;
  readonly endOffset: string | null;
  readonly startDate: string | null;
  readonly endDate: string | null;
  readonly filters: BatchFilters | null;
  readonly sourcePath: string | null;
  /** The Delta version that every step reads. */
  readonly sourceVersion: bigint | null;
  readonly submitTime: Date;
  readonly startTime: Date | null;
  readonly endTime: Date | null;
  readonly rowCount: bigint | null;
  readonly deltaRawPath: string | null;
  readonly deltaAggPath: string | null;
  readonly rawVersion: bigint | null;
  readonly aggVersion: bigint | null;
  readonly errorMessage: string | null;
  readonly executions: Readonly<Partial<Record<BatchStep, StoredExecution>>>;
}

/** The record as REST shows it: the union of both seeds' fields, null where one does not apply. */
export interface BatchBody {
  readonly batchId: string;
  readonly uuid: string;
  readonly status: BatchStatus;
  readonly analysisType: string;
  readonly source: string;
  readonly topic: string | null;
  readonly startOffset: string | null;
  readonly endOffset: string | null;
  readonly startDate: string | null;
  readonly endDate: string | null;
  readonly filters: BatchFilters | null;
  readonly sourcePath: string | null;
  readonly sourceVersion: number | null;
  readonly submitTime: string;
  readonly startTime: string | null;
  readonly endTime: string | null;
  readonly rowCount: number | null;
  readonly deltaRawPath: string | null;
  readonly deltaAggPath: string | null;
  readonly attempt: number;
  readonly errorMessage: string | null;
}

const iso = (time: Date | null) => time?.toISOString() ?? null;
/** Delta versions and row counts stay far below 2^53. */
const integer = (value: bigint | null) => (value === null ? null : Number(value));

export function toBatchBody(record: BatchRecord): BatchBody {
  return {
    batchId: record.batchId,
    uuid: record.uuid,
    status: record.status,
    analysisType: record.analysisType,
    source: record.source,
    topic: record.topic,
    startOffset: record.startOffset,
    endOffset: record.endOffset,
    startDate: record.startDate,
    endDate: record.endDate,
    filters: record.filters,
    sourcePath: record.sourcePath,
    sourceVersion: integer(record.sourceVersion),
    submitTime: record.submitTime.toISOString(),
    startTime: iso(record.startTime),
    endTime: iso(record.endTime),
    rowCount: integer(record.rowCount),
    deltaRawPath: record.deltaRawPath,
    deltaAggPath: record.deltaAggPath,
    attempt: record.attempt,
    errorMessage: record.errorMessage,
  };
}
