/** Anything JSON can hold. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** One source of a micro-batch. Offsets are the source's own JSON, parsed (for Kafka `{topic: {partition: offset}}`). */
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

export interface StateOperatorProgress {
  readonly operatorName: string;
  readonly numRowsTotal: number;
  readonly numRowsUpdated: number;
  readonly numRowsRemoved: number;
  readonly numRowsDroppedByWatermark: number;
  readonly memoryUsedBytes: number;
  readonly customMetrics: Readonly<Record<string, number>>;
}

export interface SinkProgress {
  readonly description: string;
  /** Undefined where the sink does not count (Spark says -1; Delta is one of these). */
  readonly numOutputRows: number | undefined;
  readonly metrics: Readonly<Record<string, string>>;
}

/** One report of a streaming query: a micro-batch, or an idle trigger. */
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
  readonly observedMetrics: JsonObject;
}

/**
 * Reads a progress report in either of the shapes Spark makes: that of `lastProgress` (Jackson: no totals, offsets as JSON text) and that
 * of listener events (`json`: totals there, offsets parsed). Both give the same result here.
 * @throws SyntaxError when the text is not JSON.
 */
export function parseStreamingQueryProgress(text: string): StreamingQueryProgress {
  const report = objectOf(JSON.parse(text) as JsonValue);
  const sources = listOf(report['sources']).map(sourceOf);
  return {
    id: textOf(report['id']) ?? '',
    runId: textOf(report['runId']) ?? '',
    name: textOf(report['name']),
    timestamp: textOf(report['timestamp']) ?? '',
    batchId: numberOf(report['batchId']) ?? 0,
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
    observedMetrics: objectOf(report['observedMetrics']),
  };
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
    return JSON.parse(value) as JsonValue;
  } catch {
    return value;
  }
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !isList(value) ? value : {};
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return value !== undefined && isList(value) ? value : [];
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Rates of an instant trigger are `"NaN"` or `"Infinity"` in one shape; neither is a figure to show. */
function numberOf(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function numbersOf(value: JsonValue | undefined): Record<string, number> {
  return Object.fromEntries(
    Object.entries(objectOf(value)).map(([key, entry]) => [key, numberOf(entry) ?? 0]),
  );
}

function textsOf(value: JsonValue | undefined): Record<string, string> {
  const entries = Object.entries(objectOf(value)).filter(([, entry]) => entry !== null);
  return Object.fromEntries(
    entries.map(([key, entry]) => [key, typeof entry === 'string' ? entry : JSON.stringify(entry)]),
  );
}
