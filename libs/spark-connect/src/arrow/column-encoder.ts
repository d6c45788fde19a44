import {
  Binary,
  Bool,
  DateDay,
  Decimal,
  Field,
  Float32,
  Float64,
  DurationMicrosecond,
  IntervalYearMonth,
  Int16,
  Int32,
  Int64,
  Int8,
  List,
  Map_,
  Struct,
  TimestampMicrosecond,
  Utf8,
  makeData,
  type Data,
} from 'apache-arrow';
import type { ArrayType, DataType, DecimalType, MapType, StructField, StructType } from '../types/data-type';
import {
  bitmap,
  booleanOf,
  byteLengthOf,
  checkFields,
  decimalWordsOf,
  epochDayOfValue,
  floatOf,
  fractionOf,
  integerOf,
  isList,
  isMissing,
  listOf,
  longOf,
  mapEntriesOf,
  microsOf,
  offsetsOf,
  refuse,
  textLengthOf,
  validity,
  writeBytes,
  type InputRow,
  type InputValue,
} from './input-values';

type Values = readonly InputValue[];

/** A column of Arrow. */
export interface EncodedColumn {
  readonly data: Data;
  readonly field: Field;
}

/**
 * The column of this field, of rows or structs that have only the fields of their type; `at` is its place in those that are lists.
 * @throws TypeError or RangeError for a value that does not fit.
 */
export function encodedColumn(
  rows: Values,
  { name, dataType, nullable }: StructField,
  at: number,
): EncodedColumn {
  const values = rows.map((row) => fieldOf(row, name, at));
  const isNullRefused = !nullable && values.some((value, row) => isMissing(value) && !isMissing(rows[row]));
  if (isNullRefused) refuse(null, `a column that is NOT NULL`);
  const data = columnData(values, dataType);
  return { data, field: new Field(name, data.type, nullable) };
}

function structData(values: Values, type: StructType): Data<Struct> {
  const check = checkFields(type, 'field');
  for (const value of values) if (!isMissing(value)) check(value);
  const columns = type.fields.map((field, at) => encodedColumn(values, field, at));
  return makeData({
    type: new Struct(columns.map(({ field }) => field)),
    length: values.length,
    children: columns.map(({ data }) => data),
    ...validity(values),
  });
}

function fieldOf(value: InputValue, name: string, at: number): InputValue {
  if (isMissing(value)) return null;
  if (isList(value)) return value[at];
  // Members of every object, such as `constructor`, are none of the row.
  return Object.hasOwn(value as InputRow, name) ? (value as InputRow)[name] : null;
}

function columnData(values: Values, type: DataType): Data {
  switch (type.kind) {
    case 'array':
      return listData(values, type);
    case 'map':
      return mapData(values, type);
    case 'struct':
      return structData(values, type);
    case 'decimal':
      return decimalData(values, type);
    case 'string':
    case 'char':
    case 'varchar':
      return bytesData(values, new Utf8(), textLengthOf);
    case 'binary':
      return bytesData(values, new Binary(), byteLengthOf);
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
        data: Float32Array.from(values, floatOf),
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
  if (type.kind === 'year_month_interval') {
    return makeData({
      type: new IntervalYearMonth(),
      data: Int32Array.from(values, integerOf(32)),
      ...common(values),
    });
  }
  if (type.kind === 'day_time_interval') {
    const data = BigInt64Array.from(values, longOf);
    return makeData({ type: new DurationMicrosecond(), data, ...common(values) });
  }
  if (type.kind !== 'timestamp' && type.kind !== 'timestamp_ntz') {
    throw new TypeError(`rows with a column of type ${type.kind} cannot be sent`);
  }
  const zone = type.kind === 'timestamp' ? 'UTC' : undefined;
  const data = BigInt64Array.from(values, microsOf);
  return makeData({ type: new TimestampMicrosecond(zone), data, ...common(values) });
}

function bytesData(values: Values, type: Utf8 | Binary, lengthOf: (value: InputValue) => number): Data {
  const valueOffsets = offsetsOf(values.map(lengthOf));
  const data = Buffer.allocUnsafe(valueOffsets.at(-1) ?? 0);
  for (const [at, value] of values.entries()) writeBytes(data, valueOffsets[at] ?? 0, value);
  return makeData({ type: type as Utf8, data, valueOffsets, ...common(values) });
}

function decimalData(values: Values, type: DecimalType): Data {
  const data = new Uint32Array(values.length * 4);
  for (const [at, value] of values.entries()) {
    data.set(decimalWordsOf(value, type), at * 4);
  }
  return makeData({ type: new Decimal(type.scale, type.precision, 128), data, ...common(values) });
}

function listData(values: Values, { elementType, containsNull }: ArrayType): Data {
  const lists = values.map(listOf);
  // Spread, a hole is undefined and so NULL; `flat` would leave it out.
  const elements = lists.flatMap((list) => [...list]);
  const child = columnData(allowed(elements, containsNull), elementType);
  return makeData({
    type: new List(new Field('element', child.type, containsNull)),
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
    allowed(
      entries.map(([, value]) => value),
      type.valueContainsNull,
    ),
    type.valueType,
  );
  const fields = [
    new Field('key', keys.type, false),
    new Field('value', mapped.type, type.valueContainsNull),
  ];
  const child = makeData({ type: new Struct(fields), length: entries.length, children: [keys, mapped] });
  return makeData({
    type: new Map_(new Field('entries', child.type as Struct<{ key: never; value: never }>, false)),
    valueOffsets: offsetsOf(maps.map((map) => map.length)),
    child: child as never,
    ...common(values),
  });
}

/** The values of an array or a map, which must not hold NULL where its type says so: the server believes the type. */
function allowed(values: Values, containsNull: boolean): Values {
  return containsNull || !values.some(isMissing) ? values : refuse(null, 'a value that is NOT NULL');
}

function common(values: Values): { length: number; nullCount: number; nullBitmap: Uint8Array } {
  return { length: values.length, ...validity(values) };
}
