// Mirrors org.apache.spark.sql.functions: JSON functions.
import type { Options } from '../dataframe/option-value';
import type { DataType } from '../types/data-type';
import { toSql } from '../types/data-type-text';
import { call, callWith, toColumn, type ColumnOrName } from './call';
import { Column } from './column';
import { lit } from './core';
import { optionsArgument } from './options';

/**
 * A JSON text as a value. With the default mode PERMISSIVE a text that cannot be parsed gives NULL fields, with FAILFAST an error.
 * @param schema - a type, its DDL or JSON, or a column such as `schema_of_json`.
 */
export function from_json(
  column: ColumnOrName,
  schema: DataType | string | Column,
  options: Options = {},
): Column {
  const type = typeof schema === 'string' || schema instanceof Column ? schema : toSql(schema);
  return call('from_json', column, lit(type), ...optionsArgument(options));
}

/** A value at a path such as `'$.a.b[0]'`, as text; NULL where there is none or the text is no JSON. */
export function get_json_object(column: ColumnOrName, path: string): Column {
  return callWith('get_json_object', [column], [path]);
}

/** Elements of the outermost JSON array; NULL for any other text. */
export function json_array_length(column: ColumnOrName): Column {
  return call('json_array_length', column);
}

/** Keys of the outermost JSON object, as an array; NULL for any other text. */
export function json_object_keys(column: ColumnOrName): Column {
  return call('json_object_keys', column);
}

/** One column of text (`c0`, `c1`, ...) for each field of the outermost JSON object: a generator, so `select` it alone or by `as(...)`. */
export function json_tuple(column: ColumnOrName, ...fields: readonly [string, ...string[]]): Column {
  return call('json_tuple', toColumn(column), ...fields.map(lit));
}

/** The DDL of the schema of a JSON text, which must be a constant; a string is the JSON itself. */
export function schema_of_json(json: Column | string, options: Options = {}): Column {
  return call('schema_of_json', lit(json), ...optionsArgument(options));
}

/** A struct, map, array or variant as JSON text; NULL fields are left out (`ignoreNullFields`). */
export function to_json(column: ColumnOrName, options: Options = {}): Column {
  return call('to_json', column, ...optionsArgument(options));
}
