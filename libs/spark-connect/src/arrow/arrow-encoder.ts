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
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMicrosecond,
  Utf8,
  makeData,
  type Data,
} from 'apache-arrow';
import type { DataType, DecimalType, MapType, StructType } from '../types/data-type';
import {
  bitmap,
  booleanOf,
  bytesOf,
  decimalWordsOf,
  epochDayOfValue,
  fractionOf,
  integerOf,
  isMissing,
  isRow,
  listOf,
  longOf,
  mapEntriesOf,
  microsOf,
  offsetsOf,
  refuse,
  validity,
  type InputRow,
  type InputValue,
} from './input-values';

type Values = readonly InputValue[];

/** Rows as one Arrow IPC stream with the columns of the schema. */
export function encodeRows(rows: readonly InputRow[], schema: StructType): Uint8Array {
  const data = structData(rows, schema);
  const arrowSchema = new Schema(data.type.children);
  const batch = new RecordBatch(arrowSchema, data);
  return RecordBatchStreamWriter.writeAll([batch]).toUint8Array(true);
}

function structData(values: Values, type: StructType): Data<Struct> {
  const columns = type.fields.map(({ name, dataType, nullable }) => {
    const data = columnData(
      values.map((value) => fieldOf(value, name)),
      dataType,
    );
    return { data, field: new Field(name, data.type, nullable) };
  });
  return makeData({
    type: new Struct(columns.map(({ field }) => field)),
    length: values.length,
    children: columns.map(({ data }) => data),
    ...validity(values),
  });
}

function fieldOf(value: InputValue, name: string): InputValue {
  if (isMissing(value)) return null;
  return isRow(value) ? value[name] : refuse(value, 'struct');
}

function columnData(values: Values, type: DataType): Data {
  switch (type.kind) {
    case 'array':
      return listData(values, type.elementType);
    case 'map':
      return mapData(values, type);
    case 'struct':
      return structData(values, type);
    case 'decimal':
      return decimalData(values, type);
    case 'string':
    case 'char':
    case 'varchar':
      return bytesData(values, new Utf8());
    case 'binary':
      return bytesData(values, new Binary());
    case 'boolean':
      return makeData({
        type: new Bool(),
        data: bitmap(values, booleanOf),
        ...common(values),
      });
    default:
      return numberData(values, type);
  }
}

function numberData(values: Values, type: DataType): Data {
  switch (type.kind) {
    case 'tinyint':
      return makeData({ type: new Int8(), data: Int8Array.from(values, integerOf(8)), ...common(values) });
    case 'smallint':
      return makeData({ type: new Int16(), data: Int16Array.from(values, integerOf(16)), ...common(values) });
    case 'int':
      return makeData({ type: new Int32(), data: Int32Array.from(values, integerOf(32)), ...common(values) });
    case 'bigint':
      return makeData({ type: new Int64(), data: BigInt64Array.from(values, longOf), ...common(values) });
    case 'float':
      return makeData({
        type: new Float32(),
        data: Float32Array.from(values, fractionOf),
        ...common(values),
      });
    case 'double':
      return makeData({
        type: new Float64(),
        data: Float64Array.from(values, fractionOf),
        ...common(values),
      });
    default:
      return timeData(values, type);
  }
}

function timeData(values: Values, type: DataType): Data {
  if (type.kind === 'date') {
    return makeData({
      type: new DateDay(),
      data: Int32Array.from(values, epochDayOfValue),
      ...common(values),
    });
  }
  if (type.kind !== 'timestamp' && type.kind !== 'timestamp_ntz') {
    throw new TypeError(`rows with a column of type ${type.kind} cannot be sent`);
  }
  const zone = type.kind === 'timestamp' ? 'UTC' : undefined;
  const data = BigInt64Array.from(values, microsOf);
  return makeData({ type: new TimestampMicrosecond(zone), data, ...common(values) });
}

function bytesData(values: Values, type: Utf8 | Binary): Data {
  const pieces = values.map(bytesOf);
  const valueOffsets = offsetsOf(pieces.map((piece) => piece.length));
  return makeData({ type: type as Utf8, data: Buffer.concat(pieces), valueOffsets, ...common(values) });
}

function decimalData(values: Values, type: DecimalType): Data {
  const data = new Uint32Array(values.length * 4);
  for (const [at, value] of values.entries()) {
    data.set(decimalWordsOf(value, type.scale), at * 4);
  }
  return makeData({ type: new Decimal(type.scale, type.precision, 128), data, ...common(values) });
}

function listData(values: Values, elementType: DataType): Data {
  const lists = values.map(listOf);
  const child = columnData(lists.flat(), elementType);
  return makeData({
    type: new List(new Field('element', child.type, true)),
    valueOffsets: offsetsOf(lists.map((list) => list.length)),
    child,
    ...common(values),
  });
}

function mapData(values: Values, type: MapType): Data {
  const maps = values.map(mapEntriesOf);
  const entries = maps.flat();
  const keys = columnData(
    entries.map(([key]) => key),
    type.keyType,
  );
  const mapped = columnData(
    entries.map(([, value]) => value),
    type.valueType,
  );
  const fields = [new Field('key', keys.type, false), new Field('value', mapped.type, true)];
  const child = makeData({ type: new Struct(fields), length: entries.length, children: [keys, mapped] });
  return makeData({
    type: new Map_(new Field('entries', child.type as Struct<{ key: never; value: never }>, false)),
    valueOffsets: offsetsOf(maps.map((map) => map.length)),
    child: child as never,
    ...common(values),
  });
}

function common(values: Values): { length: number; nullCount: number; nullBitmap: Uint8Array } {
  return { length: values.length, ...validity(values) };
}
