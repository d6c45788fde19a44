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
import type { EngineRow } from '../engine/duckdb-engine';
import type { DeltaField, DeltaType, PrimitiveType } from '../snapshot/table-schema';

/**
 * Rows as a record batch, every value as it is stored: instants in microseconds of UTC, decimals with all their digits.
 *
 * @param rows with the bytes of texts in place of these.
 */
export function recordBatch(fields: readonly DeltaField[], rows: readonly EngineRow[]): RecordBatch {
  const columns = fields.map(({ type }, index) =>
    columnData(
      type,
      rows.map((row) => row[index] ?? null),
    ),
  );
  const struct = makeData({
    type: new Struct(fields.map(arrowField)),
    length: rows.length,
    children: columns,
  });
  return new RecordBatch(arrowSchema(fields), struct);
}

const arrowSchema = (fields: readonly DeltaField[]): Schema => new Schema(fields.map(arrowField));

const arrowField = ({ name, type, nullable }: DeltaField) => new Field(name, arrowType(type), nullable);

/** A primitive type in Arrow, and its values as the buffers that Arrow has of them; anything in place of a null. */
interface ArrowPrimitive {
  readonly type: DataType;
  pack(values: readonly DuckDBValue[]): { readonly data: unknown; readonly valueOffsets?: Int32Array };
}

const numberOf = (value: DuckDBValue) => (typeof value === 'number' ? value : 0);
const daysOf = (value: DuckDBValue) => (value instanceof DuckDBDateValue ? value.days : 0);
const microsOf = (value: DuckDBValue) =>
  value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue ? value.micros : 0n;

const micros = (values: readonly DuckDBValue[]) => ({ data: BigInt64Array.from(values, microsOf) });
const floats = (values: readonly DuckDBValue[]) => ({ data: Float64Array.from(values, numberOf) });

const PRIMITIVES: Readonly<Record<PrimitiveType, ArrowPrimitive>> = {
  string: { type: new Utf8(), pack: bytes },
  long: {
    type: new Int64(),
    pack: (values) => ({
      data: BigInt64Array.from(values, (value) => (typeof value === 'bigint' ? value : 0n)),
    }),
  },
  integer: { type: new Int32(), pack: (values) => ({ data: Int32Array.from(values, numberOf) }) },
  short: { type: new Int16(), pack: (values) => ({ data: Int16Array.from(values, numberOf) }) },
  byte: { type: new Int8(), pack: (values) => ({ data: Int8Array.from(values, numberOf) }) },
  float: { type: new Float32(), pack: (values) => ({ data: Float32Array.from(values, numberOf) }) },
  double: { type: new Float64(), pack: floats },
  boolean: { type: new Bool(), pack: (values) => ({ data: bitmap(values, (value) => value === true) }) },
  binary: { type: new Binary(), pack: bytes },
  date: { type: new DateDay(), pack: (values) => ({ data: Int32Array.from(values, daysOf) }) },
  timestamp: { type: new TimestampMicrosecond('UTC'), pack: micros },
  timestamp_ntz: { type: new TimestampMicrosecond(), pack: micros },
};

const NO_BYTES = new Uint8Array();

function bytes(values: readonly DuckDBValue[]) {
  const parts = values.map((value) => (value instanceof DuckDBBlobValue ? value.bytes : NO_BYTES));
  return { data: Buffer.concat(parts), valueOffsets: offsetsOf(parts) };
}

/** Where each of some lists beside each other begins, and where the last one ends. */
function offsetsOf(lists: readonly { readonly length: number }[]): Int32Array {
  const offsets = new Int32Array(lists.length + 1);
  for (const [index, { length }] of lists.entries()) offsets[index + 1] = (offsets[index] ?? 0) + length;
  return offsets;
}

const WORDS_OF_DECIMAL = 4;

/** As numbers of 128 bits, lowest word first. */
function decimalWords(values: readonly DuckDBValue[]): Uint32Array {
  const words = new Uint32Array(values.length * WORDS_OF_DECIMAL);
  for (const [index, value] of values.entries()) {
    const digits = BigInt.asUintN(128, value instanceof DuckDBDecimalValue ? value.value : 0n);
    for (let word = 0; word < WORDS_OF_DECIMAL; word += 1) {
      words[index * WORDS_OF_DECIMAL + word] = Number(BigInt.asUintN(32, digits >> BigInt(32 * word)));
    }
  }
  return words;
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
  const nullCount = values.filter((value) => value === null).length;
  return { length: values.length, nullCount, nullBitmap: bitmap(values, (value) => value !== null) };
}

function bitmap(values: readonly DuckDBValue[], isSet: (value: DuckDBValue) => boolean): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  for (const [index, value] of values.entries()) {
    if (isSet(value)) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
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
      return dataOf({ type: arrow, ...known, valueOffsets: offsetsOf(items), child });
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
  return { valueOffsets: offsetsOf(entries), child };
}

/** Arrow's function, whose types tell each kind of column apart; here the kind is known at run time only. */
const dataOf = makeData as unknown as (
  parts: Readonly<Record<string, unknown>> & { readonly type: DataType },
) => Data;
