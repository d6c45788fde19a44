import { FULL_REPORT, ANALYSIS_NAMES } from '../analysis/analysis-catalog';
import type { AnalysisName } from '../analysis/analysis-catalog';
import { withoutUrlSecrets } from '../url/without-url-secrets';
import type { BatchFilters } from './batch-filter';
import type { BatchProgress, BatchRecord, OffsetRange, Requester } from './batch-record';
import { isTerminal } from './batch-status';
import type { BatchStatus } from './batch-status';

/** One analysis of a full report. */
export interface MemberBody {
  readonly analysisType: AnalysisName;
  /** CANCELLED also where the report ended before this analysis did. */
  readonly status: BatchStatus;
  readonly rowCount: number | null;
  /** Of a failed one. */
  readonly errorMessage: string | null;
}

/**
 * The record as REST shows it to everybody: the union of both seeds' fields, null where one does not apply. What only the
 * client knows that sent it is left out: its idempotency key, and the tokens in the URL of its webhook.
 */
export interface BatchBody {
  readonly batchId: string;
  readonly uuid: string;
  readonly status: BatchStatus;
  readonly analysisType: string;
  readonly source: string;
  readonly topic: string | null;
  readonly startOffset: string | null;
  readonly endOffset: string | null;
  readonly sourceOffsets: OffsetRange | null;
  readonly startDate: string | null;
  readonly endDate: string | null;
  readonly afterEventTimestamp: string | null;
  readonly filters: BatchFilters | null;
  readonly sourcePath: string | null;
  readonly sourceVersion: number | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly sinks: readonly string[];
  readonly timeoutSeconds: number | null;
  /** Without user part and query. */
  readonly webhookUrl: string | null;
  readonly rerunOf: string | null;
  readonly requestedBy: Requester;
  readonly submitTime: string;
  readonly startTime: string | null;
  readonly endTime: string | null;
  readonly cancelRequested: string | null;
  readonly progress: BatchProgress | null;
  readonly rowCount: number | null;
  readonly maxEventTimestamp: string | null;
  readonly deltaRawPath: string | null;
  readonly deltaAggPath: string | null;
  readonly expiresAt: string | null;
  readonly resultsDeleted: string | null;
  readonly attempt: number;
  readonly errorMessage: string | null;
  /** Of a full report only. */
  readonly members: readonly MemberBody[] | null;
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
    sourceOffsets: record.sourceOffsets,
    startDate: record.startDate,
    endDate: record.endDate,
    afterEventTimestamp: record.afterEventTimestamp,
    filters: record.filters,
    sourcePath: record.sourcePath,
    sourceVersion: integer(record.sourceVersion),
    labels: record.labels,
    sinks: record.sinks,
    timeoutSeconds: record.timeoutSeconds,
    webhookUrl: record.webhookUrl && withoutUrlSecrets(record.webhookUrl),
    rerunOf: record.rerunOf,
    requestedBy: record.requestedBy,
    submitTime: record.submitTime.toISOString(),
    startTime: iso(record.startTime),
    endTime: iso(record.endTime),
    cancelRequested: iso(record.cancelRequested),
    progress: record.progress,
    rowCount: integer(record.rowCount),
    maxEventTimestamp: record.maxEventTimestamp,
    deltaRawPath: record.deltaRawPath,
    deltaAggPath: record.deltaAggPath,
    expiresAt: iso(record.expiresAt),
    resultsDeleted: iso(record.resultsDeleted),
    attempt: record.attempt,
    errorMessage: record.errorMessage,
    members: membersOf(record),
  };
}

/** The analyses of a full report with their states; null of any other batch. */
export function membersOf(record: BatchRecord): MemberBody[] | null {
  if (record.analysisType !== FULL_REPORT) return null;
  return ANALYSIS_NAMES.map((analysisType) => {
    const execution = record.executions[`aggregated/${analysisType}`];
    const status = memberStatus(execution, record.status);
    return {
      analysisType,
      status,
      rowCount: execution?.outcome?.rowCount ?? null,
      errorMessage: status === 'FAILED' ? (execution?.errorMessage ?? null) : null,
    };
  });
}

function memberStatus(
  execution: BatchRecord['executions']['raw'],
  status: BatchStatus,
): MemberBody['status'] {
  if (execution?.outcome !== undefined) return 'COMPLETED';
  if (isTerminal(status)) {
    if (execution?.errorMessage !== undefined) return 'FAILED';
    return status === 'UNKNOWN' ? 'UNKNOWN' : 'CANCELLED';
  }
  // Of an attempt that has ended, an execution says nothing any more: this one runs the analysis again.
  const isSent = execution !== undefined && execution.errorMessage === undefined;
  return status === 'RUNNING' && isSent ? 'RUNNING' : 'PENDING';
}
