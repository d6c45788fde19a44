// Mirrors org.apache.spark.sql.functions: conditional and predicate functions.
import { call, type ColumnOrName } from './call';
import type { Column } from './column';

/** NOT; NULL stays NULL. */
export function not(condition: ColumnOrName): Column {
  return call('not', condition);
}

/** Whether the value is NULL; never NULL itself. */
export function isnull(column: ColumnOrName): Column {
  return call('isNull', column);
}

/** Whether the value is not NULL. */
export function isnotnull(column: ColumnOrName): Column {
  return call('isnotnull', column);
}

/** Whether a number is NaN; false for NULL. */
export function isnan(column: ColumnOrName): Column {
  return call('isNaN', column);
}

/** The first value that is not NULL. */
export function coalesce(...columns: readonly ColumnOrName[]): Column {
  return call('coalesce', ...columns);
}

/** `replacement` where the column is NULL. */
export function ifnull(column: ColumnOrName, replacement: ColumnOrName): Column {
  return call('ifnull', column, replacement);
}

/** `replacement` where the column is NULL. */
export function nvl(column: ColumnOrName, replacement: ColumnOrName): Column {
  return call('nvl', column, replacement);
}

/** `notNull` where the column is not NULL, `isNull` where it is. */
export function nvl2(column: ColumnOrName, notNull: ColumnOrName, isNull: ColumnOrName): Column {
  return call('nvl2', column, notNull, isNull);
}

/** `replacement` where a DOUBLE or FLOAT column is NaN. */
export function nanvl(column: ColumnOrName, replacement: ColumnOrName): Column {
  return call('nanvl', column, replacement);
}

/** NULL where both are equal, else the first. */
export function nullif(column: ColumnOrName, other: ColumnOrName): Column {
  return call('nullif', column, other);
}

/** NULL where the number is 0. */
export function nullifzero(column: ColumnOrName): Column {
  return call('nullifzero', column);
}

/** 0 where the number is NULL. */
export function zeroifnull(column: ColumnOrName): Column {
  return call('zeroifnull', column);
}

/** Equality in which NULL equals NULL, as `<=>`; never NULL. */
export function equal_null(column: ColumnOrName, other: ColumnOrName): Column {
  return call('equal_null', column, other);
}

/** The greatest of at least two columns in a row, NULLs left out; NaN is greater than any number. */
export function greatest(...columns: readonly [ColumnOrName, ColumnOrName, ...ColumnOrName[]]): Column {
  return call('greatest', ...columns);
}

/** The least of at least two columns in a row, NULLs left out. */
export function least(...columns: readonly [ColumnOrName, ColumnOrName, ...ColumnOrName[]]): Column {
  return call('least', ...columns);
}
