import type { ActionOptions } from '../execute/action-options';
import type { ColumnOrName } from '../functions/call';
import type { Column } from '../functions/column';
import type { Relation } from '../generated/spark/connect/relations_pb';
import { DataStreamWriter } from '../streaming/data-stream-writer';
import type { NullableColumns } from '../types/nullable-columns';
import type { Row } from '../types/row';
import { DataFrameWriter } from './dataframe-writer';
import { DataFrameWriterV2 } from './dataframe-writer-v2';
import { MergeIntoWriter } from './merge-into-writer';
import {
  DataFrameNaFunctions,
  type DropNaOptions,
  type FillValue,
  type Replacements,
  type ReplaceValue,
} from './na-functions';
import { DataFrameStatFunctions, type Fractions } from './stat-functions';
import { SummarisingTransformations } from './summarising-transformations';

/**
 * A plan on the server, immutable: transformations return new plans and send nothing. Names are PySpark's in camel case.
 * The transformations and the actions (collect, count, schema, ...) are inherited.
 *
 * `T` is the type of a row: {@link Row} unless a schema told more, by `to(schema)` or where the DataFrame comes from. What keeps the
 * columns (filter, orderBy, union, ...) keeps it. The compiler believes it; the server checks it in `to`.
 *
 * Mirrors `org.apache.spark.sql.Dataset`, as `DataFrame`.
 */
export class DataFrame<T extends object = Row> extends SummarisingTransformations<T> {
  /** What to do about NULL and NaN. */
  get na(): DataFrameNaFunctions<T> {
    return new DataFrameNaFunctions<T>(this.relation, (relType) => this.transformed<T>(relType));
  }

  /** Statistics of columns. */
  get stat(): DataFrameStatFunctions<T> {
    return new DataFrameStatFunctions<T>(this.relation, (relType) => this.transformed(relType));
  }

  /** Writes the rows of a batch to files or a table; a writer of its own each time. */
  get write(): DataFrameWriter {
    return new DataFrameWriter(this.client, this.relation);
  }

  /** Writes to a table of the catalog and says what becomes of the table. */
  writeTo(table: string): DataFrameWriterV2 {
    return new DataFrameWriterV2(this.client, this.relation, table);
  }

  /** Merges these rows into a table; `condition` says when a row of the table and one of these are the same. */
  mergeInto(table: string, condition: Column): MergeIntoWriter {
    return new MergeIntoWriter(this.client, this.relation, { table, condition });
  }

  /** Starts a streaming query that writes the rows of a stream; a writer of its own each time. */
  get writeStream(): DataStreamWriter {
    return new DataStreamWriter(this.client, this.relation);
  }

  /** What the function makes of this DataFrame, for chains with steps of one's own. */
  transform<Result>(step: (dataFrame: this) => Result): Result {
    return step(this);
  }

  /** `na.fill`. */
  fillna(value: FillValue, subset?: readonly string[]): DataFrame<T>;
  fillna(values: Readonly<Record<string, FillValue>>): DataFrame<T>;
  fillna(values: FillValue | Readonly<Record<string, FillValue>>, subset?: readonly string[]): DataFrame<T> {
    return typeof values === 'object' ? this.na.fill(values) : this.na.fill(values, subset);
  }

  /** `na.drop`. */
  dropna(options: DropNaOptions = {}): DataFrame<T> {
    return this.na.drop(options);
  }

  /** `na.replace`. */
  replace(replacements: Replacements<NonNullable<ReplaceValue>>, subset?: readonly string[]): DataFrame<T>;
  replace(replacements: Replacements, subset?: readonly string[]): DataFrame<NullableColumns<T>>;
  replace(
    oldValue: ReplaceValue,
    newValue: NonNullable<ReplaceValue>,
    subset?: readonly string[],
  ): DataFrame<T>;
  replace(
    oldValue: ReplaceValue,
    newValue: ReplaceValue,
    subset?: readonly string[],
  ): DataFrame<NullableColumns<T>>;
  replace(...args: [never, never, never?]): DataFrame<NullableColumns<T>> {
    return this.na.replace(...args);
  }

  /** `stat.corr`. */
  corr(column1: string, column2: string, options: ActionOptions = {}): Promise<number> {
    return this.stat.corr(column1, column2, options);
  }

  /** `stat.cov`. */
  cov(column1: string, column2: string, options: ActionOptions = {}): Promise<number> {
    return this.stat.cov(column1, column2, options);
  }

  /** `stat.approxQuantile` of one column. */
  approxQuantile(
    column: string,
    probabilities: readonly number[],
    relativeError: number,
    options: ActionOptions = {},
  ): Promise<number[]> {
    return this.stat.approxQuantile(column, probabilities, relativeError, options);
  }

  /** `stat.crosstab`. */
  crosstab(column1: string, column2: string): DataFrame {
    return this.stat.crosstab(column1, column2);
  }

  /** `stat.freqItems`. */
  freqItems(columns: readonly string[], support?: number): DataFrame {
    return this.stat.freqItems(columns, support);
  }

  /** `stat.sampleBy`. */
  sampleBy(column: ColumnOrName, fractions: Fractions, seed?: number | bigint): DataFrame<T> {
    return this.stat.sampleBy(column, fractions, seed);
  }

  protected override derived<U extends object = Row>(relation: Relation): DataFrame<U> {
    return new DataFrame<U>(this.client, relation);
  }
}
