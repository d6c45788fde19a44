// Mirrors org.apache.spark.sql.functions: map functions.
import { call, callWith, type ColumnOrName } from './call';
import type { Column, ColumnOrLiteral } from './column';

/** A map of keys and values in turn; NULL or the same key twice is an error. */
export function map(...keysAndValues: readonly ColumnOrName[]): Column {
  return call('map', ...keysAndValues);
}

/** As `map`, under PySpark's name. */
export function create_map(...keysAndValues: readonly ColumnOrName[]): Column {
  return map(...keysAndValues);
}

/** A map of an array of keys and one of as many values. */
export function map_from_arrays(keys: ColumnOrName, values: ColumnOrName): Column {
  return call('map_from_arrays', keys, values);
}

/** A map of an array of structs of two fields. */
export function map_from_entries(entries: ColumnOrName): Column {
  return call('map_from_entries', entries);
}

/** An array of the entries, structs `key` and `value`. */
export function map_entries(map: ColumnOrName): Column {
  return call('map_entries', map);
}

/** The keys, in no certain order. */
export function map_keys(map: ColumnOrName): Column {
  return call('map_keys', map);
}

/** The values, in no certain order. */
export function map_values(map: ColumnOrName): Column {
  return call('map_values', map);
}

/** Whether the map has the key. */
export function map_contains_key(map: ColumnOrName, key: ColumnOrLiteral): Column {
  return callWith('map_contains_key', [map], [key]);
}

/** One map of several; the same key twice is an error. */
export function map_concat(...maps: readonly ColumnOrName[]): Column {
  return call('map_concat', ...maps);
}

/** A map of a text such as `a:1,b:2`. The delimiters are regular expressions, `,` and `:` by default. */
export function str_to_map(
  text: ColumnOrName,
  pairDelimiter?: Column | string,
  keyValueDelimiter?: Column | string,
): Column {
  const pair = pairDelimiter ?? (keyValueDelimiter === undefined ? undefined : ',');
  return callWith('str_to_map', [text], [pair, keyValueDelimiter]);
}
