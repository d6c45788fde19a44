import type { SortKey } from '@millrace/domain';
import * as fc from 'fast-check';
import type { Cell } from './cell';
import type { ModelColumn, ModelFile, ModelTable, ModelVersion, Row } from './model-table';
import { ODD_TEXTS, cellOf } from './random-cell';

/** What a table must have; the rest of it is random. */
export interface TableForm {
  readonly columns: readonly ModelColumn[];
  readonly order: readonly SortKey[];
  readonly partitionColumn?: string;
  /** Values of columns that are not any of their type. */
  readonly cells?: Readonly<Record<string, fc.Arbitrary<Cell>>>;
  /** Columns whose values follow from those of others. */
  readonly derived?: Readonly<Record<string, { readonly from: string; readonly of: (cell: Cell) => Cell }>>;
}

/** Columns of every type, under names that are hard to write somewhere. */
export const MORE_COLUMNS: readonly ModelColumn[] = [
  { name: 'maker', type: 'string' },
  { name: 'Ä "x" \'y\'', type: 'string' },
  { name: '=sum', type: 'double' },
  { name: 'filename', type: 'long' },
  { name: 'file_row_number', type: 'integer' },
  { name: 'c0', type: 'short' },
  { name: 'select', type: 'byte' },
  { name: '-x', type: 'float' },
  { name: 'is it', type: 'boolean' },
  { name: 'bytes', type: 'binary' },
  { name: 'day', type: 'date' },
  { name: 'wall_clock', type: 'timestamp_ntz' },
  { name: 'price', type: 'decimal(10,2)' },
  { name: 'large', type: 'decimal(38,0)' },
  { name: 'part', type: 'decimal(2,2)' },
  { name: 'tags', type: 'array<string>' },
  { name: 'a,b', type: 'string' },
  { name: 'a:b', type: 'long' },
];

const FIRST_COMMIT = Date.parse('2025-01-15T08:00:00Z');
const HOUR_MS = 3_600_000;
const MAX_ROWS = 14;
const MAX_FILES = 4;

/** When a version was committed, a part of a second after the full hour. */
export const timeOf = (version: number): Date => new Date(FIRST_COMMIT + version * HOUR_MS + 7);

const statsOfFiles = fc.constantFrom<ModelFile['stats']>('none', 'count', 'full', 'full');
/** The empty text is another spelling of null in the log; in it no text has a NUL. */
const partitionOf = fc.option(fc.constantFrom(...ODD_TEXTS.filter((text) => !text.includes('\0'))));

/**
 * A table of a few files: empty at version 0, then some files, then with more columns and more files, then without one of the
 * first, then as nobody asks for it.
 */
export function randomTable(form: TableForm): fc.Arbitrary<ModelTable> {
  const more = fc.subarray([...MORE_COLUMNS], { minLength: 3 });
  return more.chain((columns) => {
    const grown = columns.slice(Math.floor(columns.length / 2));
    const early = [...form.columns, ...columns.filter((column) => !grown.includes(column))];
    const late = [...early, ...grown];
    const files = (count: number, of: readonly ModelColumn[]) =>
      fc.array(randomFile(form, of), { minLength: 1, maxLength: count });
    return fc
      .tuple(files(MAX_FILES, early), files(2, late), files(1, late))
      .map(([first, second, third]) => tableOf(form, [early, late], numbered([first, second, third])));
  });
}

function randomFile(form: TableForm, of: readonly ModelColumn[]) {
  const columns = of.filter(({ name }) => name !== form.partitionColumn);
  // Only of columns without a null does the log tell bounds that are of use.
  const rowsOf = (isNullable: boolean): fc.Arbitrary<readonly Row[]> =>
    fc.array(
      fc.tuple(...columns.map((column) => cellIn(form, column, isNullable))).map(withDerived(form, columns)),
      { maxLength: MAX_ROWS },
    );
  return fc
    .record({ rows: fc.boolean().chain(rowsOf), stats: statsOfFiles, partition: partitionOf })
    .map((file): Omit<ModelFile, 'path'> => ({ ...file, columns }));
}

function cellIn({ cells }: TableForm, { name, type }: ModelColumn, isNullable: boolean): fc.Arbitrary<Cell> {
  const cell = cells?.[name];
  if (cell === undefined) return cellOf(type, isNullable);
  return isNullable ? fc.option(cell, { freq: 5 }) : cell;
}

const withDerived =
  ({ derived = {} }: TableForm, columns: readonly ModelColumn[]) =>
  (row: Row): Row =>
    row.map((cell, index) => {
      const rule = derived[columns[index]?.name ?? ''];
      if (rule === undefined) return cell;
      return rule.of(row[columns.findIndex(({ name }) => name === rule.from)] ?? null);
    });

type Commits<File> = readonly (readonly File[])[];

/** Paths that sort otherwise than they were written, in folders and with signs that the log encodes. */
function numbered(commits: Commits<Omit<ModelFile, 'path'>>): Commits<ModelFile> {
  return commits.map((files, commit) =>
    files.map((file, index) => ({
      ...file,
      path: `ä %2F+${(index * 7) % 3}/${9 - commit} ${index}.parquet`,
    })),
  );
}

function tableOf(
  { order, partitionColumn }: TableForm,
  [early, late]: readonly [readonly ModelColumn[], readonly ModelColumn[]],
  [first = [], second = [], third = []]: Commits<ModelFile>,
): ModelTable {
  const contents: readonly (readonly [readonly ModelColumn[], readonly ModelFile[]])[] = [
    [early, []],
    [early, first],
    [late, [...first, ...second]],
    [late, [...first.slice(1), ...second]],
    [late, third],
  ];
  const versions = contents.map(([columns, files], version): ModelVersion => ({
    version,
    time: timeOf(version),
    columns,
    files,
  }));
  return { order, partitionColumn, versions, [fc.toStringMethod]: () => 'table' };
}

const LARGE_FILE_ROWS = 3_500;
const START = 1_736_928_000_000_001n;

/**
 * More rows than are simply sorted: files that are sorted by time, one beside another and one after them, and one in no order; the
 * first without the column that came later.
 */
export function largeTable(form: TableForm, unsortedToo: boolean): ModelTable {
  const early: readonly ModelColumn[] = [
    ...form.columns,
    { name: 'quantity', type: 'long' },
    { name: 'rate', type: 'double' },
  ];
  const late: readonly ModelColumn[] = [...early, { name: 'day', type: 'date' }];
  const file = (path: string, of: readonly ModelColumn[], microsAt: (row: number) => number): ModelFile => {
    const columns = of.filter(({ name }) => name !== form.partitionColumn);
    const rows = Array.from({ length: LARGE_FILE_ROWS }, (_, row) =>
      columns.map(({ name }) => largeCell(name, path, row, microsAt(row))),
    );
    return { path, columns, rows, stats: 'full', partition: path === 'd.parquet' ? null : 'toys' };
  };
  const first = [
    file('b.parquet', early, (row) => row * 300),
    file('a.parquet', early, (row) => Math.floor(row / 1_000) * 300_000),
  ];
  const second = [
    file('c.parquet', late, (row) => LARGE_FILE_ROWS * 300 + row),
    ...(unsortedToo ? [file('d.parquet', late, (row) => ((row * 7_919) % LARGE_FILE_ROWS) * 300)] : []),
  ];
  return tableOf(form, [early, late], [first, second, []]);
}

function largeCell(column: string, path: string, row: number, micros: number): Cell {
  switch (column) {
    case 'event_timestamp':
      return START + BigInt(micros);
    case 'transaction_id':
      return `${path.slice(0, 1)}${String(row).padStart(5, '0')}`;
    case 'quantity':
      return row % 100 === 99 ? null : BigInt((row * 31) % 500) - 250n;
    case 'rate':
      // Many, or the writer of the files would make a dictionary of them, in which both zeros are one.
      return [0, -0, Number.NaN][row % 9] ?? row / 7;
    case 'day':
      return 20_000n + BigInt(row % 7);
    default:
      return ODD_TEXTS[row % ODD_TEXTS.length] ?? null;
  }
}
