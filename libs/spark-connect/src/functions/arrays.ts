// Mirrors org.apache.spark.sql.functions: array functions.
import { numeric, type ColumnOrNumber } from './arguments';
import { call, callWith, type ColumnOrName } from './call';
import type { Column, ColumnOrLiteral } from './column';
import { lit } from './core';
import { randomLongSeed } from './random-seed';

/** An array of the columns' values, which need a common type. */
export function array(...columns: readonly ColumnOrName[]): Column {
  return call('array', ...columns);
}

/** The number of elements; NULL for NULL. */
export function array_size(array: ColumnOrName): Column {
  return call('array_size', array);
}

/** Whether the array has the value; NULL if it has not but has a NULL. */
export function array_contains(array: ColumnOrName, value: ColumnOrLiteral): Column {
  return callWith('array_contains', [array], [value]);
}

/** The place of the first such element, from 1; 0 if there is none. */
export function array_position(array: ColumnOrName, value: ColumnOrLiteral): Column {
  return callWith('array_position', [array], [value]);
}

/** The array with the value behind its end. */
export function array_append(array: ColumnOrName, value: ColumnOrLiteral): Column {
  return callWith('array_append', [array], [value]);
}

/** The array with the value before its start. */
export function array_prepend(array: ColumnOrName, value: ColumnOrLiteral): Column {
  return callWith('array_prepend', [array], [value]);
}

/** The array with the value at a place counted from 1, or from the end if negative; NULLs fill a gap. */
export function array_insert(array: ColumnOrName, position: ColumnOrNumber, value: ColumnOrLiteral): Column {
  return callWith('array_insert', [array], [numeric(position), value]);
}

/** The array without the elements equal to the value. */
export function array_remove(array: ColumnOrName, value: ColumnOrLiteral): Column {
  return callWith('array_remove', [array], [value]);
}

/** The array without NULLs. */
export function array_compact(array: ColumnOrName): Column {
  return call('array_compact', array);
}

/** The array with each value once, in the order of their first places. */
export function array_distinct(array: ColumnOrName): Column {
  return call('array_distinct', array);
}

/** The values of both arrays without duplicates. */
export function array_intersect(left: ColumnOrName, right: ColumnOrName): Column {
  return call('array_intersect', left, right);
}

/** The values of either array without duplicates. */
export function array_union(left: ColumnOrName, right: ColumnOrName): Column {
  return call('array_union', left, right);
}

/** The values of the first array that the second does not have, without duplicates. */
export function array_except(left: ColumnOrName, right: ColumnOrName): Column {
  return call('array_except', left, right);
}

/** Whether the arrays share a value; NULL if they do not and one has a NULL. */
export function arrays_overlap(left: ColumnOrName, right: ColumnOrName): Column {
  return call('arrays_overlap', left, right);
}

/** An array of structs of the first, second, ... elements, named as the columns; shorter arrays are filled with NULL. */
export function arrays_zip(...arrays: readonly ColumnOrName[]): Column {
  return call('arrays_zip', ...arrays);
}

/** The elements joined to a text. @param nullReplacement - stands for a NULL, which is left out otherwise. */
export function array_join(array: ColumnOrName, delimiter: string, nullReplacement?: string): Column {
  return callWith('array_join', [array], [delimiter, nullReplacement]);
}

/** The greatest element, NULLs left out. */
export function array_max(array: ColumnOrName): Column {
  return call('array_max', array);
}

/** The least element, NULLs left out. */
export function array_min(array: ColumnOrName): Column {
  return call('array_min', array);
}

/** An array of the value `times` times. */
export function array_repeat(value: ColumnOrName, times: ColumnOrNumber): Column {
  return call('array_repeat', value, numeric(times));
}

/** The array sorted; NULLs come first, or last if not `ascending`. */
export function sort_array(array: ColumnOrName, ascending = true): Column {
  return callWith('sort_array', [array], [ascending]);
}

/** `length` elements from `start`, which counts from 1, or from the end if negative; 0 is an error. */
export function slice(array: ColumnOrName, start: ColumnOrNumber, length: ColumnOrNumber): Column {
  return call('slice', array, numeric(start), numeric(length));
}

/** The elements in random order. @param seed - a random one by default. */
export function shuffle(array: ColumnOrName, seed: Column | number | bigint = randomLongSeed()): Column {
  return call('shuffle', array, lit(seed));
}

/** One array of an array of arrays (one level); NULL if one of them is NULL. */
export function flatten(arrays: ColumnOrName): Column {
  return call('flatten', arrays);
}

/** The values from `start` to `stop`, both included. @param step - 1 or -1 by default, for dates and times a day; an interval for these. */
export function sequence(start: ColumnOrName, stop: ColumnOrName, step?: ColumnOrName): Column {
  return step === undefined ? call('sequence', start, stop) : call('sequence', start, stop, step);
}
