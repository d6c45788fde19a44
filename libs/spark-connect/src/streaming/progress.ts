import { ProtocolError } from '../errors/spark-connect-error';
import {
  isObject,
  listOf,
  numberOf,
  numbersOf,
  objectOf,
  parseExactJson,
  textOf,
  textsOf,
  type JsonObject,
  type JsonValue,
} from './exact-json';

/**
 * One source of a micro-batch. Offsets are the source's own JSON, parsed (for Kafka `{topic: {partition: offset}}`), `null` where there is
 * none yet. An integer beyond 2^53 is kept as its digits in text.
 */
export interface SourceProgress {
  readonly description: string;
  readonly startOffset: JsonValue;
  readonly endOffset: JsonValue;
  readonly latestOffset: JsonValue;
  readonly numInputRows: number;
  readonly inputRowsPerSecond: number | undefined;
  readonly processedRowsPerSecond: number | undefined;
  /** The source's own figures as text, e.g. Kafka's `maxOffsetsBehindLatest`. */
  readonly metrics: Readonly<Record<string, string>>;
}

/** One stateful operator (aggregation, deduplication, join, ...) after a micro-batch. */
export interface StateOperatorProgress {
  readonly operatorName: string;
  /** Keys in the state. */
  readonly numRowsTotal: number;
  readonly numRowsUpdated: number;
  readonly numRowsRemoved: number;
  /** Rows (after partial aggregation) that came later than the watermark. */
  readonly numRowsDroppedByWatermark: number;
  readonly memoryUsedBytes: number;
  /** Milliseconds summed over the tasks. */
  readonly allUpdatesTimeMs: number;
  readonly allRemovalsTimeMs: number;
  readonly commitTimeMs: number;
  readonly numShufflePartitions: number;
  readonly numStateStoreInstances: number;
  /** Figures of the operator and of its state store, e.g. `numDroppedDuplicateRows` or `rocksdbGetCount`. */
  readonly customMetrics: Readonly<Record<string, number>>;
}

/** Where a micro-batch went. */
export interface SinkProgress {
  readonly description: string;
  /** Undefined where the sink does not count (Spark says -1; Delta is one of these). */
  readonly numOutputRows: number | undefined;
  readonly metrics: Readonly<Record<string, string>>;
}

/** One report of a streaming query: a micro-batch, or an idle trigger. Mirrors `StreamingQueryProgress.scala`. */
export interface StreamingQueryProgress {
  readonly id: string;
  readonly runId: string;
  readonly name: string | undefined;
  /** When the trigger fired, ISO-8601 UTC. */
  readonly timestamp: string;
  readonly batchId: number;
  readonly batchDurationMs: number | undefined;
  readonly numInputRows: number;
  readonly inputRowsPerSecond: number | undefined;
  readonly processedRowsPerSecond: number | undefined;
  /** Milliseconds of each step of the trigger (`addBatch`, `walCommit`, `triggerExecution`, ...). */
  readonly durationMs: Readonly<Record<string, number>>;
  /** `watermark`, and `min`, `max`, `avg` of the event time, ISO-8601 UTC. */
  readonly eventTime: Readonly<Record<string, string>>;
  readonly stateOperators: readonly StateOperatorProgress[];
  readonly sources: readonly SourceProgress[];
  readonly sink: SinkProgress;
  /** The columns of each `DataFrame.observe(name, ...)`, by name; values as Spark writes them into JSON. */
  readonly observedMetrics: JsonObject;
}

/**
 * Reads a progress report in either of the shapes Spark makes: that of `lastProgress` (Jackson: no totals, offsets as JSON text, observed
 * metrics as rows with their schema) and that of listener events (`json`: totals there, offsets parsed, empty members left out). Both give
 * the same result here; members this version does not know are left out.
 * @throws ProtocolError when the text is not JSON, or not a progress report.
 */
export function parseStreamingQueryProgress(text: string): StreamingQueryProgress {
  return progressOf(parseExactJson(text, 'a progress report'));
}

/** The report of a parsed one. */
export function progressOf(value: JsonValue | undefined): StreamingQueryProgress {
  const report = objectOf(value);
  const sources = listOf(report['sources']).map(sourceOf);
  return {
    ...identityOf(report),
    batchDurationMs: numberOf(report['batchDuration']),
    numInputRows:
      numberOf(report['numInputRows']) ?? sources.reduce((rows, source) => rows + source.numInputRows, 0),
    inputRowsPerSecond: totalRate(
      report['inputRowsPerSecond'],
      sources,
      (source) => source.inputRowsPerSecond,
    ),
    processedRowsPerSecond: totalRate(
      report['processedRowsPerSecond'],
      sources,
      (source) => source.processedRowsPerSecond,
    ),
    durationMs: numbersOf(report['durationMs']),
    eventTime: textsOf(report['eventTime']),
    stateOperators: listOf(report['stateOperators']).map(stateOperatorOf),
    sources,
    sink: sinkOf(report['sink']),
    observedMetrics: objectOf(withoutRows(report['observedMetrics'] ?? null)),
  };
}

function identityOf(
  report: JsonObject,
): Pick<StreamingQueryProgress, 'id' | 'runId' | 'name' | 'timestamp' | 'batchId'> {
  const [id, runId, timestamp] = [textOf(report['id']), textOf(report['runId']), textOf(report['timestamp'])];
  const batchId = numberOf(report['batchId']);
  if (id === undefined || runId === undefined || timestamp === undefined || batchId === undefined) {
    throw new ProtocolError('a progress report does not say of which run or batch it is');
  }
  return { id, runId, name: textOf(report['name']), timestamp, batchId };
}

function sourceOf(value: JsonValue): SourceProgress {
  const source = objectOf(value);
  return {
    description: textOf(source['description']) ?? '',
    startOffset: offsetOf(source['startOffset']),
    endOffset: offsetOf(source['endOffset']),
    latestOffset: offsetOf(source['latestOffset']),
    numInputRows: numberOf(source['numInputRows']) ?? 0,
    inputRowsPerSecond: numberOf(source['inputRowsPerSecond']),
    processedRowsPerSecond: numberOf(source['processedRowsPerSecond']),
    metrics: textsOf(source['metrics']),
  };
}

function stateOperatorOf(value: JsonValue): StateOperatorProgress {
  const operator = objectOf(value);
  const rows = (key: string): number => numberOf(operator[key]) ?? 0;
  return {
    operatorName: textOf(operator['operatorName']) ?? '',
    numRowsTotal: rows('numRowsTotal'),
    numRowsUpdated: rows('numRowsUpdated'),
    numRowsRemoved: rows('numRowsRemoved'),
    numRowsDroppedByWatermark: rows('numRowsDroppedByWatermark'),
    memoryUsedBytes: rows('memoryUsedBytes'),
    allUpdatesTimeMs: rows('allUpdatesTimeMs'),
    allRemovalsTimeMs: rows('allRemovalsTimeMs'),
    commitTimeMs: rows('commitTimeMs'),
    numShufflePartitions: rows('numShufflePartitions'),
    numStateStoreInstances: rows('numStateStoreInstances'),
    customMetrics: numbersOf(operator['customMetrics']),
  };
}

function sinkOf(value: JsonValue | undefined): SinkProgress {
  const sink = objectOf(value);
  const numOutputRows = numberOf(sink['numOutputRows']) ?? -1;
  return {
    description: textOf(sink['description']) ?? '',
    numOutputRows: numOutputRows < 0 ? undefined : numOutputRows,
    metrics: textsOf(sink['metrics']),
  };
}

function totalRate(
  declared: JsonValue | undefined,
  sources: readonly SourceProgress[],
  rateOf: (source: SourceProgress) => number | undefined,
): number | undefined {
  const total = numberOf(declared);
  if (total !== undefined) return total;
  const rates = sources.map(rateOf).filter((rate) => rate !== undefined);
  return rates.length === 0 ? undefined : rates.reduce((sum, rate) => sum + rate, 0);
}

/** An offset is JSON inside a text in one shape, JSON in the other, and of some sources a plain text in both. */
function offsetOf(value: JsonValue | undefined): JsonValue {
  if (typeof value !== 'string') return value ?? null;
  try {
    return parseExactJson(value, 'an offset');
  } catch {
    return value;
  }
}

/** A row is `{values, schema}` in one shape and an object of its columns in the other, which is the one to read. */
function withoutRows(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map((item: JsonValue) => withoutRows(item));
  if (!isObject(value)) return value;
  const columns = columnsOfRow(value);
  return Object.fromEntries(
    Object.entries(columns ?? value).map(([name, entry]) => [name, withoutRows(entry)]),
  );
}

function columnsOfRow(value: JsonObject): JsonObject | undefined {
  const { values, schema } = value;
  if (!Array.isArray(values) || objectOf(schema)['type'] !== 'struct') return undefined;
  const names = listOf(objectOf(schema)['fields']).map((field) => textOf(objectOf(field)['name']) ?? '');
  return Object.fromEntries(names.map((name, at) => [name, (values[at] as JsonValue | undefined) ?? null]));
}
