import type { DuckDbEngine } from '../engine/duckdb-engine';
import { changesQuery, comparisonQuery } from './compare-query';
import type { ComparedTable, RowChange } from './compare-query';

/** Which rows of a comparison. */
export interface ComparisonRequest {
  /** Columns that tell the rows of a table apart, in both tables. */
  readonly keys: readonly string[];
  readonly limit: number;
  readonly offset: number;
}

/** A page of the comparison of two tables. */
export interface Comparison {
  /** Rows of each change, in all. */
  readonly changes: Readonly<Record<RowChange, number>>;
  /** JSON objects: see `comparisonQuery`. */
  readonly rows: readonly string[];
}

/** @throws UnknownDeltaColumn */
export async function compareRows(
  engine: DuckDbEngine,
  before: ComparedTable,
  after: ComparedTable,
  { keys, limit, offset }: ComparisonRequest,
): Promise<Comparison> {
  const counts = changesQuery(before, after, keys);
  const counted = await engine.query(counts.sql, counts.lists);
  const rowsOf = (change: RowChange) => Number(counted.find(([name]) => name === change)?.[1] ?? 0);
  const page = comparisonQuery(before, after, keys, { limit, offset });
  const rows = await engine.query(page.sql, page.lists);
  return {
    changes: {
      same: rowsOf('same'),
      changed: rowsOf('changed'),
      new: rowsOf('new'),
      vanished: rowsOf('vanished'),
    },
    rows: rows.map(([object]) => String(object)),
  };
}
