import type { AnalysisEntry, Column } from '@millrace/domain';
import type { DataFrame, Timestamp } from 'spark-connect-js';

/**
 * A batch analysis in two pure stages. A stream can run `aggregate` and not `finish` (Spark refuses a global sort on a
 * stream), so both paths share the figures and only the batch orders them.
 */
export interface BatchAnalysis {
  readonly entry: AnalysisEntry;
  /** Group and aggregate. */
  aggregate(rows: DataFrame): DataFrame;
  /** Derived columns, then the catalog's columns in the catalog's order. */
  finish(aggregated: DataFrame): DataFrame;
}

/** A Delta table that a pipeline's streams write. */
export interface StreamTable {
  /** Key of the path in `TablePaths`. */
  readonly path: 'transactions' | 'aggregations';
  readonly columns: readonly Column[];
  readonly partitionBy: readonly string[];
}

/** A streaming query, declared: the orchestrator runs any of them and knows none by name. */
export interface StreamingQueryPlan {
  /** Also the query's name in Spark and the last part of its checkpoint path. */
  readonly name: string;
  /** @param events Parsed events of the topic, as {@link Pipeline.parse} gives them. */
  transform(events: DataFrame): DataFrame;
  readonly table: StreamTable;
  readonly outputMode: 'append';
  /** How many seconds lie between two micro-batches, at least. */
  readonly triggerIntervalSeconds: number;
}

/** A pipeline is data about plans: event schema, tables, analyses and streaming queries. */
export interface Pipeline {
  readonly name: string;
  /**
   * Kafka rows (`value` as bytes) to events that keep the contract; the others are counted and dropped. The same for a
   * stream and for a bounded read: a batch in Kafka mode is `parse`, then `selectRows`, then `toRawOutput`.
   */
  parse(kafkaRows: DataFrame): DataFrame;
  /** The rows a batch is about, of the stream's table or of parsed events. */
  selectRows(rows: DataFrame, selection: RowSelection): DataFrame;
  /**
   * The selected rows as a batch stores them. The execution that writes them observes {@link RawMetrics} under the name
   * `RAW_METRICS`, so that nobody counts what was just written.
   */
  toRawOutput(rows: DataFrame, batchId: string): DataFrame;
  readonly rawPartitionBy: readonly string[];
  readonly analyses: Readonly<Record<string, BatchAnalysis>>;
  readonly queries: readonly StreamingQueryPlan[];
}

/** Days from `startDate` to `endDate` (both included) and exact values, all of which a row must have. */
export interface RowSelection {
  /** YYYY-MM-DD, UTC; null: from the first day there is. */
  readonly startDate: string | null;
  /** YYYY-MM-DD, UTC; null: to the last day there is. */
  readonly endDate: string | null;
  /** Only events later than this: ISO-8601 UTC, to the microsecond. */
  readonly afterEventTimestamp: string | null;
  readonly filters: Readonly<Record<string, string | number | boolean>> | null;
}

/** Name of the observation in the execution that stores the raw rows of a batch. */
export const RAW_METRICS = 'raw';

/** What that execution observes, by name: see `ActionOptions.onObservedMetrics`. */
export interface RawMetrics {
  readonly row_count: bigint;
  /** Null where there are no rows. */
  readonly max_event_timestamp: Timestamp | null;
}
