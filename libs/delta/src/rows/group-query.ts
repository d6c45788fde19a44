import type { Snapshot } from '../snapshot/snapshot';
import type { RowQuery } from './page-query';
import { allRows, columnName, requireColumn } from './row-source';

/** Rows that have one value of a column; null for those without. */
export interface ValueCount {
  readonly value: string | null;
  readonly rows: number;
}

/**
 * SQL that counts the rows by the values of a column, most first, equal counts by value.
 *
 * @param locations of `snapshot.files`, in that order; at least one.
 * @throws UnknownDeltaColumn
 */
export function countByQuery(snapshot: Snapshot, locations: readonly string[], column: string): RowQuery {
  const { sql, lists } = allRows(snapshot, [column], locations);
  const name = columnName(requireColumn(snapshot, column).index);
  return {
    sql: `SELECT CAST(${name} AS VARCHAR) AS value, count(*) FROM (${sql}) GROUP BY 1 ORDER BY 2 DESC, 1`,
    lists,
  };
}
