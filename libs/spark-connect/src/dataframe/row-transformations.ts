import { toColumn, toExpression, type ColumnOrName } from '../functions/call';
import { expressionFrom, sortOrderOf, type Column, type ColumnOrLiteral } from '../functions/column';
import { expr } from '../functions/core';
import { expressionOf } from '../functions/expressions';
import type { Expression } from '../generated/spark/connect/expressions_pb';
import { int32Argument } from '../plan/integer-argument';
import { relationOf } from '../plan/relation';
import { withSubqueries } from '../plan/subquery';
import type { Row } from '../types/row';
import { ColumnTransformations } from './column-transformations';
import type { DataFrame } from './dataframe';
import { Observation } from './observation';
import { rangesOf, seedOf, type SampleOptions } from './sampling';

/** The rows of a DataFrame: which, in what order, in which partitions. The columns stay, and so does the type of a row. */
export abstract class RowTransformations<T extends object = Row> extends ColumnTransformations<T> {
  /**
   * The rows for which the condition is true, not those for which it is NULL.
   * @param condition - a column, or SQL text (never build it from untrusted input).
   */
  filter(condition: Column | string): DataFrame<T> {
    const { expression } = typeof condition === 'string' ? expr(condition) : toColumn(condition);
    return this.transformed({ case: 'filter', value: { input: this.relation, condition: expression } });
  }

  /** The same as `filter`. */
  where(condition: Column | string): DataFrame<T> {
    return this.filter(condition);
  }

  /** Each row once; NULL equals NULL. In a stream the server remembers all rows it has seen. */
  distinct(): DataFrame<T> {
    return this.dropDuplicates();
  }

  /** One row of each combination of the columns (of all columns if none is named). */
  dropDuplicates(...columns: readonly string[]): DataFrame<T> {
    return this.deduplicated(columns, false);
  }

  /** For streams: duplicates are those that arrive within the watermark's delay of the first. */
  dropDuplicatesWithinWatermark(...columns: readonly string[]): DataFrame<T> {
    return this.deduplicated(columns, true);
  }

  /** Sorts all rows; upwards with NULLs first, unless a column has a direction. Names, not ordinals. */
  orderBy(...columns: readonly ColumnOrName[]): DataFrame<T> {
    return this.sorted(columns, true);
  }

  /** The same as `orderBy`. */
  sort(...columns: readonly ColumnOrName[]): DataFrame<T> {
    return this.sorted(columns, true);
  }

  /** Sorts the rows inside of each partition, without a shuffle. */
  sortWithinPartitions(...columns: readonly ColumnOrName[]): DataFrame<T> {
    return this.sorted(columns, false);
  }

  /** At most so many rows: the first ones after `orderBy`, else any. */
  limit(rows: number): DataFrame<T> {
    return this.transformed({
      case: 'limit',
      value: { input: this.relation, limit: int32Argument('rows', rows) },
    });
  }

  /** Leaves out so many rows: the first ones after `orderBy`, else any. */
  offset(rows: number): DataFrame<T> {
    return this.transformed({
      case: 'offset',
      value: { input: this.relation, offset: int32Argument('rows', rows) },
    });
  }

  /**
   * Rows chosen at random; how many is not exact.
   * @param fraction - about how much of the rows to take, from 0 to 1 (above 1 with replacement).
   */
  sample(fraction: number, options: SampleOptions = {}): DataFrame<T> {
    const value = {
      input: this.relation,
      upperBound: fraction,
      withReplacement: options.withReplacement ?? false,
      seed: seedOf(options.seed),
    };
    return this.transformed({ case: 'sample', value });
  }

  /**
   * Splits the rows at random into DataFrames that have none in common.
   * @param weights - how much each gets, in proportion to their sum.
   * @throws RangeError for weights below zero, or none above it.
   */
  randomSplit(weights: readonly number[], seed?: number | bigint): DataFrame<T>[] {
    const sampled = { input: this.relation, withReplacement: false, seed: seedOf(seed) };
    return rangesOf(weights).map(({ from, to }) => {
      const value = { ...sampled, lowerBound: from, upperBound: to, deterministicOrder: true };
      return this.transformed<T>({ case: 'sample', value });
    });
  }

  /** Shuffles into that many partitions, or by columns (equal values together), or both. */
  repartition(numPartitions: number, ...columns: readonly ColumnOrName[]): DataFrame<T>;
  repartition(...columns: readonly [ColumnOrName, ...ColumnOrName[]]): DataFrame<T>;
  repartition(first: number | ColumnOrName, ...others: readonly ColumnOrName[]): DataFrame<T> {
    if (typeof first !== 'number') return this.repartitionedBy([first, ...others].map(toExpression));
    if (others.length > 0) return this.repartitionedBy(others.map(toExpression), first);
    const value = { input: this.relation, numPartitions: partitionsOf(first), shuffle: true };
    return this.transformed({ case: 'repartition', value });
  }

  /** As `repartition`, rows with near values together; columns can have a direction. */
  repartitionByRange(
    numPartitions: number,
    ...columns: readonly [ColumnOrName, ...ColumnOrName[]]
  ): DataFrame<T>;
  repartitionByRange(...columns: readonly [ColumnOrName, ...ColumnOrName[]]): DataFrame<T>;
  repartitionByRange(first: number | ColumnOrName, ...others: readonly ColumnOrName[]): DataFrame<T> {
    return typeof first === 'number'
      ? this.repartitionedBy(others.map(rangeOf), first)
      : this.repartitionedBy([first, ...others].map(rangeOf));
  }

  /** Fewer partitions without a shuffle. */
  coalesce(numPartitions: number): DataFrame<T> {
    const value = { input: this.relation, numPartitions: partitionsOf(numPartitions), shuffle: false };
    return this.transformed({ case: 'repartition', value });
  }

  /** How late rows of a stream may be. @param delayThreshold - e.g. `'10 minutes'`. */
  withWatermark(eventTime: string, delayThreshold: string): DataFrame<T> {
    const value = { input: this.relation, eventTime, delayThreshold };
    return this.transformed({ case: 'withWatermark', value });
  }

  /**
   * Computes aggregates beside an action or a stream. With an {@link Observation} its `get` resolves with them; with a name they arrive at
   * `ActionOptions.onObservedMetrics` or in the stream's progress.
   * @throws TypeError for an Observation that observes another DataFrame already.
   */
  observe(observation: Observation | string, ...metrics: readonly [Column, ...Column[]]): DataFrame<T> {
    const name = typeof observation === 'string' ? observation : observation.name;
    const expressions = metrics.map((metric) => metric.expression);
    const value = { input: this.relation, name, metrics: expressions };
    const observed = relationOf({ case: 'collectMetrics', value });
    // By the id of this very relation the server sends the metrics, also where plans of subqueries stand around it.
    if (observation instanceof Observation) observation.expectFrom(observed);
    return this.derived(withSubqueries(observed));
  }

  /** A hint to the optimiser: `hint('broadcast')`, `hint('repartition', 4)`. A string parameter is a literal. */
  hint(name: string, ...parameters: readonly ColumnOrLiteral[]): DataFrame<T> {
    const value = { input: this.relation, name, parameters: parameters.map(expressionFrom) };
    return this.transformed({ case: 'hint', value });
  }

  private deduplicated(columns: readonly string[], withinWatermark: boolean): DataFrame<T> {
    const keys = columns.length === 0 ? { allColumnsAsKeys: true } : { columnNames: [...columns] };
    const value = { input: this.relation, ...keys, withinWatermark };
    return this.transformed({ case: 'deduplicate', value });
  }

  private sorted(columns: readonly ColumnOrName[], isGlobal: boolean): DataFrame<T> {
    const order = columns.map((column) => sortOrderOf(toColumn(column)));
    return this.transformed({ case: 'sort', value: { input: this.relation, order, isGlobal } });
  }

  private repartitionedBy(partitionExprs: Expression[], numPartitions?: number): DataFrame<T> {
    const into = numPartitions === undefined ? {} : { numPartitions: partitionsOf(numPartitions) };
    const value = { input: this.relation, partitionExprs, ...into };
    return this.transformed({ case: 'repartitionByExpression', value });
  }
}

function partitionsOf(numPartitions: number): number {
  return int32Argument('numPartitions', numPartitions);
}

function rangeOf(column: ColumnOrName): Expression {
  return expressionOf({ case: 'sortOrder', value: sortOrderOf(toColumn(column)) });
}
