import type { Column } from './column';
import { callFunction, callWith, type ColumnOrName } from './core';

export function rowNumber(): Column {
  return callFunction('row_number');
}

export function rank(): Column {
  return callFunction('rank');
}

export function denseRank(): Column {
  return callFunction('dense_rank');
}

/** Which of `buckets` equal parts the row falls into, from 1. */
export function ntile(buckets: number): Column {
  return callWith('ntile', [], [buckets]);
}

/** The value `offset` rows before. */
export function lag(column: ColumnOrName, offset = 1): Column {
  return callWith('lag', [column], [offset]);
}

/** The value `offset` rows after. */
export function lead(column: ColumnOrName, offset = 1): Column {
  return callWith('lead', [column], [offset]);
}
