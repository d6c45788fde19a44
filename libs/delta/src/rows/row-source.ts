import type { TextList } from '../engine/duckdb-engine';
import { literal } from '../engine/sql-text';
import { UnknownDeltaColumn } from '../error/delta-error';
import type { Snapshot } from '../snapshot/snapshot';
import type { DeltaField, DeltaType } from '../snapshot/table-schema';
import { duckDbType } from './duckdb-type';
import type { RowRange } from './page-window';

/**
 * Rows of a snapshot as SQL, with the columns `c0`, `c1`, … in the order of the schema (so that no name of a table meets a name
 * of the engine), the `file` (its place in the snapshot) and the `row` in it; and what `$1`, `$2`, … in it stand for.
 */
export interface RowSource {
  readonly sql: string;
  readonly lists: readonly TextList[];
}

/**
 * Every row, by one scan of all files.
 *
 * @param names of the columns that are needed.
 * @param locations of the files of the snapshot, at least one.
 * @param firstParameter number of the first parameter that is free.
 */
export function allRows(
  snapshot: Snapshot,
  names: readonly string[],
  locations: readonly string[],
  firstParameter = 1,
): RowSource {
  const wanted = wantedColumns(snapshot, names);
  const partitions = partitionLists(snapshot, wanted);
  const scan = scanByName(snapshot, wanted, firstParameter + partitions.length);
  const place = { fileNumber: 'file_index + 1', firstParameter };
  const columns = columnsSql(snapshot, wanted, place);
  return {
    sql: `SELECT ${columns}file_index AS file, file_row_number AS row FROM ${scan}`,
    lists: [...partitions, locations],
  };
}

/**
 * The rows of some ranges, by a scan for each: only where the bounds are told outright does the engine pass over the row groups
 * before and after them.
 *
 * @param names of the columns that are needed.
 * @param locations of the files of the snapshot by their places, of those that there are ranges of.
 * @param ranges at least one.
 */
export function rowsIn(
  snapshot: Snapshot,
  names: readonly string[],
  locations: readonly string[],
  ranges: readonly RowRange[],
): RowSource {
  const wanted = wantedColumns(snapshot, names);
  const partitions = partitionLists(snapshot, wanted);
  const scans = ranges.map(({ file, from, to }, index) => {
    const scan = scanByName(snapshot, wanted, partitions.length + 1 + index);
    const columns = columnsSql(snapshot, wanted, { fileNumber: String(file + 1), firstParameter: 1 });
    return `SELECT ${columns}${file} AS file, file_row_number AS row FROM ${scan} WHERE file_row_number BETWEEN ${from} AND ${to - 1}`;
  });
  const files = ranges.map(({ file }) => [locations[file] ?? '']);
  return { sql: scans.join(' UNION ALL '), lists: [...partitions, ...files] };
}

/** @throws UnknownDeltaColumn */
export function requireColumn(snapshot: Snapshot, name: string): TableColumn {
  const index = snapshot.schema.findIndex((field) => field.name === name);
  const field = snapshot.schema[index];
  if (field === undefined) throw new UnknownDeltaColumn(snapshot.tablePath, name);
  return { field, index };
}

export const columnName = (index: number) => `c${String(index)}`;

export interface TableColumn {
  readonly field: DeltaField;
  readonly index: number;
}

function wantedColumns(snapshot: Snapshot, names: readonly string[]): TableColumn[] {
  return [...new Set(names)].map((name) => requireColumn(snapshot, name));
}

/** The values of each partition column in each file: the log holds them, and the folder's name is only a name. */
function partitionLists({ partitionColumns, files }: Snapshot, wanted: readonly TableColumn[]): TextList[] {
  return wanted
    .map(({ field }) => field.name)
    .filter((name) => partitionColumns.includes(name))
    .map((name) => files.map((file) => file.partitionValues[name] ?? null));
}

/**
 * The columns under their names here.
 *
 * @param place SQL of the file's place in the snapshot, from 1, and the first of the lists of partition values.
 */
function columnsSql(
  { partitionColumns }: Snapshot,
  wanted: readonly TableColumn[],
  { fileNumber, firstParameter }: { readonly fileNumber: string; readonly firstParameter: number },
): string {
  let parameter = firstParameter - 1;
  const columns = wanted.map((column) => {
    const isPartition = partitionColumns.includes(column.field.name);
    if (isPartition) parameter += 1;
    const value = isPartition
      ? fromText(`list_extract($${parameter}, CAST(${fileNumber} AS BIGINT))`, column.field.type)
      : columnName(column.index);
    return `CAST(${value} AS ${duckDbType(column.field.type)}) AS ${columnName(column.index)}, `;
  });
  return columns.join('');
}

/** The log has the bytes of a binary value as UTF-8 text, which the engine's cast would look for escapes in. */
const fromText = (text: string, type: DeltaType): string =>
  type.kind === 'primitive' && type.name === 'binary' ? `encode(${text})` : text;

/** Columns are found by name; one that a file does not have yet is null in its rows. */
function scanByName(snapshot: Snapshot, wanted: readonly TableColumn[], parameter: number): string {
  const isStored = ({ field }: TableColumn) => !snapshot.partitionColumns.includes(field.name);
  const stored = wanted.filter(isStored);
  // Without any, the columns of the files would come by their own names, and could hide those of the engine.
  const named = stored.length > 0 ? stored : allColumns(snapshot).filter(isStored).slice(0, 1);
  const columns = named.map(({ field: { name, type }, index }) => {
    const known = `name: '${columnName(index)}', type: ${literal(duckDbType(type))}, default_value: NULL`;
    return `${literal(name)}: {${known}}`;
  });
  const schema = columns.length === 0 ? '' : `, schema = MAP {${columns.join(', ')}}`;
  return `read_parquet($${parameter}${schema}, hive_partitioning = false)`;
}

const allColumns = ({ schema }: Snapshot): TableColumn[] => schema.map((field, index) => ({ field, index }));
