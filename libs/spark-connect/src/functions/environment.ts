// Mirrors org.apache.spark.sql.functions: misc functions.
import { call, internalCall, type ColumnOrName } from './call';
import type { Column } from './column';

/** NULL where the condition is true, else an error (`USER_RAISED_EXCEPTION`), with a message if one is given. */
export function assert_true(condition: ColumnOrName, message?: ColumnOrName): Column {
  return message === undefined ? call('assert_true', condition) : call('assert_true', condition, message);
}

/** Fails the query with a message (`USER_RAISED_EXCEPTION`) where it is evaluated. */
export function raise_error(message: ColumnOrName): Column {
  return call('raise_error', message);
}

/** The session's catalog. */
export function current_catalog(): Column {
  return call('current_catalog');
}

/** The session's schema. */
export function current_database(): Column {
  return call('current_database');
}

/** The session's schema. */
export function current_schema(): Column {
  return call('current_schema');
}

/** The user who runs the query: over Connect the one the server runs as. */
export function current_user(): Column {
  return call('current_user');
}

/** As {@link current_user}. */
export function session_user(): Column {
  return call('session_user');
}

/** As {@link current_user}. */
export function user(): Column {
  return call('user');
}

/** Bytes of the part of a file a row was read from; -1 if there is none. */
export function input_file_block_length(): Column {
  return call('input_file_block_length');
}

/** Where in its file, in bytes, the part a row was read from starts; -1 if there is none. */
export function input_file_block_start(): Column {
  return call('input_file_block_start');
}

/** The file a row was read from; empty if there is none. */
export function input_file_name(): Column {
  return call('input_file_name');
}

/** The number of the partition a row is in, from 0: it depends on the plan. */
export function spark_partition_id(): Column {
  return call('spark_partition_id');
}

/** A BIGINT that is unique and increasing within a partition, not consecutive, and another one when the plan changes. */
export function monotonically_increasing_id(): Column {
  return call('monotonically_increasing_id');
}

/** The server's Spark version and revision, as text. */
export function version(): Column {
  return call('version');
}

/** The DDL of a value's type. */
function typeOf(column: ColumnOrName): Column {
  return call('typeof', column);
}
// A word of JavaScript's own: `import * as F` and `F.typeof`, or `import { typeof as typeOf }`.
export { typeOf as typeof };

/** The column in the type a user-defined type is stored in. */
export function unwrap_udt(column: ColumnOrName): Column {
  return internalCall('unwrap_udt', column);
}

/** Calls a static method of a class of the server: `reflect(lit('java.util.UUID'), lit('fromString'), 'id')`. Its result is text. */
export function reflect(
  className: ColumnOrName,
  method: ColumnOrName,
  ...args: readonly ColumnOrName[]
): Column {
  return call('reflect', className, method, ...args);
}

/** As {@link reflect}. */
export function java_method(
  className: ColumnOrName,
  method: ColumnOrName,
  ...args: readonly ColumnOrName[]
): Column {
  return call('java_method', className, method, ...args);
}

/** As {@link reflect}, with NULL where the method throws. */
export function try_reflect(
  className: ColumnOrName,
  method: ColumnOrName,
  ...args: readonly ColumnOrName[]
): Column {
  return call('try_reflect', className, method, ...args);
}
