import { gapId, STREAMED_ANALYSES } from '@millrace/domain';
import type {
  JsonValue,
  QueryFailure,
  QueryMeasures,
  StreamGap,
  StreamQueryRecord,
  StreamRecord,
  TopicLag,
} from '@millrace/domain';
import type { StreamGapBody, StreamQueryBody, StreamStatusBody } from '../openapi/stream-status-models';

/** The orchestrator records a running query every 2 s: one not recorded for this long is running by hearsay only. */
export const UNSEEN_AFTER_MS = 30_000;

const CURES: Readonly<Record<QueryFailure, string>> = {
  RESTART_LIMIT:
    'It failed too often in a row: remove the cause that `error` names, then POST /stream/start on the same topic starts it again',
  DATA_LOSS:
    'POST /stream/continue with the ids of the open gaps in `acceptGaps` gives these messages up and goes on behind them',
};

/** @param now What the ages of the records are measured against. */
export function toStreamBody(stream: StreamRecord | undefined, now: Date): StreamStatusBody {
  if (stream === undefined) return { active: false, topic: null, mode: null, queries: [], gaps: [] };
  const isWanted = stream.desired === 'RUNNING';
  const queries = stream.queries
    .filter((query) => query.isActive || !isOfAnotherStart(query, stream))
    .map((query) => toQueryBody(query, isWanted, now));
  return {
    active: isWanted && (queries.some((query) => query.isActive) || isDraining(stream, queries)),
    topic: stream.topic,
    mode: stream.mode,
    queries,
    gaps: stream.gaps.map(toGapBody),
  };
}

/** Between two of its queries none is active. A drain is over when it is stopped, or cannot go on. */
const isDraining = ({ mode }: StreamRecord, queries: readonly StreamQueryBody[]): boolean =>
  mode === 'drain' && queries.every(({ state }) => state !== 'FAILED' && state !== 'UNSEEN');

/** An analysis that an earlier start asked for, and the last one did not. */
const isOfAnotherStart = ({ name }: StreamQueryRecord, { analyses }: StreamRecord): boolean =>
  STREAMED_ANALYSES.some((analysis) => analysis === name) && !analyses.includes(name);

function toQueryBody(query: StreamQueryRecord, isWanted: boolean, now: Date): StreamQueryBody {
  const updatedAt = query.updateTime.toISOString();
  const isUnseen = query.isActive && now.getTime() - query.updateTime.getTime() > UNSEEN_AFTER_MS;
  return {
    id: query.queryId,
    runId: query.runId,
    name: query.name,
    isActive: query.isActive && !isUnseen,
    state: isUnseen ? 'UNSEEN' : stateOf(query, isWanted),
    status: isUnseen ? `not seen since ${updatedAt}` : query.statusMessage,
    error: query.errorMessage,
    cure: query.failure === null ? null : CURES[query.failure],
    restarts: query.restarts,
    generation: query.generation,
    ...progressOf(query.lastProgress),
    ...measuresOf(query, now),
    counts: query.counts,
    lastProgress: query.lastProgress,
    recentProgress: [...query.recentProgress],
    updatedAt,
  };
}

/** A query that has drained is stopped, though the stream is not yet. */
function stateOf(
  { failure, isActive, errorMessage }: StreamQueryRecord,
  isWanted: boolean,
): StreamQueryBody['state'] {
  if (failure !== null) return 'FAILED';
  if (isActive) return 'RUNNING';
  return isWanted && errorMessage !== null ? 'RESTARTING' : 'STOPPED';
}

type ProgressBody = Pick<
  StreamQueryBody,
  'inputRowsPerSecond' | 'processedRowsPerSecond' | 'batchDurationMs' | 'stateRows' | 'watermark'
>;

/** What an operator looks for in Spark's progress of the last micro-batch. */
function progressOf(progress: JsonValue): ProgressBody {
  const watermark = memberOf(memberOf(progress, 'eventTime'), 'watermark');
  const operators = memberOf(progress, 'stateOperators');
  const isWatermark = typeof watermark === 'string' && Date.parse(watermark) > 0;
  return {
    inputRowsPerSecond: numberOf(memberOf(progress, 'inputRowsPerSecond')),
    processedRowsPerSecond: numberOf(memberOf(progress, 'processedRowsPerSecond')),
    batchDurationMs: numberOf(memberOf(progress, 'batchDurationMs')),
    stateRows: Array.isArray(operators) ? rowsOf(operators) : null,
    watermark: isWatermark ? watermark : null,
  };
}

type MeasuresBody = Pick<
  StreamQueryBody,
  'lag' | 'lagUnknown' | 'versionsBehind' | 'newestIngestion' | 'freshnessSeconds'
>;

const NOT_MEASURED: QueryMeasures = { lag: null, versionsBehind: null, newestIngestion: null };

function measuresOf({ measures }: StreamQueryRecord, now: Date): MeasuresBody {
  const { lag, versionsBehind, newestIngestion } = measures ?? NOT_MEASURED;
  return {
    ...lagOf(lag),
    versionsBehind,
    newestIngestion,
    freshnessSeconds:
      newestIngestion === null ? null : Math.max((now.getTime() - Date.parse(newestIngestion)) / 1_000, 0),
  };
}

function lagOf(lag: TopicLag | null): Pick<StreamQueryBody, 'lag' | 'lagUnknown'> {
  if (lag === null) return { lag: null, lagUnknown: null };
  if (lag.partitions === null) return { lag: null, lagUnknown: lag.reason };
  const { partitions } = lag;
  return { lag: { total: sumOf(Object.values(partitions)), partitions }, lagUnknown: null };
}

function toGapBody(gap: StreamGap): StreamGapBody {
  const { detectedAt, acceptedAt, ...facts } = gap;
  return {
    id: gapId(gap),
    ...facts,
    detectedAt: detectedAt.toISOString(),
    acceptedAt: acceptedAt?.toISOString() ?? null,
  };
}

const rowsOf = (operators: readonly JsonValue[]): number =>
  sumOf(operators.map((operator) => numberOf(memberOf(operator, 'numRowsTotal')) ?? 0));

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

const numberOf = (value: JsonValue | undefined): number | null => (typeof value === 'number' ? value : null);

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return (value as Readonly<Record<string, JsonValue>>)[name];
}
