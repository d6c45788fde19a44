import type { AnalysisEntry, StreamedAnalysis } from '@millrace/domain';
import type { Column, DataFrame, Timestamp } from 'spark-connect-js';
import type { TableDefinition } from './create-table';

/** How many different values a column has, nulls left out: exact either way, but no stream can count distinct as batches do. */
export type CountDistinct = (column: string) => Column;

/**
 * A batch analysis in two pure stages. A stream can run `aggregate` and not `finish` (Spark refuses a global sort on a
 * stream), so both paths share the figures and only the batch orders them.
 */
export interface BatchAnalysis {
  readonly entry: AnalysisEntry;
  /** Group and aggregate, and the columns that follow from a row of the result alone. */
  aggregate(rows: DataFrame, countDistinct?: CountDistinct): DataFrame;
  /** Columns that depend on all rows, then the catalog's columns in the catalog's order. */
  finish(aggregated: DataFrame): DataFrame;
}

/** A Delta table that a pipeline's streams write. */
export interface StreamTable extends TableDefinition {
  /** Key of the path in `TablePaths`. */
  readonly path: 'transactions' | 'aggregations' | 'rejects' | StreamedAnalysis;
}

/** What all streaming queries have. */
interface QueryPlan {
  /** Also the query's name in Spark and the last part of its checkpoint path. */
  readonly name: string;
  readonly table: StreamTable;
  /** Between the starts of two micro-batches, at least. */
  readonly triggerIntervalMs: number;
}

/** Stores the events of the topic, each once, and what breaks the contract among the rejects. */
export interface EventQueryPlan extends QueryPlan {
  readonly kind: 'events';
  /**
   * @param kafkaRows with `value`, and the columns to carry along.
   * @returns the columns of the table, the carried ones, and what `examinedEvent` says about each; every row, whatever its value.
   */
  examine(kafkaRows: DataFrame, carried: readonly string[]): DataFrame;
  readonly rejects: StreamTable;
  /** Two events with the same value are one. */
  readonly keyColumn: string;
  readonly timeColumn: string;
  /** How far ahead of the clock the contract lets the time be. */
  readonly maxSecondsAhead: number;
  /** Partition of the table, derived from the time. */
  readonly dateColumn: string;
}

/** Keeps an aggregate of the stored events up to date: one row a key. */
export interface AggregateQueryPlan extends QueryPlan {
  readonly kind: 'aggregate';
  /** @param stored Rows of the event table as they are committed. */
  transform(stored: DataFrame): DataFrame;
  readonly source: StreamTable;
  /** Whether it begins with what the table has when it is first started, or with what comes after that. */
  readonly reads: 'all rows' | 'new rows';
  readonly keys: readonly string[];
  /** Where rows belong to windows: a row is final once the watermark has passed this column. */
  readonly windowEndColumn?: string;
}

/** A streaming query, declared: the orchestrator runs any of them and knows none by name. */
export type StreamingQueryPlan = EventQueryPlan | AggregateQueryPlan;

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
   *
   * @param selection that the rows are of: its days tell how they are dealt to files.
   */
  toRawOutput(rows: DataFrame, batchId: string, selection: RowSelection): DataFrame;
  readonly rawPartitionBy: readonly string[];
  readonly analyses: Readonly<Record<string, BatchAnalysis>>;
  readonly queries: readonly StreamingQueryPlan[];
  /** Analyses that a stream keeps up to date as well, if it is asked to when it is started. */
  readonly streamedAnalyses: Readonly<Record<string, AggregateQueryPlan>>;
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

/** Name of the observation of what a topic's contract did: `received` and `rejected` events. */
export const CONTRACT_METRICS = 'contract';

/** Name of the observation in the execution that stores the raw rows of a batch. */
export const RAW_METRICS = 'raw';

/** What that execution observes, by name: see `ActionOptions.onObservedMetrics`. */
export interface RawMetrics {
  readonly row_count: bigint;
  /** Null where there are no rows. */
  readonly max_event_timestamp: Timestamp | null;
}
