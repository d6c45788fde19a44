// Mirrors org.apache.spark.sql.functions: collection functions that take a function.
import { call, type ColumnOrName } from './call';
import type { Column } from './column';
import { higherOrderCall } from './lambda';

/**
 * An array of what `change` makes of each element; the index counts from 0.
 * @param change - gets the index where it declares two plain parameters: one with a default value, or a rest parameter, does not count
 * (`Function.length`), and is then left to its default or empty.
 */
export function transform(array: ColumnOrName, change: (element: Column, index: Column) => Column): Column {
  return higherOrderCall('transform', [array], [[change, change.length < 2 ? 1 : 2]]);
}

/**
 * The elements that `keep` is true for; the index counts from 0.
 * @param keep - gets the index where it declares two plain parameters: one with a default value, or a rest parameter, does not count
 * (`Function.length`), and is then left to its default or empty.
 */
export function filter(array: ColumnOrName, keep: (element: Column, index: Column) => Column): Column {
  return higherOrderCall('filter', [array], [[keep, keep.length < 2 ? 1 : 2]]);
}

/** Whether the condition is true for an element; NULL if it is for none and NULL for some. */
export function exists(array: ColumnOrName, condition: (element: Column) => Column): Column {
  return higherOrderCall('exists', [array], [[condition, 1]]);
}

/** Whether the condition is true for all elements; NULL if it is false for none and NULL for some. */
export function forall(array: ColumnOrName, condition: (element: Column) => Column): Column {
  return higherOrderCall('forall', [array], [[condition, 1]]);
}

/**
 * Folds an array from the left: `aggregate('prices', lit(0), (total, price) => total.plus(price))`.
 * @param initial - its type is that of the result: cast it where the elements have a wider one.
 * @param finish - makes the result of the last accumulator.
 */
export function aggregate(
  array: ColumnOrName,
  initial: ColumnOrName,
  merge: (accumulator: Column, element: Column) => Column,
  finish: (accumulator: Column) => Column = (accumulator) => accumulator,
): Column {
  return higherOrderCall(
    'aggregate',
    [array, initial],
    [
      [merge, 2],
      [finish, 1],
    ],
  );
}

/** As `aggregate`. */
export function reduce(
  array: ColumnOrName,
  initial: ColumnOrName,
  merge: (accumulator: Column, element: Column) => Column,
  finish: (accumulator: Column) => Column = (accumulator) => accumulator,
): Column {
  return higherOrderCall(
    'reduce',
    [array, initial],
    [
      [merge, 2],
      [finish, 1],
    ],
  );
}

/** An array of what `merge` makes of each pair; the shorter array is filled with NULL. */
export function zip_with(
  left: ColumnOrName,
  right: ColumnOrName,
  merge: (left: Column, right: Column) => Column,
): Column {
  return higherOrderCall('zip_with', [left, right], [[merge, 2]]);
}

/** The array sorted upwards, NULLs last; or by a comparator that is below 0, 0 or above 0 as the left comes before, with or after the right. */
export function array_sort(
  array: ColumnOrName,
  comparator?: (left: Column, right: Column) => Column,
): Column {
  if (comparator === undefined) return call('array_sort', array);
  return higherOrderCall('array_sort', [array], [[comparator, 2]]);
}

/** The entries of a map that `keep` is true for. */
export function map_filter(map: ColumnOrName, keep: (key: Column, value: Column) => Column): Column {
  return higherOrderCall('map_filter', [map], [[keep, 2]]);
}

/** A map of the keys of both, with what `merge` makes of their values; the value of a missing key is NULL. */
export function map_zip_with(
  left: ColumnOrName,
  right: ColumnOrName,
  merge: (key: Column, left: Column, right: Column) => Column,
): Column {
  return higherOrderCall('map_zip_with', [left, right], [[merge, 3]]);
}

/** The map with new keys; NULL or the same key twice is an error. */
export function transform_keys(map: ColumnOrName, change: (key: Column, value: Column) => Column): Column {
  return higherOrderCall('transform_keys', [map], [[change, 2]]);
}

/** The map with new values. */
export function transform_values(map: ColumnOrName, change: (key: Column, value: Column) => Column): Column {
  return higherOrderCall('transform_values', [map], [[change, 2]]);
}
