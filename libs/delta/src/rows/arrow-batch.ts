import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
} from '@duckdb/node-api';
import type { DuckDBValue } from '@duckdb/node-api';
import {
  Binary,
  Bool,
  DateDay,
  Decimal,
  Field,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  List,
  Map_,
  RecordBatch,
  Schema,
  Struct,
  TimestampMicrosecond,
  Utf8,
  makeData,
} from 'apache-arrow';
import type { Data, DataType } from 'apache-arrow';
import type { DeltaField, DeltaType, PrimitiveType } from '../snapshot/table-schema';
import { isText } from './arrow-expression';
import { offsetsOf, textColumns } from './arrow-texts';
import { columnValues, numberOf, numberOfRows } from './row-chunks';
import type { ChunkRows } from './row-chunks';

/**
 * Rows as a record batch, every value as it is stored: instants in microseconds of UTC, decimals with all their digits.
 *
 * @param rows with the columns of `arrowColumns`.
 */
export function recordBatch(fields: readonly DeltaField[], rows: readonly ChunkRows[]): RecordBatch {
  const struct = makeData({
    type: new Struct(fields.map(arrowField)),
    length: numberOfRows(rows),
    children: columnsOf(fields, rows),
  });
  return new RecordBatch(arrowSchema(fields), struct);
}

function columnsOf(fields: readonly DeltaField[], rows: readonly ChunkRows[]): Data[] {
  // The first column has the bytes of texts.
  const columns = fields.map((field, index) => ({ field, values: columnValues(rows, index + 1) }));
  const lengths = columns.filter(({ field }) => isText(field)).map(({ values }) => values);
  const texts = textColumns(rows, lengths).values();
  return columns.map(({ field, values }) =>
    isText(field)
      ? dataOf({ type: arrowType(field.type), ...validity(values), ...texts.next().value })
      : columnData(field.type, values),
  );
}

const arrowSchema = (fields: readonly DeltaField[]): Schema => new Schema(fields.map(arrowField));

const arrowField = ({ name, type, nullable }: DeltaField) => new Field(name, arrowType(type), nullable);

/** A primitive type in Arrow, and its values as the buffers that Arrow has of them; anything in place of a null. */
interface ArrowPrimitive {
  readonly type: DataType;
  pack(values: readonly DuckDBValue[]): { readonly data: unknown; readonly valueOffsets?: Int32Array };
}

const daysOf = (value: DuckDBValue) => (value instanceof DuckDBDateValue ? value.days : 0);
const wholeOf = (value: DuckDBValue) => (typeof value === 'bigint' ? value : 0n);
const microsOf = (value: DuckDBValue) =>
  value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue ? value.micros : 0n;

/** Several times as fast as `from` of the array. */
function filled<T extends number | bigint>(
  empty: new (length: number) => Record<number, T>,
  values: readonly DuckDBValue[],
  valueOf: (value: DuckDBValue) => T,
) {
  const data = new empty(values.length);
  for (let index = 0; index < values.length; index += 1) data[index] = valueOf(values[index] ?? null);
  return { data };
}

const micros = (values: readonly DuckDBValue[]) => filled(BigInt64Array, values, microsOf);

const PRIMITIVES: Readonly<Record<PrimitiveType, ArrowPrimitive>> = {
  string: { type: new Utf8(), pack: bytes },
  long: { type: new Int64(), pack: (values) => filled(BigInt64Array, values, wholeOf) },
  integer: { type: new Int32(), pack: (values) => filled(Int32Array, values, numberOf) },
  short: { type: new Int16(), pack: (values) => filled(Int16Array, values, numberOf) },
  byte: { type: new Int8(), pack: (values) => filled(Int8Array, values, numberOf) },
  float: { type: new Float32(), pack: (values) => filled(Float32Array, values, numberOf) },
  double: { type: new Float64(), pack: (values) => filled(Float64Array, values, numberOf) },
  boolean: { type: new Bool(), pack: (values) => ({ data: bitmap(values, (value) => value === true) }) },
  binary: { type: new Binary(), pack: bytes },
  date: { type: new DateDay(), pack: (values) => filled(Int32Array, values, daysOf) },
  timestamp: { type: new TimestampMicrosecond('UTC'), pack: micros },
  timestamp_ntz: { type: new TimestampMicrosecond(), pack: micros },
};

const NO_BYTES = new Uint8Array();

function bytes(values: readonly DuckDBValue[]) {
  const parts = values.map((value) => (value instanceof DuckDBBlobValue ? value.bytes : NO_BYTES));
  return { data: Buffer.concat(parts), valueOffsets: offsetsOf(lengthsOf(parts)) };
}

const lengthsOf = (lists: readonly { readonly length: number }[]) => lists.map(({ length }) => length);

/** As numbers of 128 bits, lowest word first. */
function decimalWords(values: readonly DuckDBValue[]): Uint32Array {
  const halves = new BigInt64Array(values.length * 2);
  for (const [index, value] of values.entries()) {
    const digits = value instanceof DuckDBDecimalValue ? value.value : 0n;
    // Either keeps the 64 lowest bits of what it is given.
    halves[index * 2] = digits;
    halves[index * 2 + 1] = digits >> 64n;
  }
  return new Uint32Array(halves.buffer);
}

function arrowType(type: DeltaType): DataType {
  switch (type.kind) {
    case 'primitive':
      return PRIMITIVES[type.name].type;
    case 'decimal':
      return new Decimal(type.scale, type.precision);
    case 'array':
      return new List(new Field('element', arrowType(type.element), true));
    case 'map':
      return new Map_(
        new Field<Struct<{ key: DataType; value: DataType }>>(
          'entries',
          entriesOf(type.key, type.value),
          false,
        ),
      );
    case 'struct':
      return new Struct(type.fields.map(arrowField));
  }
}

const entriesOf = (key: DeltaType, value: DeltaType): Struct<{ key: DataType; value: DataType }> =>
  new Struct([new Field('key', arrowType(key), false), new Field('value', arrowType(value), true)]);

/** What all kinds of columns have: how many values, and which of them are null. */
function validity(values: readonly DuckDBValue[]) {
  let nullCount = 0;
  for (const value of values) if (value === null) nullCount += 1;
  const nullBitmap = nullCount === 0 ? undefined : bitmap(values, (value) => value !== null);
  return { length: values.length, nullCount, nullBitmap };
}

function bitmap(values: readonly DuckDBValue[], isSet: (value: DuckDBValue) => boolean): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  for (let index = 0; index < values.length; index += 1) {
    if (isSet(values[index] ?? null)) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
  }
  return bits;
}

function columnData(type: DeltaType, values: readonly DuckDBValue[]): Data {
  const arrow = arrowType(type);
  const known = validity(values);
  switch (type.kind) {
    case 'primitive':
      return dataOf({ type: arrow, ...known, ...PRIMITIVES[type.name].pack(values) });
    case 'decimal':
      return dataOf({ type: arrow, ...known, data: decimalWords(values) });
    case 'array': {
      const items = values.map((value) => (value instanceof DuckDBListValue ? value.items : []));
      const child = columnData(type.element, items.flat());
      return dataOf({ type: arrow, ...known, valueOffsets: offsetsOf(lengthsOf(items)), child });
    }
    case 'map':
      return dataOf({ type: arrow, ...known, ...mapEntries(type, values) });
    case 'struct': {
      const valueOf = (value: DuckDBValue, name: string) =>
        value instanceof DuckDBStructValue ? (value.entries[name] ?? null) : null;
      const children = type.fields.map((field) =>
        columnData(
          field.type,
          values.map((value) => valueOf(value, field.name)),
        ),
      );
      return dataOf({ type: arrow, ...known, children });
    }
  }
}

function mapEntries({ key, value }: Extract<DeltaType, { kind: 'map' }>, values: readonly DuckDBValue[]) {
  const entries = values.map((map) => (map instanceof DuckDBMapValue ? map.entries : []));
  const each = entries.flat();
  const children = [
    columnData(
      key,
      each.map((entry) => entry.key),
    ),
    columnData(
      value,
      each.map((entry) => entry.value),
    ),
  ];
  const child = dataOf({ type: entriesOf(key, value), length: each.length, nullCount: 0, children });
  return { valueOffsets: offsetsOf(lengthsOf(entries)), child };
}

/** Arrow's function, whose types tell each kind of column apart; here the kind is known at run time only. */
const dataOf = makeData as unknown as (
  parts: Readonly<Record<string, unknown>> & { readonly type: DataType },
) => Data;
