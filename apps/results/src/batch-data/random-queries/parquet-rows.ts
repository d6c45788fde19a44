import type { FileMetaData, SchemaElement } from 'hyparquet' with { 'resolution-mode': 'import' };
import { decimalOf } from './cell';
import type { Cell, CellType } from './cell';
import type { Row } from './model-table';

/** How a file must tell the types, as Spark reads them: physical, converted, and of times whether they are instants. */
const PARQUET_TYPES: Readonly<Partial<Record<CellType, string>>> = {
  string: 'BYTE_ARRAY UTF8',
  long: 'INT64 INT_64',
  integer: 'INT32 INT_32',
  short: 'INT32 INT_16',
  byte: 'INT32 INT_8',
  float: 'FLOAT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  binary: 'BYTE_ARRAY',
  date: 'INT32 DATE',
  timestamp: 'INT64 TIMESTAMP_MICROS true',
  timestamp_ntz: 'INT64 TIMESTAMP_MICROS false',
  'array<string>': 'LIST (list (element BYTE_ARRAY UTF8))',
};

/** The rows of a file as another program than the engine reads them. @throws where it has other columns. */
export async function parquetRows(file: Buffer, types: ReadonlyMap<string, CellType>): Promise<Row[]> {
  const { parquetMetadata, parquetReadObjects } = await import('hyparquet');
  const bytes = Uint8Array.from(file).buffer;
  const metadata = parquetMetadata(bytes);
  const found = columnsOf(metadata.schema);
  const known = [...types].map(([name, type]) => `${name} ${parquetType(type)}`);
  if (found.join('\0') !== known.join('\0'))
    throw new Error(`Columns ${found.join()} and not ${known.join()}`);
  const rows = await parquetReadObjects({
    file: bytes,
    metadata: withoutDecimals(metadata),
    utf8: false,
    parsers: {
      stringFromBytes: (text: Uint8Array | undefined) => text && Buffer.from(text).toString('utf8'),
      timestampFromMicroseconds: (micros: bigint) => micros,
      dateFromDays: (days: number) => days,
    },
  });
  return rows.map((row: Readonly<Record<string, unknown>>) =>
    [...types].map(([name, type]) => cellOf(type, row[name])),
  );
}

function parquetType(type: CellType): string {
  const decimal = decimalOf(type);
  if (decimal === undefined) return PARQUET_TYPES[type] ?? type;
  const { precision, scale } = decimal;
  const physical = precision <= 4 ? 'INT32' : precision <= 18 ? 'INT64' : 'FIXED_LEN_BYTE_ARRAY';
  return `${physical} DECIMAL ${precision} ${scale}`;
}

function columnsOf([root, ...rest]: readonly SchemaElement[]): string[] {
  const columns = (count: number): string[] =>
    Array.from({ length: count }, () => {
      const element = rest.shift();
      if (element === undefined) throw new Error('The schema ends early');
      const parts = columns(element.num_children ?? 0);
      const type = typeOf(element);
      return [element.name, type, parts.length === 0 ? '' : `(${parts.join()})`].filter(Boolean).join(' ');
    });
  return columns(root?.num_children ?? 0);
}

function typeOf({
  type,
  converted_type: converted,
  logical_type: logical,
  precision,
  scale,
}: SchemaElement): string {
  const zone = logical?.type === 'TIMESTAMP' ? [String(logical.isAdjustedToUTC)] : [];
  const digits = converted === 'DECIMAL' ? [precision, scale ?? 0] : [];
  return [type, converted, ...zone, ...digits].filter((part) => part !== undefined).join(' ');
}

/** The reader would make numbers of them that are not exact. */
function withoutDecimals(metadata: FileMetaData): FileMetaData {
  const schema = metadata.schema.map((element) => {
    const plain = { ...element };
    if (element.converted_type !== 'DECIMAL') return plain;
    delete plain.converted_type;
    delete plain.logical_type;
    return plain;
  });
  return { ...metadata, schema };
}

function cellOf(type: CellType, value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array)
    return type === 'binary' ? Buffer.from(value).toString('base64') : numberOf(value);
  if (Array.isArray(value)) return value.map((text: unknown) => (typeof text === 'string' ? text : null));
  const isFloat = type === 'float' || type === 'double';
  return typeof value === 'number' && !isFloat ? BigInt(value) : (value as Cell);
}

/** Of two's complement, highest byte first. */
function numberOf(bytes: Uint8Array): bigint {
  return BigInt.asIntN(8 * bytes.length, BigInt(`0x${Buffer.from(bytes).toString('hex')}`));
}
