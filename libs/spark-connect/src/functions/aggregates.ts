// Mirrors org.apache.spark.sql.functions: aggregate functions.
import { call, callWith, distinctCall, internalCall, toColumn, type ColumnOrName } from './call';
import type { Column } from './column';
import { lit } from './core';

/** Rows where the column is not NULL; `count('*')` counts all. */
export function count(column: ColumnOrName): Column {
  return column === '*' ? call('count', lit(1)) : call('count', column);
}

/** Distinct combinations in which no column is NULL. */
export function count_distinct(...columns: readonly [ColumnOrName, ...ColumnOrName[]]): Column {
  return distinctCall('count', ...columns);
}

/** As `count_distinct`. */
export const countDistinct = count_distinct;

/** Rows where the condition is true. */
export function count_if(condition: ColumnOrName): Column {
  return call('count_if', condition);
}

/** NULL where there is no value; an overflow is an error under ANSI mode. */
export function sum(column: ColumnOrName): Column {
  return call('sum', column);
}

/** As `sum`, with NULL instead of an error on overflow. */
export function try_sum(column: ColumnOrName): Column {
  return call('try_sum', column);
}

/** The sum of the distinct values. */
export function sum_distinct(column: ColumnOrName): Column {
  return distinctCall('sum', column);
}

/** The product of the values as DOUBLE, NULLs left out. */
export function product(column: ColumnOrName): Column {
  return internalCall('product', column);
}

/** The mean, NULLs left out: DOUBLE, for decimals DECIMAL. */
export function avg(column: ColumnOrName): Column {
  return call('avg', column);
}

/** As `avg`. */
export function mean(column: ColumnOrName): Column {
  return avg(column);
}

/** As `avg`, with NULL instead of an error on overflow. */
export function try_avg(column: ColumnOrName): Column {
  return call('try_avg', column);
}

/** The least value, NULLs left out. */
export function min(column: ColumnOrName): Column {
  return call('min', column);
}

/** The greatest value, NULLs left out; NaN is greater than any number. */
export function max(column: ColumnOrName): Column {
  return call('max', column);
}

/** The value of `column` in the row where `ordering` is greatest. */
export function max_by(column: ColumnOrName, ordering: ColumnOrName): Column {
  return call('max_by', column, ordering);
}

/** The value of `column` in the row where `ordering` is least. */
export function min_by(column: ColumnOrName, ordering: ColumnOrName): Column {
  return call('min_by', column, ordering);
}

/** The most frequent value, NULLs left out; of several any, or with `deterministic` the least. */
export function mode(column: ColumnOrName, deterministic?: boolean): Column {
  return callWith('mode', [column], [deterministic]);
}

/** The first value met, which depends on the order of the rows. */
export function first(column: ColumnOrName, ignoreNulls = false): Column {
  return call('first', column, lit(ignoreNulls));
}

/** As `first`. */
export function first_value(column: ColumnOrName, ignoreNulls?: boolean | Column): Column {
  return callWith('first_value', [column], [ignoreNulls]);
}

/** The last value met, which depends on the order of the rows. */
export function last(column: ColumnOrName, ignoreNulls = false): Column {
  return call('last', column, lit(ignoreNulls));
}

/** As `last`. */
export function last_value(column: ColumnOrName, ignoreNulls?: boolean | Column): Column {
  return callWith('last_value', [column], [ignoreNulls]);
}

/** Some value of the group. */
export function any_value(column: ColumnOrName, ignoreNulls?: boolean | Column): Column {
  return callWith('any_value', [column], [ignoreNulls]);
}

/** An array of the values in no certain order, NULLs left out. */
export function collect_list(column: ColumnOrName): Column {
  return call('collect_list', column);
}

/** An array of the distinct values in no certain order, NULLs left out. */
export function collect_set(column: ColumnOrName): Column {
  return call('collect_set', column);
}

/** As `collect_list`. */
export function array_agg(column: ColumnOrName): Column {
  return call('array_agg', column);
}

/** The texts or bytes of a group joined in no certain order, NULLs left out. @param delimiter - stands between two; none by default. */
export function listagg(column: ColumnOrName, delimiter?: Column | string | Uint8Array): Column {
  return callWith('listagg', [column], [delimiter]);
}

/** As `listagg`, over distinct values. */
export function listagg_distinct(column: ColumnOrName, delimiter?: Column | string | Uint8Array): Column {
  return distinctCall('listagg', ...withDelimiter(column, delimiter));
}

/** As `listagg`. */
export function string_agg(column: ColumnOrName, delimiter?: Column | string | Uint8Array): Column {
  return callWith('string_agg', [column], [delimiter]);
}

/** As `listagg_distinct`. */
export function string_agg_distinct(column: ColumnOrName, delimiter?: Column | string | Uint8Array): Column {
  return distinctCall('string_agg', ...withDelimiter(column, delimiter));
}

/** Whether all values are true, NULLs left out. */
export function bool_and(column: ColumnOrName): Column {
  return call('bool_and', column);
}

/** As `bool_and`. */
export function every(column: ColumnOrName): Column {
  return call('every', column);
}

/** Whether a value is true, NULLs left out. */
export function bool_or(column: ColumnOrName): Column {
  return call('bool_or', column);
}

/** As `bool_or`. */
export function some(column: ColumnOrName): Column {
  return call('some', column);
}

/** As `bool_or`. */
export function any(column: ColumnOrName): Column {
  return call('any', column);
}

/** Bitwise AND of the integers, NULLs left out. */
export function bit_and(column: ColumnOrName): Column {
  return call('bit_and', column);
}

/** Bitwise OR of the integers, NULLs left out. */
export function bit_or(column: ColumnOrName): Column {
  return call('bit_or', column);
}

/** Bitwise XOR of the integers, NULLs left out. */
export function bit_xor(column: ColumnOrName): Column {
  return call('bit_xor', column);
}

/** Under `cube`, `rollup` or grouping sets: 1 in the rows that sum over this column, else 0. */
export function grouping(column: ColumnOrName): Column {
  return call('grouping', column);
}

/** The bits of `grouping` of each column, the first one's the highest; without columns those of all grouping columns. */
export function grouping_id(...columns: readonly ColumnOrName[]): Column {
  return call('grouping_id', ...columns);
}

/** One schema in SQL text that fits all VARIANT values of the group. */
export function schema_of_variant_agg(column: ColumnOrName): Column {
  return call('schema_of_variant_agg', column);
}

function withDelimiter(column: ColumnOrName, delimiter?: Column | string | Uint8Array): readonly Column[] {
  return delimiter === undefined ? [toColumn(column)] : [toColumn(column), lit(delimiter)];
}
