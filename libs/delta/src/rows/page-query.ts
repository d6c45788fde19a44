import type { SortKey } from '@millrace/domain';
import type { TextList } from '../engine/duckdb-engine';
import { identifier } from '../engine/sql-text';
import type { Snapshot } from '../snapshot/snapshot';
import type { DeltaType } from '../snapshot/table-schema';
import { arrowColumns } from './arrow-expression';
import { csvLine } from './csv-expression';
import { jsonObject } from './json-expression';
import { filteredColumns, whereClause } from './row-filter';
import type { RowFilter } from './row-filter';
import { columnName, requireColumn } from './row-source';
import type { RowSource } from './row-source';
import type { TextFormat } from './row-text';

/** How each row is given: as its text, without the end of a line, or as the values of its columns, or as Arrow is made of. */
export type RowFormat = TextFormat | 'values' | 'arrow';

/** Which rows of a snapshot, and which of their columns. */
export interface PageRequest {
  /** Absent: every row. The page is one of the rows that fulfil all of them. */
  readonly filters?: readonly RowFilter[];
  /** Absent: every column. The rows show them in the order of the schema in any case. */
  readonly columns?: readonly string[];
  /** Rows that are equal in all of it follow the order of their files, so that pages never overlap. */
  readonly order: readonly SortKey[];
  readonly limit: number;
  readonly offset: number;
  /** That nobody waits for the rows any more. */
  readonly signal?: AbortSignal | undefined;
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
  /** Its value in the first column of an order, as it is stored, where that leads to the row. */
  readonly key?: bigint | undefined;
}

/** @throws UnknownDeltaColumn, RangeError when there cannot be so many rows. */
export function checkRequest(snapshot: Snapshot, request: PageRequest): void {
  const { columns = [], filters = [], order, limit, offset } = request;
  const named = [...columns, ...filteredColumns(filters), ...order.map(({ column }) => column)];
  for (const name of named) requireColumn(snapshot, name);
  for (const rows of [limit, offset]) {
    if (!Number.isSafeInteger(rows) || rows < 0)
      throw new RangeError(`Not a number of rows: ${String(rows)}`);
  }
}

/**
 * Where the rows of a page are, in their order: a row with `file` and `row` for each, and what else is asked for. Reads the columns of
 * the order alone, so that not rows are sorted but keys.
 *
 * @throws UnknownDeltaColumn
 */
export function placesQuery(
  snapshot: Snapshot,
  source: RowSource,
  { order, filters = [], limit, offset }: Omit<PageRequest, 'columns'>,
  others: readonly string[] = [],
): RowQuery {
  const where = whereClause(snapshot, filters, source.lists.length + 1);
  const by = sortedBy(snapshot, order);
  return {
    sql: `SELECT ${['file', 'row', ...others].join(', ')} FROM (${source.sql})${where.sql} ORDER BY ${by} LIMIT ${limit} OFFSET ${offset}`,
    lists: [...source.lists, ...where.lists],
  };
}

/** What rows have as their keys, in the order of one column; which of the rows with equal ones come first is not told. */
export function keysQuery(
  snapshot: Snapshot,
  { sql, lists }: RowSource,
  { order, limit, offset }: Pick<PageRequest, 'order' | 'limit' | 'offset'>,
  key: string,
): RowQuery {
  const by = columnsOf(snapshot, order).join(', ');
  return { sql: `SELECT ${key} FROM (${sql}) ORDER BY ${by} LIMIT ${limit} OFFSET ${offset}`, lists };
}

/** How many rows of a source fulfil conditions. @throws UnknownDeltaColumn */
export function countQuery(snapshot: Snapshot, source: RowSource, filters: readonly RowFilter[]): RowQuery {
  const where = whereClause(snapshot, filters, source.lists.length + 1);
  return {
    sql: `SELECT count(*) FROM (${source.sql})${where.sql}`,
    lists: [...source.lists, ...where.lists],
  };
}

/**
 * Every row of a request by itself, in its order, by one sort of them: for rows that are too many to look up in parts.
 *
 * @param source of all rows, with the columns that are shown, sorted by and filtered.
 * @throws UnknownDeltaColumn
 */
export function sortedRowsQuery(
  snapshot: Snapshot,
  source: RowSource,
  columns: readonly string[],
  { order, filters = [], limit, offset }: PageRequest,
  format: RowFormat,
): RowQuery {
  const where = whereClause(snapshot, filters, source.lists.length + 1);
  const by = sortedBy(snapshot, order, keptApart);
  // Values are sorted and not texts, which are several times as long.
  const sorted = `SELECT * FROM (${source.sql})${where.sql} ORDER BY ${by} LIMIT ${limit} OFFSET ${offset}`;
  return {
    sql: `SELECT ${rowIn(snapshot, columns, format)} FROM (${sorted}) AS source`,
    lists: [...source.lists, ...where.lists],
  };
}

/** Rows that are equal in all of it follow their places, so that the order is total. */
function sortedBy(
  snapshot: Snapshot,
  order: PageRequest['order'],
  keyOf: (name: string, type: DeltaType) => string = (name) => name,
  source = '',
): string {
  return [...columnsOf(snapshot, order, keyOf, source), `${source}file`, `${source}row`].join(', ');
}

function columnsOf(
  snapshot: Snapshot,
  order: PageRequest['order'],
  keyOf: (name: string, type: DeltaType) => string = (name) => name,
  source = '',
): string[] {
  return order.map(({ column, direction }) => {
    const { index, field } = requireColumn(snapshot, column);
    const key = keyOf(`${source}${columnName(index)}`, field.type);
    // Nulls where Spark puts them: first when ascending, last when descending.
    return direction === 'asc' ? `${key} ASC NULLS FIRST` : `${key} DESC NULLS LAST`;
  });
}

/** A key that is shown too would come out of the sort with 0 in place of -0, which are equal in it. */
function keptApart(name: string, type: DeltaType): string {
  const isFloat = type.kind === 'primitive' && (type.name === 'float' || type.name === 'double');
  return isFloat ? `${name} + 0` : name;
}

function rowIn(snapshot: Snapshot, columns: readonly string[], format: RowFormat): string {
  const shown = columns
    .map((name) => requireColumn(snapshot, name))
    .map(({ field, index }) => ({ field, expression: `source.${columnName(index)}` }));
  switch (format) {
    case 'json':
    case 'ndjson':
      return jsonObject(shown);
    case 'csv':
      return csvLine(shown);
    case 'values':
      return shown.map(({ field, expression }) => `${expression} AS ${identifier(field.name)}`).join(', ');
    case 'arrow':
      return arrowColumns(shown);
  }
}

/**
 * Each row of a source, in an order.
 *
 * @param source of the rows, with at least the columns that are shown or ordered by.
 */
export function rowsQuery(
  snapshot: Snapshot,
  { sql, lists }: RowSource,
  columns: readonly string[],
  order: PageRequest['order'],
  format: RowFormat,
): RowQuery {
  const by = sortedBy(snapshot, order, keptApart, 'source.');
  return { sql: `SELECT ${rowIn(snapshot, columns, format)} FROM (${sql}) AS source ORDER BY ${by}`, lists };
}

/** The rows of a source at some places. */
export function amongRows({ sql, lists }: RowSource, places: readonly RowPlace[]): RowSource {
  const [files, rows] = [lists.length + 1, lists.length + 2];
  const wanted = `SELECT unnest($${files}::BIGINT[]) AS file, unnest($${rows}::BIGINT[]) AS row`;
  return {
    sql: `SELECT source.* FROM (${sql}) AS source JOIN (${wanted}) AS page ON source.file = page.file AND source.row = page.row`,
    lists: [...lists, places.map(({ file }) => String(file)), places.map(({ row }) => String(row))],
  };
}

/** The columns to show: those asked for, each once, in the order of the schema. */
export function shownColumns({ schema }: Snapshot, names: PageRequest['columns']): string[] {
  const all = schema.map(({ name }) => name);
  return names === undefined ? all : all.filter((name) => names.includes(name));
}
