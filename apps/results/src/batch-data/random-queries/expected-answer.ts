import { indexOf, selectedRows, allRows } from './model-table';
import type { ModelSelection, ModelTable, ModelVersion } from './model-table';
import { isJsonText, shownText } from './cell';
import type { Cell, CellType } from './cell';

export type Format = 'json' | 'ndjson' | 'csv' | 'arrow' | 'parquet';

/** What a query asks for, as the model understands it. */
export interface ModelQuery extends ModelSelection {
  readonly table: ModelTable;
  readonly version: number;
  /** Undefined: all. */
  readonly columns: readonly string[] | undefined;
  readonly format: Format;
  readonly limit: number | undefined;
  readonly offset: number;
}

/** The rows of an answer in one form, whatever format they came in: a quote begins what is a text there. */
export interface ShownRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

export interface ExpectedAnswer extends ShownRows {
  readonly rowCount: number;
  readonly total: number;
  readonly limit: number;
  readonly hasMore: boolean;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 10_000;
const FORMULA_STARTS: readonly string[] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

export function expectedAnswer(query: ModelQuery): ExpectedAnswer {
  const { table, format, offset } = query;
  const version = versionOf(query);
  const rows = selectedRows(table, version, query);
  const limit =
    format === 'json' ? Math.min(query.limit ?? DEFAULT_LIMIT, MAX_LIMIT) : (query.limit ?? rows.length);
  const columns = version.columns.filter(({ name }) => query.columns?.includes(name) ?? true);
  const page = rows
    .slice(offset, offset + limit)
    .map((row) =>
      columns.map(({ name, type }) => shownCell(type, row[indexOf(version, name)] ?? null, format)),
    );
  return {
    columns: columns.map(({ name }) => name),
    rows: page,
    rowCount: allRows(table, version).length,
    total: rows.length,
    limit: format === 'json' ? limit : page.length,
    hasMore: offset + page.length < rows.length,
  };
}

export function versionOf({ table, version }: Pick<ModelQuery, 'table' | 'version'>): ModelVersion {
  const found = table.versions[version];
  if (found === undefined) throw new Error(`The model has no version ${version}`);
  return found;
}

/** Binary formats are compared as JSON shows what they have. */
export function shownCell(type: CellType, cell: Cell, format: Format): string | null {
  if (cell === null) return null;
  // In a file a zero may lose its sign.
  if (format === 'parquet' && cell === 0) return '0';
  const text = shownText(type, cell);
  if (format !== 'csv') return isJsonText(type, cell) ? `"${text}` : text;
  if (type === 'array<string>' || type === 'binary') return `"${text}`;
  return type === 'string' ? `"${guarded(text)}` : text;
}

/** As a spreadsheet must get it. */
export function guarded(text: string): string {
  return FORMULA_STARTS.some((start) => text.startsWith(start)) ? `'${text}` : text;
}
