import { SetOperation_SetOpType as SetOpType } from '../generated/spark/connect/relations_pb';
import { Column, sortOrderOf } from '../functions/column';
import { expr, toColumn, toExpression, type ColumnOrName } from '../functions/core';
import { attribute } from '../functions/expressions';
import { relationOf, type RelationType } from '../plan/relation';
import { DataStreamWriter } from '../streaming/data-stream-writer';
import { DataFrameActions } from './dataframe-actions';
import { DataFrameWriter } from './dataframe-writer';
import { GroupedData, type Grouping } from './grouped-data';
import { joinOf, type JoinType } from './join';

/**
 * A plan on the server, immutable: transformations return new plans and send nothing. Names are PySpark's in camel case.
 * The actions (collect, count, schema, ...) are inherited.
 */
export class DataFrame extends DataFrameActions {
  /** A column of exactly this DataFrame, for joins where both sides have the name. */
  col(name: string): Column {
    return new Column(attribute(name, this.relation.common?.planId));
  }

  select(...columns: readonly ColumnOrName[]): DataFrame {
    return this.derive({
      case: 'project',
      value: { input: this.relation, expressions: columns.map(toExpression) },
    });
  }

  /** As `select`, in SQL text. */
  selectExpr(...expressions: readonly string[]): DataFrame {
    return this.select(...expressions.map(expr));
  }

  /** @param condition - a column, or SQL text (never build it from untrusted input). */
  filter(condition: Column | string): DataFrame {
    const { expression } = typeof condition === 'string' ? expr(condition) : condition;
    return this.derive({ case: 'filter', value: { input: this.relation, condition: expression } });
  }

  where(condition: Column | string): DataFrame {
    return this.filter(condition);
  }

  withColumn(name: string, column: Column): DataFrame {
    return this.withColumns({ [name]: column });
  }

  withColumns(columns: Readonly<Record<string, Column>>): DataFrame {
    const aliases = Object.entries(columns).map(([name, column]) => ({
      expr: column.expression,
      name: [name],
    }));
    return this.derive({ case: 'withColumns', value: { input: this.relation, aliases } });
  }

  withColumnRenamed(existing: string, renamed: string): DataFrame {
    return this.withColumnsRenamed({ [existing]: renamed });
  }

  withColumnsRenamed(names: Readonly<Record<string, string>>): DataFrame {
    const renames = Object.entries(names).map(([colName, newColName]) => ({ colName, newColName }));
    return this.derive({ case: 'withColumnsRenamed', value: { input: this.relation, renames } });
  }

  /** Columns that do not exist are ignored. */
  drop(...columns: readonly ColumnOrName[]): DataFrame {
    const columnNames = columns.filter((column) => typeof column === 'string');
    const expressions = columns.filter((column) => typeof column !== 'string').map(toExpression);
    return this.derive({ case: 'drop', value: { input: this.relation, columns: expressions, columnNames } });
  }

  toDF(...names: readonly string[]): DataFrame {
    return this.derive({ case: 'toDf', value: { input: this.relation, columnNames: [...names] } });
  }

  alias(name: string): DataFrame {
    return this.derive({ case: 'subqueryAlias', value: { input: this.relation, alias: name } });
  }

  distinct(): DataFrame {
    return this.dropDuplicates();
  }

  /** One row of each combination of the columns (of all columns if none is named). */
  dropDuplicates(...columns: readonly string[]): DataFrame {
    return this.deduplicate(columns, false);
  }

  /** For streams: duplicates are those that arrive within the watermark's delay of the first. */
  dropDuplicatesWithinWatermark(...columns: readonly string[]): DataFrame {
    return this.deduplicate(columns, true);
  }

  groupBy(...columns: readonly ColumnOrName[]): GroupedData {
    return this.grouped('groupBy', columns);
  }

  rollup(...columns: readonly ColumnOrName[]): GroupedData {
    return this.grouped('rollup', columns);
  }

  cube(...columns: readonly ColumnOrName[]): GroupedData {
    return this.grouped('cube', columns);
  }

  /** Aggregates over all rows: one row. */
  agg(...aggregates: readonly [Column, ...Column[]]): DataFrame {
    return this.groupBy().agg(...aggregates);
  }

  orderBy(...columns: readonly ColumnOrName[]): DataFrame {
    return this.sorted(columns, true);
  }

  sort(...columns: readonly ColumnOrName[]): DataFrame {
    return this.sorted(columns, true);
  }

  sortWithinPartitions(...columns: readonly ColumnOrName[]): DataFrame {
    return this.sorted(columns, false);
  }

  limit(rows: number): DataFrame {
    return this.derive({ case: 'limit', value: { input: this.relation, limit: rows } });
  }

  offset(rows: number): DataFrame {
    return this.derive({ case: 'offset', value: { input: this.relation, offset: rows } });
  }

  /** @param on - columns both sides have (they appear once in the result), or a condition. */
  join(other: DataFrame, on?: string | readonly string[] | Column, how: JoinType = 'inner'): DataFrame {
    return this.derive({ case: 'join', value: joinOf(this.relation, other.relation, on, how) });
  }

  crossJoin(other: DataFrame): DataFrame {
    return this.join(other, undefined, 'cross');
  }

  /** Rows of both, matched by position, duplicates kept. */
  union(other: DataFrame): DataFrame {
    return this.setOperation(other, SetOpType.UNION, { isAll: true, byName: false });
  }

  unionByName(other: DataFrame, allowMissingColumns = false): DataFrame {
    return this.setOperation(other, SetOpType.UNION, { isAll: true, byName: true, allowMissingColumns });
  }

  intersect(other: DataFrame): DataFrame {
    return this.setOperation(other, SetOpType.INTERSECT, { isAll: false });
  }

  /** Rows of this that are not in the other, duplicates kept. */
  exceptAll(other: DataFrame): DataFrame {
    return this.setOperation(other, SetOpType.EXCEPT, { isAll: true });
  }

  repartition(numPartitions: number, ...columns: readonly ColumnOrName[]): DataFrame {
    if (columns.length > 0) return this.repartitionBy(numPartitions, columns.map(toExpression));
    return this.derive({
      case: 'repartition',
      value: { input: this.relation, numPartitions, shuffle: true },
    });
  }

  repartitionByRange(
    numPartitions: number,
    ...columns: readonly [ColumnOrName, ...ColumnOrName[]]
  ): DataFrame {
    const orders = columns.map((column) => sortOrderOf(toColumn(column)));
    const expressions = orders.map((value) => ({ exprType: { case: 'sortOrder' as const, value } }));
    return this.repartitionBy(numPartitions, expressions);
  }

  coalesce(numPartitions: number): DataFrame {
    return this.derive({
      case: 'repartition',
      value: { input: this.relation, numPartitions, shuffle: false },
    });
  }

  /** @param delayThreshold - e.g. `'10 minutes'`. */
  withWatermark(eventTime: string, delayThreshold: string): DataFrame {
    return this.derive({ case: 'withWatermark', value: { input: this.relation, eventTime, delayThreshold } });
  }

  /** Computes aggregates beside an action or a stream; they arrive at `onObservedMetrics` or in the stream's progress. */
  observe(name: string, ...metrics: readonly [Column, ...Column[]]): DataFrame {
    const expressions = metrics.map((metric) => metric.expression);
    return this.derive({
      case: 'collectMetrics',
      value: { input: this.relation, name, metrics: expressions },
    });
  }

  /** A hint to the optimiser, e.g. `hint('broadcast')`. */
  hint(name: string, ...parameters: readonly Column[]): DataFrame {
    const expressions = parameters.map((parameter) => parameter.expression);
    return this.derive({ case: 'hint', value: { input: this.relation, name, parameters: expressions } });
  }

  get write(): DataFrameWriter {
    return new DataFrameWriter(this.client, this.relation);
  }

  get writeStream(): DataStreamWriter {
    return new DataStreamWriter(this.client, this.relation);
  }

  private derive(relType: RelationType): DataFrame {
    return new DataFrame(this.client, relationOf(relType));
  }

  private grouped(grouping: Grouping, by: readonly ColumnOrName[]): GroupedData {
    return new GroupedData({ input: this.relation, grouping, by }, (relType) => this.derive(relType));
  }

  private deduplicate(columns: readonly string[], withinWatermark: boolean): DataFrame {
    const keys = columns.length === 0 ? { allColumnsAsKeys: true } : { columnNames: [...columns] };
    return this.derive({ case: 'deduplicate', value: { input: this.relation, ...keys, withinWatermark } });
  }

  private sorted(columns: readonly ColumnOrName[], isGlobal: boolean): DataFrame {
    const order = columns.map((column) => sortOrderOf(toColumn(column)));
    return this.derive({ case: 'sort', value: { input: this.relation, order, isGlobal } });
  }

  private repartitionBy(numPartitions: number, partitionExprs: PartitionExpressions): DataFrame {
    const value = { input: this.relation, partitionExprs: [...partitionExprs], numPartitions };
    return this.derive({ case: 'repartitionByExpression', value });
  }

  private setOperation(other: DataFrame, setOpType: SetOpType, flags: SetOperationFlags): DataFrame {
    const value = { leftInput: this.relation, rightInput: other.relation, setOpType, ...flags };
    return this.derive({ case: 'setOp', value });
  }
}

type PartitionExpressions = NonNullable<
  Extract<RelationType, { case: 'repartitionByExpression' }>['value']['partitionExprs']
>;

interface SetOperationFlags {
  readonly isAll: boolean;
  readonly byName?: boolean;
  readonly allowMissingColumns?: boolean;
}
