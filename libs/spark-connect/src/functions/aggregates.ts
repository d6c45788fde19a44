import { Column, type ColumnOrLiteral } from './column';
import { callFunction, callWith, lit, toExpression, type ColumnOrName } from './core';
import { functionCall } from './expressions';

/** Rows where the column is not NULL; `count('*')` counts all. */
export function count(column: ColumnOrName): Column {
  return column === '*' ? callFunction('count', lit(1)) : callFunction('count', column);
}

export function countDistinct(...columns: readonly [ColumnOrName, ...ColumnOrName[]]): Column {
  return new Column(functionCall('count', columns.map(toExpression), true));
}

/** @param relativeStandardDeviation - accuracy of the sketch; the server's default is 0.05. */
export function approxCountDistinct(column: ColumnOrName, relativeStandardDeviation?: number): Column {
  return callWith('approx_count_distinct', [column], [relativeStandardDeviation]);
}

export function countIf(condition: Column): Column {
  return callFunction('count_if', condition);
}

export function sum(column: ColumnOrName): Column {
  return callFunction('sum', column);
}

/** As `sum`, with NULL instead of an error on overflow. */
export function trySum(column: ColumnOrName): Column {
  return callFunction('try_sum', column);
}

export function sumDistinct(column: ColumnOrName): Column {
  return new Column(functionCall('sum', [toExpression(column)], true));
}

export function avg(column: ColumnOrName): Column {
  return callFunction('avg', column);
}

export function min(column: ColumnOrName): Column {
  return callFunction('min', column);
}

export function max(column: ColumnOrName): Column {
  return callFunction('max', column);
}

/** The value of `column` in the row where `ordering` is greatest. */
export function maxBy(column: ColumnOrName, ordering: ColumnOrName): Column {
  return callFunction('max_by', column, ordering);
}

export function minBy(column: ColumnOrName, ordering: ColumnOrName): Column {
  return callFunction('min_by', column, ordering);
}

/** The first value met, which depends on the order of the rows. */
export function first(column: ColumnOrName, ignoreNulls = false): Column {
  return callFunction('first', column, lit(ignoreNulls));
}

export function last(column: ColumnOrName, ignoreNulls = false): Column {
  return callFunction('last', column, lit(ignoreNulls));
}

export function collectList(column: ColumnOrName): Column {
  return callFunction('collect_list', column);
}

export function collectSet(column: ColumnOrName): Column {
  return callFunction('collect_set', column);
}

export function stddev(column: ColumnOrName): Column {
  return callFunction('stddev', column);
}

export function variance(column: ColumnOrName): Column {
  return callFunction('variance', column);
}

export function median(column: ColumnOrName): Column {
  return callFunction('median', column);
}

/** The exact percentile, e.g. `percentile('latency', 0.99)`. */
export function percentile(column: ColumnOrName, percentage: ColumnOrLiteral): Column {
  return callFunction('percentile', column, lit(percentage));
}

/** @param accuracy - the greater the more exact; the server's default is 10000. */
export function percentileApprox(column: ColumnOrName, percentage: number, accuracy = 10_000): Column {
  return callWith('percentile_approx', [column], [percentage, accuracy]);
}
