import { createHash } from 'node:crypto';
import { FULL_REPORT } from '@millrace/domain';
import type {
  BatchDescription,
  BatchRecord,
  RecoveredBatch,
  StepOutcome,
  TablePaths,
} from '@millrace/domain';
import type { StoredBatch } from './stored-batch';
import type { StoredTable } from './stored-table';

/** Stands where a name was, of which nothing is left. */
const RECOVERED = 'recovered';

export interface RecoveredBatchOptions {
  readonly paths: TablePaths;
  readonly retentionMs: number;
  readonly now: Date;
}

/**
 * The row of a batch as its files tell it: COMPLETED when they are all there, otherwise UNKNOWN with what is missing. What
 * files do not tell: whether another sink has the analysis as well (such a batch is UNKNOWN), and whether the batch was
 * cancelled, or failed, after its last commit (it becomes COMPLETED: its results are whole).
 */
export function recoveredBatch(stored: StoredBatch, options: RecoveredBatchOptions): RecoveredBatch {
  const { batchId, description } = stored;
  const times = commitTimes(stored.tables);
  const request = description === undefined ? unknownRequest(stored, options.now) : requestOf(description);
  const endTime = times.at(-1) ?? null;
  const errorMessage = doubtOf(stored);
  return {
    ...request,
    batchId,
    status: errorMessage === null ? 'COMPLETED' : 'UNKNOWN',
    startTime: request.startTime ?? times[0] ?? null,
    endTime,
    ...results(stored, options.paths),
    expiresAt: new Date((endTime ?? options.now).getTime() + options.retentionMs),
    resultsDeleted: null,
    errorMessage,
    executions: executions(stored),
  };
}

/** Why the files do not show that the batch completed; null: they do. */
function doubtOf({ missing, description }: StoredBatch): string | null {
  if (missing.length > 0) return `Rebuilt from its files, which are not complete: ${missing.join('; ')}`;
  const sinks = description?.sinks ?? [];
  if (sinks.length === 0) return null;
  return `Rebuilt from its files, which are complete; whether ${sinks.join(', ')} has the analysis is not known`;
}

type Request = Pick<BatchRecord, Exclude<keyof BatchDescription, 'batchId'>>;

function requestOf(description: BatchDescription): Request {
  const { sourceVersion, submitTime, startTime } = description;
  return {
    ...description,
    sourceVersion: sourceVersion === null ? null : BigInt(sourceVersion),
    submitTime: new Date(submitTime),
    startTime: startTime === null ? null : new Date(startTime),
  };
}

/** Of a batch from before commits carried its request. */
function unknownRequest({ batchId, analysisType, tables }: StoredBatch, now: Date): Request {
  return {
    uuid: uuidOf(batchId),
    // A report is the only request that every analysis answers.
    analysisType: analysisType ?? FULL_REPORT,
    source: 'delta',
    topic: null,
    startOffset: null,
    endOffset: null,
    sourceOffsets: null,
    startDate: null,
    endDate: null,
    afterEventTimestamp: null,
    filters: null,
    sourcePath: null,
    sourceVersion: null,
    labels: {},
    sinks: [],
    timeoutSeconds: null,
    rerunOf: null,
    requestedBy: { client: RECOVERED, address: RECOVERED, userAgent: null, requestId: RECOVERED },
    fingerprint: `${RECOVERED}/${batchId}`,
    submitTime: commitTimes(tables)[0] ?? dayOf(batchId) ?? now,
    startTime: null,
  };
}

/** Oldest first. */
function commitTimes(tables: readonly StoredTable[]): Date[] {
  return tables.flatMap(({ commit }) => commit?.time ?? []).sort((a, b) => a.getTime() - b.getTime());
}

function results(stored: StoredBatch, paths: TablePaths) {
  const { batchId, tables, maxEventTimestamp } = stored;
  const found = (step: StoredTable['step']) => tables.find((table) => table.step === step);
  const version = (step: StoredTable['step']) => {
    const outcome = outcomeOf(found(step));
    return outcome === undefined ? null : BigInt(outcome.version);
  };
  const rawRows = outcomeOf(found('raw'))?.rowCount;
  return {
    rowCount: rawRows === undefined ? null : BigInt(rawRows),
    maxEventTimestamp,
    deltaRawPath: found('raw') === undefined ? null : paths.raw(batchId),
    deltaAggPath: tables.some(({ step }) => step !== 'raw') ? paths.aggregated(batchId) : null,
    rawVersion: version('raw'),
    aggVersion: version('aggregated'),
  };
}

function outcomeOf(table: StoredTable | undefined): StepOutcome | undefined {
  if (table?.commit === undefined || table.state.kind !== 'readable') return undefined;
  return { version: table.commit.version, rowCount: table.state.rowCount };
}

function executions({ tables, maxEventTimestamp }: StoredBatch): BatchRecord['executions'] {
  return Object.fromEntries(
    tables.flatMap((table) => {
      const outcome = outcomeOf(table);
      if (outcome === undefined) return [];
      const operationId = table.commit?.operationId ?? RECOVERED;
      const told = table.step === 'raw' ? { ...outcome, maxEventTimestamp } : outcome;
      return [[table.step, { operationId, sessionId: RECOVERED, outcome: told }]];
    }),
  );
}

/** A UUID that goes with the id, and the same at each recovery. */
function uuidOf(batchId: string): string {
  const hash = createHash('sha256').update(batchId).digest('hex');
  return `${batchId.slice(-8)}-${hash.slice(0, 4)}-8${hash.slice(4, 7)}-8${hash.slice(7, 10)}-${hash.slice(10, 22)}`;
}

/** The day of submission, which the id begins with. */
function dayOf(batchId: string): Date | undefined {
  const [, year, month, day] = /^batch-(\d{4})(\d\d)(\d\d)-/.exec(batchId) ?? [];
  const time = new Date(`${String(year)}-${String(month)}-${String(day)}T00:00:00Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
