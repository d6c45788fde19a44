import {
  DateDay,
  Decimal,
  Field,
  Int64,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMicrosecond,
  TimestampMillisecond,
  makeData,
  tableToIPC,
  tableFromArrays,
  type Data,
} from 'apache-arrow';
import {
  ArrayType,
  BinaryType,
  BooleanType,
  DateType,
  DecimalType,
  DoubleType,
  FloatType,
  IntegerType,
  LongType,
  MapType,
  ShortType,
  StringType,
  StructType,
  TimestampNTZType,
  TimestampType,
} from '../types/data-type';
import { Timestamp } from '../types/timestamp';
import { decodeRows } from './arrow-decoder';
import { encodeRows } from './arrow-encoder';
import type { InputRow } from './input-values';

/** One column, put together with Arrow's own means. */
function ipcOf(data: Data): Uint8Array {
  const field = new Field('v', data.type, true);
  const struct = makeData({ type: new Struct([field]), length: data.length, children: [data] });
  return RecordBatchStreamWriter.writeAll([new RecordBatch(new Schema([field]), struct)]).toUint8Array(true);
}

const valuesOf = (data: Data) => decodeRows(ipcOf(data)).map((row) => row['v']);

describe('decodeRows', () => {
  it('keeps the microseconds of timestamps', () => {
    const micros = [1_767_225_600_123_456n, -315_619_199_999_999n, 0n];
    const data = makeData({ type: new TimestampMicrosecond('UTC'), data: BigInt64Array.from(micros) });
    expect(valuesOf(data)).toEqual(micros.map((value) => new Timestamp(value)));
    const millis = makeData({ type: new TimestampMillisecond('UTC'), data: BigInt64Array.from([-1n]) });
    expect(valuesOf(millis)).toEqual([new Timestamp(-1000n)]);
  });

  it('keeps 64-bit integers', () => {
    const longs = [9_007_199_254_740_993n, -(2n ** 63n), 2n ** 63n - 1n];
    expect(valuesOf(makeData({ type: new Int64(), data: BigInt64Array.from(longs) }))).toEqual(longs);
  });

  it('writes dates as days, before 1970 too', () => {
    const data = makeData({ type: new DateDay(), data: Int32Array.from([0, -1, 20_454, -719_162]) });
    expect(valuesOf(data)).toEqual(['1970-01-01', '1969-12-31', '2026-01-01', '0001-01-01']);
  });

  it('writes decimals digit by digit', () => {
    const words = [
      [0, 0, 0, 0],
      [12_345, 0, 0, 0],
      [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff],
      [0xffff_ffff, 0xffff_ffff, 0, 0],
    ].flat();
    const data = makeData({ type: new Decimal(3, 38, 128), data: Uint32Array.from(words) });
    expect(valuesOf(data)).toEqual(['0.000', '12.345', '-0.001', '18446744073709551.615']);
  });

  it('reads what the library itself writes', () => {
    const ipc = tableToIPC(tableFromArrays({ s: ['a', 'é'], n: Int32Array.from([1, -1]) }), 'stream');
    expect(decodeRows(ipc)).toEqual([
      { s: 'a', n: 1 },
      { s: 'é', n: -1 },
    ]);
  });

  it('gives no rows for an empty batch', () => {
    expect(decodeRows(encodeRows([], new StructType().add('a', StringType)))).toEqual([]);
  });
});

describe('rows that are sent and come back', () => {
  const schema = new StructType()
    .add('int', IntegerType)
    .add('short', ShortType)
    .add('long', LongType)
    .add('float', FloatType)
    .add('double', DoubleType)
    .add('text', StringType)
    .add('flag', BooleanType)
    .add('at', TimestampType)
    .add('wall', TimestampNTZType)
    .add('day', DateType)
    .add('price', new DecimalType(20, 4))
    .add('bytes', BinaryType)
    .add('list', new ArrayType(new ArrayType(LongType)))
    .add('struct', new StructType().add('x', StringType).add('y', LongType))
    .add('map', new MapType(StringType, new DecimalType(5, 1)));

  it('are the same, value by value', () => {
    const row: InputRow = {
      int: -1,
      short: 7,
      long: 9_007_199_254_740_993n,
      float: 0.5,
      double: 0.1,
      text: 'añ😀',
      flag: true,
      at: new Timestamp(1_767_225_600_123_456n),
      wall: new Timestamp(-1n),
      day: '2026-02-28',
      price: '-1234567890123456.7890',
      bytes: Uint8Array.from([0, 255]),
      list: [[1n, null], null, []],
      struct: { x: null, y: 2n },
      map: new Map([['k', '-0.5']]),
    };
    const empty = Object.fromEntries(schema.fieldNames.map((name) => [name, null]));
    expect(decodeRows(encodeRows([row, {}, row], schema))).toEqual([row, empty, row]);
  });

  it.each([
    ['int', '1'],
    ['int', 1.5],
    ['int', 2 ** 31],
    ['long', 2n ** 63n],
    ['double', '1'],
    ['text', 1],
    ['flag', 1],
    ['at', '2026-01-01'],
    ['day', '2026-13-01'],
    ['price', '1.23456'],
    ['price', 1.5],
    ['list', 'x'],
    ['struct', 1],
    ['map', {}],
  ])('are refused when column %s is given %p', (column, value) => {
    expect(() => encodeRows([{ [column]: value }], schema)).toThrow(`row 0, column ${column}: `);
  });
});

describe('Timestamp', () => {
  it.each([
    [0n, '1970-01-01T00:00:00.000000Z'],
    [-1n, '1969-12-31T23:59:59.999999Z'],
    [1_767_225_600_000_001n, '2026-01-01T00:00:00.000001Z'],
  ])('writes %p microseconds as %s', (micros, text) => {
    expect(new Timestamp(micros).toISOString()).toBe(text);
    expect(JSON.stringify({ at: new Timestamp(micros) })).toBe(`{"at":"${text}"}`);
  });

  it('is a Date with the microseconds cut off', () => {
    expect(new Timestamp(-1n).toDate()).toEqual(new Date(-1));
    expect(Timestamp.fromDate(new Date(5)).epochMicros).toBe(5_000n);
  });
});
