// Mirrors org.apache.spark.sql.functions: VARIANT functions.
import type { DataType } from '../types/data-type';
import { toSql } from '../types/data-type-text';
import { call, callWith, type ColumnOrName } from './call';
import type { Column } from './column';

/** A JSON text as VARIANT; an error for what is no JSON. */
export function parse_json(column: ColumnOrName): Column {
  return call('parse_json', column);
}

/** As {@link parse_json}, with NULL for what is no JSON. */
export function try_parse_json(column: ColumnOrName): Column {
  return call('try_parse_json', column);
}

/** A struct, map or array as VARIANT: structs and maps become objects. */
export function to_variant_object(column: ColumnOrName): Column {
  return call('to_variant_object', column);
}

/** Whether a VARIANT holds JSON's null, which is not SQL's NULL. */
export function is_variant_null(column: ColumnOrName): Column {
  return call('is_variant_null', column);
}

/**
 * The value at a path such as `'$.a[0]'` (a string is the path itself) of a VARIANT; NULL where there is none, an error where it cannot
 * be cast.
 * @param type - a type or its DDL.
 */
export function variant_get(column: ColumnOrName, path: Column | string, type: DataType | string): Column {
  return callWith('variant_get', [column], [path, typeText(type)]);
}

/** As {@link variant_get}, with NULL where the value cannot be cast. */
export function try_variant_get(
  column: ColumnOrName,
  path: Column | string,
  type: DataType | string,
): Column {
  return callWith('try_variant_get', [column], [path, typeText(type)]);
}

/** The DDL of what a VARIANT holds. */
export function schema_of_variant(column: ColumnOrName): Column {
  return call('schema_of_variant', column);
}

function typeText(type: DataType | string): string {
  return typeof type === 'string' ? type : toSql(type);
}
