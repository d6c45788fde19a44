import type { TextList } from '../engine/duckdb-engine';
import { literal } from '../engine/sql-text';
import { UnknownDeltaColumn } from '../error/delta-error';
import type { Snapshot } from '../snapshot/snapshot';
import type { DeltaField } from '../snapshot/table-schema';
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
 * @param locations of `snapshot.files`, in that order; at least one.
 */
export function allRows(snapshot: Snapshot, locations: readonly string[]): RowSource {
  const partitions = partitionLists(snapshot);
  const columns = columnsOf(snapshot, 'file_index + 1');
  const scan = readParquet(snapshot, partitions.length + 1);
  return {
    sql: `SELECT ${columns}, file_index AS file, file_row_number AS row FROM ${scan}`,
    lists: [...partitions, locations],
  };
}

/**
 * The rows of some ranges, by a scan for each: only where the bounds are told outright does the engine pass over the row groups
 * before and after them.
 *
 * @param ranges at least one.
 */
export function rowsIn(
  snapshot: Snapshot,
  locations: readonly string[],
  ranges: readonly RowRange[],
): RowSource {
  const partitions = partitionLists(snapshot);
  const scans = ranges.map(({ file, from, to }, index) => {
    const columns = columnsOf(snapshot, String(file + 1));
    const scan = readParquet(snapshot, partitions.length + 1 + index);
    return `SELECT ${columns}, ${file} AS file, file_row_number AS row FROM ${scan} WHERE file_row_number BETWEEN ${from} AND ${to - 1}`;
  });
  const files = ranges.map(({ file }) => [locations[file] ?? '']);
  return { sql: scans.join(' UNION ALL '), lists: [...partitions, ...files] };
}

/** @throws UnknownDeltaColumn */
export function requireColumn(snapshot: Snapshot, name: string): { field: DeltaField; index: number } {
  const index = snapshot.schema.findIndex((field) => field.name === name);
  const field = snapshot.schema[index];
  if (field === undefined) throw new UnknownDeltaColumn(snapshot.tablePath, name);
  return { field, index };
}

export const columnName = (index: number) => `c${String(index)}`;

/** The values of each partition column in each file: the log holds them, and the folder's name is only a name. */
function partitionLists(snapshot: Snapshot): readonly TextList[] {
  return snapshot.partitionColumns.map((column) =>
    snapshot.files.map((file) => file.partitionValues[column] ?? null),
  );
}

/** @param fileNumber SQL of the file's place in the snapshot, from 1. */
function columnsOf(snapshot: Snapshot, fileNumber: string): string {
  const columns = snapshot.schema.map(({ name, type }, index) => {
    const partition = snapshot.partitionColumns.indexOf(name);
    if (partition < 0) return columnName(index);
    const value = `list_extract($${partition + 1}, CAST(${fileNumber} AS BIGINT))`;
    return `CAST(${value} AS ${duckDbType(type)}) AS ${columnName(index)}`;
  });
  return columns.join(', ');
}

/** Columns are found by name; one that a file does not have yet is null in its rows. */
function readParquet(snapshot: Snapshot, parameter: number): string {
  const columns = snapshot.schema.flatMap(({ name, type }, index) =>
    snapshot.partitionColumns.includes(name)
      ? []
      : [
          `${literal(name)}: {name: '${columnName(index)}', type: ${literal(duckDbType(type))}, default_value: NULL}`,
        ],
  );
  const schema = columns.length === 0 ? '' : `, schema = MAP {${columns.join(', ')}}`;
  return `read_parquet($${parameter}${schema}, hive_partitioning = false)`;
}
