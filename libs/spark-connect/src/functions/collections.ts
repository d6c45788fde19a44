// Mirrors org.apache.spark.sql.functions: collection and struct functions.
import { numeric, type ColumnOrNumber } from './arguments';
import type { Column, ColumnOrLiteral } from './column';
import { call, callWith, type ColumnOrName } from './call';

/** Elements of an array or entries of a map; NULL for NULL under ANSI mode, else -1. */
export function size(column: ColumnOrName): Column {
  return call('size', column);
}

/** As `size`. */
export function cardinality(column: ColumnOrName): Column {
  return call('cardinality', column);
}

/** A struct of the columns, its fields named as they are. */
export function struct(...columns: readonly ColumnOrName[]): Column {
  return call('struct', ...columns);
}

/** A struct of names and values in turn; the names are constants: `named_struct(lit('x'), 'a')`. */
export function named_struct(...namesAndValues: readonly ColumnOrName[]): Column {
  return call('named_struct', ...namesAndValues);
}

/** Element of an array (from 1, negative from the end; outside of it an error under ANSI mode) or value of a map's key (NULL if there is none). */
export function element_at(column: ColumnOrName, key: ColumnOrLiteral): Column {
  return callWith('element_at', [column], [key]);
}

/** As `element_at`, with NULL outside of the array. */
export function try_element_at(column: ColumnOrName, key: ColumnOrNumber): Column {
  return call('try_element_at', column, numeric(key));
}

/** Element of an array, from 0; NULL outside of it. */
export function get(array: ColumnOrName, index: ColumnOrNumber): Column {
  return call('get', array, numeric(index));
}
