import {
  Binary,
  Bool,
  DateDay,
  Decimal,
  DurationMicrosecond,
  DurationSecond,
  Field,
  Float16,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  IntervalMonthDayNano,
  IntervalYearMonth,
  List,
  Map_,
  Null,
  Struct,
  TimeMicrosecond,
  TimestampMicrosecond,
  TimestampNanosecond,
  TimestampSecond,
  makeData,
  type Data,
} from 'apache-arrow';
import type { RowValue } from '../types/row';
import { Timestamp } from '../types/timestamp';
import { decoded, textData } from '../testing/arrow-ipc';

/** Bits of which the second is off. */
const SECOND_IS_NULL = { nullCount: 1, nullBitmap: Uint8Array.from([0b1111_1101]) };

describe('values of one column', () => {
  it.each<[string, Data, RowValue[]]>([
    ['TINYINT', makeData({ type: new Int8(), data: Int8Array.from([-128, 127]) }), [-128, 127]],
    ['SMALLINT', makeData({ type: new Int16(), data: Int16Array.from([-32_768, 5]) }), [-32_768, 5]],
    [
      'INT',
      makeData({ type: new Int32(), data: Int32Array.from([-(2 ** 31), 2 ** 31 - 1]) }),
      [-(2 ** 31), 2 ** 31 - 1],
    ],
    [
      'BIGINT',
      makeData({ type: new Int64(), data: BigInt64Array.from([-(2n ** 63n), 1n]) }),
      [-(2n ** 63n), 1n],
    ],
    ['FLOAT', makeData({ type: new Float32(), data: Float32Array.from([0.5, Infinity]) }), [0.5, Infinity]],
    ['DOUBLE', makeData({ type: new Float64(), data: Float64Array.from([0.1, NaN, -0]) }), [0.1, NaN, -0]],
    [
      'BOOLEAN',
      makeData({ type: new Bool(), length: 9, data: Uint8Array.from([0b0101, 1]) }),
      [true, false, true, false, false, false, false, false, true],
    ],
    ['VOID', makeData({ type: new Null(), length: 2 }), [null, null]],
    [
      'interval of months',
      makeData({ type: new IntervalYearMonth(), data: Int32Array.from([14, -1]) }),
      [14, -1],
    ],
    [
      'interval of days',
      makeData({ type: new DurationMicrosecond(), data: BigInt64Array.from([-1n, 93_784_500_000n]) }),
      [-1n, 93_784_500_000n],
    ],
    [
      'interval of seconds',
      makeData({ type: new DurationSecond(), data: BigInt64Array.from([2n]) }),
      [2_000_000n],
    ],
    [
      'TIMESTAMP in seconds',
      makeData({ type: new TimestampSecond(), data: BigInt64Array.from([-1n]) }),
      [new Timestamp(-1_000_000n)],
    ],
  ])('%s', (_type, data, expected) => {
    expect(decoded(data)).toEqual(expected);
  });

  it('are bytes of their own where they are BINARY, also when empty', () => {
    const data = makeData({
      type: new Binary(),
      data: Uint8Array.from([1, 2, 3]),
      valueOffsets: Int32Array.from([0, 2, 2, 3]),
    });
    const [first, second, third] = decoded(data) as Uint8Array[];
    expect([first, second, third]).toEqual([Uint8Array.from([1, 2]), new Uint8Array(), Uint8Array.from([3])]);
    expect(first?.buffer.byteLength).toBe(2);
  });

  it('keep all parts of a calendar interval', () => {
    const words = new Int32Array(8);
    words.set([14, 25]);
    new BigInt64Array(words.buffer).set([18_367_123_456_000n], 1);
    words.set([-1, 2], 4);
    new BigInt64Array(words.buffer).set([-1_000n], 3);
    expect(decoded(makeData({ type: new IntervalMonthDayNano(), data: words, length: 2 }))).toEqual([
      { months: 14, days: 25, microseconds: 18_367_123_456n },
      { months: -1, days: 2, microseconds: -1n },
    ]);
  });
});

describe('NULLs', () => {
  const bounds = Int32Array.from([0, 1, 1, 2]);
  const numbers = makeData({ type: new Int32(), data: Int32Array.from([7, 8]) });
  const item = (data: Data): Field => new Field('element', data.type, true);
  it.each<[string, Data, RowValue[]]>([
    [
      'INT',
      makeData({ type: new Int32(), data: Int32Array.from([1, 999, 3]), ...SECOND_IS_NULL }),
      [1, null, 3],
    ],
    [
      'BIGINT',
      makeData({ type: new Int64(), data: BigInt64Array.from([1n, 9n, 3n]), ...SECOND_IS_NULL }),
      [1n, null, 3n],
    ],
    [
      'BOOLEAN',
      makeData({ type: new Bool(), length: 3, data: Uint8Array.from([0b111]), ...SECOND_IS_NULL }),
      [true, null, true],
    ],
    ['STRING', textData(['a', '', 'c'], SECOND_IS_NULL), ['a', null, 'c']],
    [
      'DATE',
      makeData({ type: new DateDay(), data: Int32Array.from([0, 2 ** 31 - 1, 1]), ...SECOND_IS_NULL }),
      ['1970-01-01', null, '1970-01-02'],
    ],
    [
      'DECIMAL',
      makeData({
        type: new Decimal(0, 38, 128),
        data: Uint32Array.from({ length: 12 }, (_, at) => (at % 4 === 0 ? 1 : 0)),
        ...SECOND_IS_NULL,
      }),
      ['1', null, '1'],
    ],
    [
      'TIMESTAMP',
      makeData({
        type: new TimestampMicrosecond(),
        data: BigInt64Array.from([1n, 2n, 3n]),
        ...SECOND_IS_NULL,
      }),
      [new Timestamp(1n), null, new Timestamp(3n)],
    ],
    [
      'ARRAY',
      makeData({
        type: new List(item(numbers)),
        valueOffsets: bounds,
        child: numbers,
        length: 3,
        ...SECOND_IS_NULL,
      }),
      [[7], null, [8]],
    ],
    [
      'STRUCT',
      makeData({
        type: new Struct([new Field('x', new Int32(), true)]),
        length: 3,
        ...SECOND_IS_NULL,
        children: [makeData({ type: new Int32(), data: Int32Array.from([1, 2, 3]) })],
      }),
      [{ x: 1 }, null, { x: 3 }],
    ],
  ])('of %s are null, whatever stands in their place', (_type, data, expected) => {
    expect(decoded(data)).toEqual(expected);
  });

  it('may be all there is', () => {
    const all = { nullCount: 3, nullBitmap: Uint8Array.from([0]) };
    expect(decoded(textData(['', '', ''], all))).toEqual([null, null, null]);
  });

  it('are found beyond the first byte of their bits', () => {
    const data = Int32Array.from({ length: 20 }, (_, at) => at);
    const nullBitmap = Uint8Array.from([0xff, 0xff, 0b0000_0111]);
    const expected = [...data].map((value) => (value === 19 ? null : value));
    expect(decoded(makeData({ type: new Int32(), data, nullCount: 1, nullBitmap }))).toEqual(expected);
  });
});

describe('values within values', () => {
  it('are read at any depth', () => {
    const names = textData(['a', 'b', 'c']);
    const days = makeData({ type: new DateDay(), data: Int32Array.from([0, 1, 2]) });
    const structType = new Struct([new Field('name', names.type, true), new Field('day', days.type, true)]);
    const structs = makeData({ type: structType, length: 3, children: [names, days] });
    const lists = makeData({
      type: new List(new Field('element', structType, true)),
      valueOffsets: Int32Array.from([0, 0, 2, 3]),
      child: structs,
      length: 3,
    });
    expect(decoded(lists)).toEqual([
      [],
      [
        { name: 'a', day: '1970-01-01' },
        { name: 'b', day: '1970-01-02' },
      ],
      [{ name: 'c', day: '1970-01-03' }],
    ]);
  });

  it('are a Map where they are a MAP, with keys of any kind', () => {
    const keys = makeData({ type: new TimestampMicrosecond(), data: BigInt64Array.from([1n, 2n]) });
    const values = makeData({ type: new Int32(), data: Int32Array.from([1, 2]), ...SECOND_IS_NULL });
    const entryType = new Struct([new Field('key', keys.type, false), new Field('value', values.type, true)]);
    const child = makeData({ type: entryType, length: 2, children: [keys, values] });
    const type = new Map_(new Field('entries', entryType as never, false));
    const data = makeData({
      type,
      valueOffsets: Int32Array.from([0, 2, 2]),
      child: child as never,
      length: 2,
    });
    const [map, empty] = decoded(data as Data) as Map<Timestamp, number | null>[];
    expect([...(map ?? [])]).toEqual([
      [new Timestamp(1n), 1],
      [new Timestamp(2n), null],
    ]);
    expect(empty).toEqual(new Map());
  });
});

describe('a type that Spark has not', () => {
  it.each<[string, Data]>([
    ['half floats', makeData({ type: new Float16(), data: Uint16Array.from([1]) })],
    ['nanoseconds', makeData({ type: new TimestampNanosecond(), data: BigInt64Array.from([1n]) })],
    ['256-bit decimals', makeData({ type: new Decimal(0, 50, 256), data: new Uint32Array(8), length: 1 })],
    ['times of day', makeData({ type: new TimeMicrosecond(), data: BigInt64Array.from([1n]) })],
  ])('is refused and not misread: %s', (_what, data) => {
    expect(() => decoded(data)).toThrow(/an Arrow type this client does not read/);
  });
});
