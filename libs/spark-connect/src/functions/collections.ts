import type { LiteralValue } from '../plan/literal';
import type { DataType } from '../types/data-type';
import { toJson as typeToJson } from '../types/data-type-text';
import type { Column } from './column';
import { callFunction, callWith, lit, type ColumnOrName } from './core';

/** Elements of an array or map; NULL for NULL. */
export function size(column: ColumnOrName): Column {
  return callFunction('size', column);
}

export function array(...columns: readonly ColumnOrName[]): Column {
  return callFunction('array', ...columns);
}

export function struct(...columns: readonly ColumnOrName[]): Column {
  return callFunction('struct', ...columns);
}

/** Keys and values in turn. */
export function createMap(...keysAndValues: readonly ColumnOrName[]): Column {
  return callFunction('map', ...keysAndValues);
}

/** Element of an array (from 1, negative from the end) or value of a map's key. */
export function elementAt(column: ColumnOrName, key: LiteralValue): Column {
  return callWith('element_at', [column], [key]);
}

export function arrayContains(column: ColumnOrName, value: LiteralValue): Column {
  return callWith('array_contains', [column], [value]);
}

export function arrayDistinct(column: ColumnOrName): Column {
  return callFunction('array_distinct', column);
}

export function sortArray(column: ColumnOrName, ascending = true): Column {
  return callWith('sort_array', [column], [ascending]);
}

/** One row for each element. */
export function explode(column: ColumnOrName): Column {
  return callFunction('explode', column);
}

/** As `explode`, keeping rows whose array is empty or NULL. */
export function explodeOuter(column: ColumnOrName): Column {
  return callFunction('explode_outer', column);
}

/**
 * Parses a JSON text. With the default mode PERMISSIVE a text that cannot be parsed gives NULL fields.
 * @param schema - a type, its DDL, or a column with a schema literal.
 */
export function fromJson(
  column: ColumnOrName,
  schema: DataType | string | Column,
  options: Readonly<Record<string, string>> = {},
): Column {
  return callFunction('from_json', column, schemaColumn(schema), ...optionsMap(options));
}

export function toJson(column: ColumnOrName, options: Readonly<Record<string, string>> = {}): Column {
  return callFunction('to_json', column, ...optionsMap(options));
}

export function getJsonObject(column: ColumnOrName, path: string): Column {
  return callWith('get_json_object', [column], [path]);
}

function schemaColumn(schema: DataType | string | Column): Column {
  if (typeof schema === 'string') return lit(schema);
  return 'kind' in schema ? lit(typeToJson(schema)) : schema;
}

function optionsMap(options: Readonly<Record<string, string>>): Column[] {
  const entries = Object.entries(options);
  return entries.length === 0
    ? []
    : [createMap(...entries.flatMap(([key, value]) => [lit(key), lit(value)]))];
}
