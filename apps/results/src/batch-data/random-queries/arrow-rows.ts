import { tableFromIPC } from 'apache-arrow';
import type { Data } from 'apache-arrow';
import { decimalOf } from './cell';
import type { Cell, CellType } from './cell';
import type { Row } from './model-table';

const ARROW_TYPES: Readonly<Partial<Record<CellType, string>>> = {
  string: 'Utf8',
  long: 'Int64',
  integer: 'Int32',
  short: 'Int16',
  byte: 'Int8',
  float: 'Float32',
  double: 'Float64',
  boolean: 'Bool',
  binary: 'Binary',
  date: 'Date32<DAY>',
  timestamp: 'Timestamp<MICROSECOND, UTC>',
  timestamp_ntz: 'Timestamp<MICROSECOND>',
  'array<string>': 'List<Utf8>',
};

const END_OF_STREAM = Buffer.from('ffffffff00000000', 'hex');

/** The rows of a stream of Arrow IPC, from its buffers. @throws where it has no end, or has other columns. */
export function arrowRows(stream: Buffer, types: ReadonlyMap<string, CellType>): Row[] {
  if (!stream.subarray(-END_OF_STREAM.length).equals(END_OF_STREAM)) throw new Error('The stream has no end');
  const table = tableFromIPC(stream);
  const found = table.schema.fields.map(
    ({ name, type, nullable }) => `${name} ${String(type)} ${String(nullable)}`,
  );
  const known = [...types].map(([name, type]) => `${name} ${arrowType(type)} true`);
  if (found.join('\0') !== known.join('\0'))
    throw new Error(`Columns ${found.join()} and not ${known.join()}`);
  const kinds = [...types.values()];
  return table.batches.flatMap(({ data: { children, length } }) => {
    const columns = children.map((child, index) => cellsOf(child, kinds[index] ?? 'string'));
    return Array.from({ length }, (_, row) => columns.map((cells) => cells[row] ?? null));
  });
}

function arrowType(type: CellType): string {
  const decimal = decimalOf(type);
  if (decimal === undefined) return ARROW_TYPES[type] ?? type;
  return `Decimal[${decimal.precision}e${decimal.scale > 0 ? '+' : ''}${decimal.scale}]`;
}

function cellsOf(data: Data, type: CellType): Cell[] {
  const valueAt = reader(data, type);
  return Array.from({ length: data.length }, (_, row) => (data.getValid(row) ? valueAt(row) : null));
}

/** How the buffers have a value. Arrow's own way to read them rounds instants, and takes the first mark off some texts. */
function reader(data: Data, type: CellType): (row: number) => Cell {
  const values = data.values as ArrayLike<number | bigint>;
  switch (type) {
    case 'string':
    case 'binary': {
      const encoding = type === 'string' ? 'utf8' : 'base64';
      return (row) => bytesOf(data, row).toString(encoding);
    }
    case 'boolean':
      return (row) => ((Number(values[row >> 3]) >> (row & 7)) & 1) === 1;
    case 'float':
    case 'double':
      return (row) => Number(values[row]);
    case 'array<string>': {
      const [texts = []] = data.children.map((child) => cellsOf(child, 'string'));
      return (row) => texts.slice(...placeOf(data, row)) as readonly (string | null)[];
    }
    default:
      return decimalOf(type) === undefined
        ? (row) => BigInt(values[row] ?? 0)
        : (row) => wordsOf(values, row);
  }
}

function placeOf(data: Data, row: number): [start: number, end: number] {
  const [start = 0, end = 0] = (data.valueOffsets as Int32Array).subarray(row);
  return [start, end];
}

function bytesOf(data: Data, row: number): Buffer {
  return Buffer.from((data.values as Uint8Array).subarray(...placeOf(data, row)));
}

/** A number of 128 bits, of which the lowest 32 come first. */
function wordsOf(words: ArrayLike<number | bigint>, row: number): bigint {
  const parts = [3, 2, 1, 0].map((word) => BigInt(words[row * 4 + word] ?? 0));
  return BigInt.asIntN(
    128,
    parts.reduce((sum, part) => (sum << 32n) | part, 0n),
  );
}
