// Mirrors org.apache.spark.sql.functions: window functions.
import { call, callWith, type ColumnOrName } from './call';
import type { Column, ColumnOrLiteral } from './column';

/** The number of the row within its partition, from 1. */
export function row_number(): Column {
  return call('row_number');
}

/** The rank from 1; rows that are equal in the order share it and leave a gap after them. */
export function rank(): Column {
  return call('rank');
}

/** As `rank`, without gaps. */
export function dense_rank(): Column {
  return call('dense_rank');
}

/** The rank as a share of the other rows, from 0 to 1. */
export function percent_rank(): Column {
  return call('percent_rank');
}

/** The share of the rows that come before this one or are equal to it, above 0 up to 1. */
export function cume_dist(): Column {
  return call('cume_dist');
}

/** Which of `buckets` equal parts the row falls into, from 1. */
export function ntile(buckets: number): Column {
  return callWith('ntile', [], [buckets]);
}

/**
 * The value `offset` rows before.
 * @param defaultValue - where there is no such row; NULL by default.
 * @param ignoreNulls - count only rows where the column is not NULL.
 */
export function lag(
  column: ColumnOrName,
  offset = 1,
  defaultValue?: ColumnOrLiteral,
  ignoreNulls?: boolean,
): Column {
  return callWith('lag', [column], [offset, ...fallback(defaultValue, ignoreNulls)]);
}

/** The value `offset` rows after; else as `lag`. */
export function lead(
  column: ColumnOrName,
  offset = 1,
  defaultValue?: ColumnOrLiteral,
  ignoreNulls?: boolean,
): Column {
  return callWith('lead', [column], [offset, ...fallback(defaultValue, ignoreNulls)]);
}

/** The value of row `offset` of the frame, from 1; NULL if the frame is shorter. @param ignoreNulls - as in `lag`. */
export function nth_value(column: ColumnOrName, offset: number, ignoreNulls?: boolean): Column {
  return callWith('nth_value', [column], [offset, ignoreNulls]);
}

function fallback(
  defaultValue: ColumnOrLiteral | undefined,
  ignoreNulls: boolean | undefined,
): readonly (ColumnOrLiteral | undefined)[] {
  return ignoreNulls === undefined ? [defaultValue] : [defaultValue ?? null, ignoreNulls];
}
