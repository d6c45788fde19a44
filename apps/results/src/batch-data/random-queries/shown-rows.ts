import type { Format, ShownRows } from './expected-answer';
import { guarded, shownCell } from './expected-answer';
import { arrowRows } from './arrow-rows';
import { numberText } from './cell';
import type { CellType } from './cell';
import type { Row } from './model-table';
import { parquetRows } from './parquet-rows';

/** A number as the text it is in JSON, which no parser may round. */
interface JsonNumber {
  readonly digits: string;
}

/** The rows of a body. @throws where it is not strictly of its format, or has other columns. */
export async function shownRows(
  body: Buffer,
  format: Format,
  types: ReadonlyMap<string, CellType>,
): Promise<ShownRows> {
  const columns = [...types.keys()];
  switch (format) {
    case 'json':
      return { columns, rows: jsonRows((digitsKept(body.toString()) as { data: object[] }).data, types) };
    case 'ndjson':
      return { columns, rows: jsonRows(linesOf(body.toString()).map(digitsKept) as object[], types) };
    case 'csv':
      return csvRows(body.toString(), types);
    case 'arrow':
      return { columns, rows: cellRows(arrowRows(body, types), format, types) };
    case 'parquet':
      return { columns, rows: cellRows(await parquetRows(body, types), format, types) };
  }
}

function cellRows(
  rows: readonly Row[],
  format: Format,
  types: ReadonlyMap<string, CellType>,
): ShownRows['rows'] {
  const kinds = [...types.values()];
  return rows.map((row) => kinds.map((type, index) => shownCell(type, row[index] ?? null, format)));
}

/** @param objects with their numbers as `digitsKept` gives them. */
export function jsonRows(
  objects: readonly object[],
  types: ReadonlyMap<string, CellType>,
): ShownRows['rows'] {
  return objects.map((object) => jsonRow(object as Readonly<Record<string, unknown>>, types));
}

/** JSON with every number as an object of its digits. */
export function digitsKept(text: string): unknown {
  return JSON.parse(
    text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
      token.startsWith('"') ? token : `{"digits":"${validNumber(token)}"}`,
    ),
  );
}

function validNumber(text: string): string {
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) throw new Error(`No JSON number: ${text}`);
  return text;
}

function linesOf(body: string): string[] {
  if (body === '') return [];
  if (!body.endsWith('\n')) throw new Error('The last line has no end');
  return body.slice(0, -1).split('\n');
}

function jsonRow(object: Readonly<Record<string, unknown>>, types: ReadonlyMap<string, CellType>) {
  const [names, known] = [Object.keys(object), [...types.keys()]];
  if (names.join('\0') !== known.join('\0'))
    throw new Error(`Columns ${names.join()} and not ${known.join()}`);
  return [...types].map(([name, type]) => {
    const value = object[name];
    if (value === null || value === undefined) return null;
    if (typeof value === 'string') return `"${value}`;
    if (Array.isArray(value)) return JSON.stringify(value);
    if (typeof value === 'object') return plain((value as JsonNumber).digits, type);
    return JSON.stringify(value);
  });
}

/** Of numbers that can be written in several ways the one of JavaScript; of others as they are. */
function plain(text: string, type: CellType): string {
  if (type === 'float') return numberText(Math.fround(Number(text)));
  return type === 'double' ? numberText(Number(text)) : text;
}

function csvRows(body: string, types: ReadonlyMap<string, CellType>): ShownRows {
  const [header = [], ...records] = csvRecords(body);
  const names = [...types.keys()].map((name) => `"${guarded(name)}`);
  if (header.join('\0') !== names.join('\0'))
    throw new Error(`Columns ${header.join()} and not ${names.join()}`);
  const kinds = [...types.values()];
  const rows = records.map((record) => {
    if (record.length !== kinds.length) throw new Error(`${record.length} cells of ${kinds.length}`);
    return record.map((cell, index) => csvCell(cell, kinds[index] ?? 'string'));
  });
  return { columns: [...types.keys()], rows };
}

function csvCell(cell: string, type: CellType): string | null {
  if (cell === '') return null;
  if (type === 'array<string>') return `"${JSON.stringify(JSON.parse(cell.slice(1)))}`;
  return cell.startsWith('"') ? cell : plain(cell, type);
}

/** Strictly RFC 4180; a quote begins cells that were quoted, and what is in quotes is as it was. */
export function csvRecords(body: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  const cell = /"((?:[^"]|"")*)"(,|\r\n)|([^",\r\n]*)(,|\r\n)/y;
  while (cell.lastIndex < body.length) {
    const place = cell.lastIndex;
    const [found, quoted, endOfQuoted, bare, endOfBare] = cell.exec(body) ?? [];
    if (found === undefined) throw new Error(`No CSV at ${place}: ${body.slice(place, place + 50)}`);
    record.push(quoted === undefined ? (bare ?? '') : `"${quoted.replaceAll('""', '"')}`);
    if ((endOfQuoted ?? endOfBare) === ',') continue;
    records.push(record);
    record = [];
  }
  return records;
}
