import type { SortKey } from '@millrace/domain';
import { UnknownDeltaColumn } from '../error/delta-error';
import type { Snapshot } from '../snapshot/snapshot';
import type { DeltaField } from '../snapshot/table-schema';
import type { TextList } from '../engine/duckdb-engine';
import { duckDbType } from './duckdb-type';
import { jsonObject } from './json-expression';
import { literal } from '../engine/sql-text';

/** Which rows of a snapshot, and which of their columns. */
export interface PageRequest {
  /** Absent: every column. The rows show them in the order of the schema in any case. */
  readonly columns?: readonly string[];
  /** Rows that are equal in all of it follow the order of their files, so that pages never overlap. */
  readonly order: readonly SortKey[];
  readonly limit: number;
  readonly offset: number;
}

export interface PageQuery {
  readonly sql: string;
  readonly lists: readonly TextList[];
}

/**
 * SQL of one page: one row with the JSON array and the number of rows in it.
 *
 * Columns are called `c0`, `c1`, … inside, so no name of a table meets a name of the engine (`file_index`). The page is
 * chosen by the sort columns alone and only its own rows are then read in full: a deep page sorts keys, not rows.
 *
 * @param locations of `snapshot.files`, in that order; at least one.
 * @throws UnknownDeltaColumn
 */
export function pageQuery(snapshot: Snapshot, locations: readonly string[], request: PageRequest): PageQuery {
  const shown = chosenFields(snapshot, request.columns);
  const order = sortColumns(snapshot, request.order);
  const sql = `
WITH source AS NOT MATERIALIZED (${sourceSql(snapshot)}),
page AS MATERIALIZED (
  SELECT ${order.map((key) => `${key.column} AS ${key.name}, `).join('')}file, row FROM source
  ORDER BY ${orderSql(order)} LIMIT ${wholeNumber(request.limit)} OFFSET ${wholeNumber(request.offset)}
)
SELECT '[' || coalesce(string_agg(json, ',' ORDER BY ${orderSql(order)}), '') || ']', count(*)
FROM (
  SELECT page.*, ${jsonObject(shown.map(({ field, index }) => ({ field, expression: `source.${columnName(index)}` })))} AS json
  FROM source JOIN page ON source.file = page.file AND source.row = page.row
)`;
  return { sql, lists: listsOf(snapshot, locations) };
}

/** All rows of the snapshot as SQL, and what a column is called in it. */
export function sourceOf(
  snapshot: Snapshot,
  locations: readonly string[],
  column: string,
): PageQuery & { readonly column: string } {
  return {
    sql: sourceSql(snapshot),
    lists: listsOf(snapshot, locations),
    column: columnName(requireColumn(snapshot, column)),
  };
}

/** What the parameters of {@link sourceSql} stand for. */
function listsOf(snapshot: Snapshot, locations: readonly string[]): readonly TextList[] {
  return [locations, ...snapshot.partitionColumns.map((column) => partitionValues(snapshot, column))];
}

/** Every row of the snapshot with its columns, its file and its place in the file. */
function sourceSql(snapshot: Snapshot): string {
  const columns = snapshot.schema.map((field, index) => {
    const partition = snapshot.partitionColumns.indexOf(field.name);
    if (partition < 0) return columnName(index);
    // The log holds the value of a partition column; the file has no such column and the folder's name is only a name.
    return `CAST(list_extract($${String(partition + 2)}, CAST(file_index + 1 AS BIGINT)) AS ${duckDbType(field.type)}) AS ${columnName(index)}`;
  });
  return `SELECT ${columns.join(', ')}, file_index AS file, file_row_number AS row FROM ${readParquet(snapshot)}`;
}

/** `$1` is the list of files. Columns are found by name; one that a file does not have yet is null in its rows. */
function readParquet(snapshot: Snapshot): string {
  const columns = snapshot.schema.flatMap((field, index) =>
    snapshot.partitionColumns.includes(field.name)
      ? []
      : [
          `${literal(field.name)}: {name: '${columnName(index)}', type: ${literal(duckDbType(field.type))}, default_value: NULL}`,
        ],
  );
  const schema = columns.length === 0 ? '' : `, schema = MAP {${columns.join(', ')}}`;
  return `read_parquet($1${schema}, hive_partitioning = false)`;
}

function partitionValues(snapshot: Snapshot, column: string): TextList {
  return snapshot.files.map((file) => file.partitionValues[column] ?? null);
}

interface ChosenField {
  readonly field: DeltaField;
  readonly index: number;
}

function chosenFields(snapshot: Snapshot, names: readonly string[] | undefined): readonly ChosenField[] {
  const all = snapshot.schema.map((field, index) => ({ field, index }));
  if (names === undefined) return all;
  const wanted = new Set(names.map((name) => requireColumn(snapshot, name)));
  return all.filter(({ index }) => wanted.has(index));
}

interface SortColumn {
  readonly column: string;
  /** In the page, where the column itself would be ambiguous. */
  readonly name: string;
  readonly direction: SortKey['direction'];
}

function sortColumns(snapshot: Snapshot, order: readonly SortKey[]): readonly SortColumn[] {
  return order.map(({ column, direction }, index) => ({
    column: columnName(requireColumn(snapshot, column)),
    name: `k${String(index)}`,
    direction,
  }));
}

/** Nulls where Spark puts them: first when ascending, last when descending. */
function orderSql(order: readonly SortColumn[]): string {
  const keys = order.map(({ name, direction }) =>
    direction === 'asc' ? `${name} ASC NULLS FIRST` : `${name} DESC NULLS LAST`,
  );
  return [...keys, 'file', 'row'].join(', ');
}

function requireColumn(snapshot: Snapshot, name: string): number {
  const index = snapshot.schema.findIndex((field) => field.name === name);
  if (index < 0) throw new UnknownDeltaColumn(snapshot.tablePath, name);
  return index;
}

const columnName = (index: number) => `c${String(index)}`;

function wholeNumber(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`Not a number of rows: ${String(value)}`);
  return String(value);
}
