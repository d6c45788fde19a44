import type { SortKey } from '@millrace/domain';
import type { TextList } from '../engine/duckdb-engine';
import type { Snapshot } from '../snapshot/snapshot';
import { jsonObject } from './json-expression';
import { columnName, requireColumn } from './row-source';
import type { RowSource } from './row-source';

/** Which rows of a snapshot, and which of their columns. */
export interface PageRequest {
  /** Absent: every column. The rows show them in the order of the schema in any case. */
  readonly columns?: readonly string[];
  /** Rows that are equal in all of it follow the order of their files, so that pages never overlap. */
  readonly order: readonly SortKey[];
  readonly limit: number;
  readonly offset: number;
}

/** SQL, and what `$1`, `$2`, … in it stand for. */
export interface RowQuery {
  readonly sql: string;
  readonly lists: readonly TextList[];
}

/** A row by its file's place in the snapshot and its own in the file. */
export interface RowPlace {
  readonly file: number;
  readonly row: number;
}

/** @throws UnknownDeltaColumn, RangeError when there cannot be so many rows. */
export function checkRequest(snapshot: Snapshot, { columns = [], order, limit, offset }: PageRequest): void {
  for (const name of [...columns, ...order.map(({ column }) => column)]) requireColumn(snapshot, name);
  for (const rows of [limit, offset]) {
    if (!Number.isSafeInteger(rows) || rows < 0)
      throw new RangeError(`Not a number of rows: ${String(rows)}`);
  }
}

/**
 * Where the rows of a page are, in their order: a row with `file` and `row` for each. Reads the columns of the order alone, so
 * that not rows are sorted but keys.
 *
 * @throws UnknownDeltaColumn
 */
export function placesQuery(
  snapshot: Snapshot,
  source: RowSource,
  { order, limit, offset }: Omit<PageRequest, 'columns'>,
): RowQuery {
  const keys = order.map(({ column, direction }) => {
    const name = columnName(requireColumn(snapshot, column).index);
    // Nulls where Spark puts them: first when ascending, last when descending.
    return direction === 'asc' ? `${name} ASC NULLS FIRST` : `${name} DESC NULLS LAST`;
  });
  const by = [...keys, 'file', 'row'].join(', ');
  return {
    sql: `SELECT file, row FROM (${source.sql}) ORDER BY ${by} LIMIT ${limit} OFFSET ${offset}`,
    lists: source.lists,
  };
}

/**
 * The JSON objects of rows, each with its `file` and `row`. Sorted, though not as they are wanted: only for an order does the engine
 * read several ranges at once.
 *
 * @param source of the rows, with at least these columns.
 * @param wanted places of the rows, where the source has others too.
 */
export function rowsQuery(
  snapshot: Snapshot,
  source: RowSource,
  columns: readonly string[],
  wanted: readonly RowPlace[] | undefined,
): RowQuery {
  const shown = columns
    .map((name) => requireColumn(snapshot, name))
    .map(({ field, index }) => ({ field, expression: `source.${columnName(index)}` }));
  const sql = `SELECT source.file, source.row, ${jsonObject(shown)} FROM (${source.sql}) AS source`;
  const order = 'ORDER BY source.file, source.row';
  if (wanted === undefined) return { sql: `${sql} ${order}`, lists: source.lists };
  const [files, rows] = [source.lists.length + 1, source.lists.length + 2];
  const places = `SELECT unnest($${files}::BIGINT[]) AS file, unnest($${rows}::BIGINT[]) AS row`;
  return {
    sql: `${sql} JOIN (${places}) AS page ON source.file = page.file AND source.row = page.row ${order}`,
    lists: [...source.lists, wanted.map(({ file }) => String(file)), wanted.map(({ row }) => String(row))],
  };
}

/** The columns to show: those asked for, each once, in the order of the schema. */
export function shownColumns({ schema }: Snapshot, names: PageRequest['columns']): string[] {
  const all = schema.map(({ name }) => name);
  return names === undefined ? all : all.filter((name) => names.includes(name));
}
