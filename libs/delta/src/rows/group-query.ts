import type { Snapshot } from '../snapshot/snapshot';
import { sourceOf } from './page-query';
import type { PageQuery } from './page-query';

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
export function countByQuery(snapshot: Snapshot, locations: readonly string[], column: string): PageQuery {
  const source = sourceOf(snapshot, locations, column);
  return {
    sql: `SELECT CAST(${source.column} AS VARCHAR) AS value, count(*) FROM (${source.sql}) GROUP BY 1 ORDER BY 2 DESC, 1`,
    lists: source.lists,
  };
}
