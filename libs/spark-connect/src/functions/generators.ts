// Mirrors org.apache.spark.sql.functions: generator functions.
import { call, type ColumnOrName } from './call';
import type { Column } from './column';
import { lit } from './core';

/** A row for each element of an array (`col`) or entry of a map (`key`, `value`); at most one generator in a `select`. */
export function explode(column: ColumnOrName): Column {
  return call('explode', column);
}

/** As `explode`, keeping rows whose array or map is empty or NULL. */
export function explode_outer(column: ColumnOrName): Column {
  return call('explode_outer', column);
}

/** As `explode`, with the place of the element (`pos`, from 0) before it. */
export function posexplode(column: ColumnOrName): Column {
  return call('posexplode', column);
}

/** As `posexplode`, keeping rows whose array or map is empty or NULL. */
export function posexplode_outer(column: ColumnOrName): Column {
  return call('posexplode_outer', column);
}

/** A row for each struct of an array, its fields as columns. */
export function inline(column: ColumnOrName): Column {
  return call('inline', column);
}

/** As `inline`, keeping rows whose array is empty or NULL. */
export function inline_outer(column: ColumnOrName): Column {
  return call('inline_outer', column);
}

/** The values spread over as many rows as the first argument says (a constant), as columns `col0`, `col1`, ... */
export function stack(rows: Column | number, ...values: readonly ColumnOrName[]): Column {
  return call('stack', lit(rows), ...values);
}
