import type { AnalysisName, SortKey } from '@millrace/domain';
import type * as fc from 'fast-check';
import { compareCells } from './cell';
import type { Cell, CellType } from './cell';
import { hourOf, isCounted } from './counted-rows';

export interface ModelColumn {
  readonly name: string;
  readonly type: CellType;
}

/** Values of a row, in the order of the columns of whatever it is a row of. */
export type Row = readonly Cell[];

export interface ModelFile {
  readonly path: string;
  /** That it has: fewer than the table where the schema grew since. */
  readonly columns: readonly ModelColumn[];
  readonly rows: readonly Row[];
  /** What the log tells of it: nothing, how many rows, or what Spark notes. */
  readonly stats: 'none' | 'count' | 'full';
  /** Of the partition column, where the table has one. */
  readonly partition: string | null;
}

export interface ModelVersion {
  readonly version: number;
  readonly time: Date;
  readonly columns: readonly ModelColumn[];
  readonly files: readonly ModelFile[];
}

/** A table in memory, with all that is needed to write it. */
export interface ModelTable {
  /** Its text column whose values the log has and not the files. */
  readonly partitionColumn: string | undefined;
  readonly order: readonly SortKey[];
  /** Their index is their number. */
  readonly versions: readonly ModelVersion[];
  /** In a counterexample, which is of a query: the seed makes the same table again. */
  readonly [fc.toStringMethod]: () => string;
}

/** A condition with its values as cells. */
export interface ModelFilter {
  readonly column: string;
  readonly operator: string;
  readonly values: readonly Cell[];
}

export interface ModelSelection {
  readonly filters: readonly ModelFilter[];
  readonly sort: readonly SortKey[];
  /** Only the rows that it counts. */
  readonly counted?: AnalysisName | undefined;
}

const sorted = new WeakMap<ModelVersion, Map<string, readonly Row[]>>();

/** Rows of a version that fulfil all conditions, in order. */
export function selectedRows(
  table: ModelTable,
  of: ModelVersion,
  { filters, sort, counted }: ModelSelection,
): readonly Row[] {
  const own = table.order.filter(({ column }) => !sort.some((key) => key.column === column));
  const rows = sortedRows(table, of, [...sort, ...own]);
  if (filters.length === 0 && counted === undefined) return rows;
  const conditions = filters.map((filter) => {
    const cellOf = reader(of, filter.column);
    return (row: Row) => isFulfilled(filter, cellOf(row));
  });
  if (counted !== undefined) {
    conditions.unshift((row) => isCounted(counted, (column) => reader(of, column)(row)));
  }
  return rows.filter((row) => conditions.every((condition) => condition(row)));
}

/** What rows have in a column, or in that of the hour, which is not stored. */
export function reader(of: ModelVersion, column: string): (row: Row) => Cell {
  const index = indexOf(of, column);
  if (index !== -1) return (row) => row[index] ?? null;
  if (column !== 'event_hour') throw new Error(`The model has no column ${column}`);
  const time = reader(of, 'event_timestamp');
  return (row) => hourOf(time(row));
}

export function indexOf({ columns }: ModelVersion, name: string): number {
  return columns.findIndex((column) => column.name === name);
}

const all = new WeakMap<ModelVersion, readonly Row[]>();

/** All of a version, in the order of files and rows. */
export function allRows(table: ModelTable, of: ModelVersion): readonly Row[] {
  const rows = all.get(of) ?? rowsOfFiles(table, of);
  all.set(of, rows);
  return rows;
}

function rowsOfFiles({ partitionColumn }: ModelTable, of: ModelVersion): readonly Row[] {
  const files = of.files.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  return files.flatMap((file) => {
    const indexes = of.columns.map(({ name }) => file.columns.findIndex((column) => column.name === name));
    // The protocol spells null as the empty text too.
    const partition = file.partition === '' ? null : file.partition;
    return file.rows.map((row) =>
      of.columns.map(({ name }, column) =>
        name === partitionColumn ? partition : (row[indexes[column] ?? -1] ?? null),
      ),
    );
  });
}

function sortedRows(table: ModelTable, of: ModelVersion, order: readonly SortKey[]): readonly Row[] {
  const known = sorted.get(of) ?? new Map<string, readonly Row[]>();
  sorted.set(of, known);
  const name = JSON.stringify(order);
  const rows = known.get(name) ?? allRows(table, of).toSorted(comparison(of, order));
  // Of large tables there are too many orders to keep all.
  if (known.size >= KEPT_ORDERS) known.clear();
  known.set(name, rows);
  return rows;
}

const KEPT_ORDERS = 50;

function comparison(of: ModelVersion, order: readonly SortKey[]) {
  const keys = order.map(({ column, direction }) => ({
    index: indexOf(of, column),
    sign: direction === 'asc' ? 1 : -1,
  }));
  return (one: Row, other: Row): number => {
    for (const { index, sign } of keys) {
      const compared = compareCells(one[index] ?? null, other[index] ?? null);
      if (compared !== 0) return sign * compared;
    }
    return 0;
  };
}

const COMPARED: Readonly<Record<string, (compared: number) => boolean>> = {
  eq: (compared) => compared === 0,
  ne: (compared) => compared !== 0,
  lt: (compared) => compared < 0,
  le: (compared) => compared <= 0,
  gt: (compared) => compared > 0,
  ge: (compared) => compared >= 0,
};

function isFulfilled({ operator, values }: ModelFilter, cell: Cell): boolean {
  if (operator === 'null') return cell === null;
  if (cell === null) return false;
  if (operator === 'notnull') return true;
  const compare = COMPARED[operator === 'in' ? 'eq' : operator];
  if (compare === undefined) throw new Error(`The model does not know ${operator}`);
  return values.some((value) => compare(compareCells(cell, value)));
}
