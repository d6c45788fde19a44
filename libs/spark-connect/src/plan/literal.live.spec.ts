import { lit, typedlit } from '../functions/core';
import type { SparkSession } from '../session/spark-session';
import { liveSession } from '../testing/live-session';
import {
  ArrayType,
  BinaryType,
  BooleanType,
  ByteType,
  CalendarIntervalType,
  CollatedStringType,
  DateType,
  DayTimeIntervalType,
  DecimalType,
  DoubleType,
  FloatType,
  IntegerType,
  LongType,
  MapType,
  NullType,
  ShortType,
  StringType,
  StructField,
  StructType,
  TimestampNTZType,
  TimestampType,
  YearMonthIntervalType,
  type DataType,
} from '../types/data-type';
import { Timestamp } from '../types/timestamp';
import type { Column } from '../functions/column';

jest.setTimeout(120_000);

let spark: SparkSession;

beforeAll(() => {
  spark = liveSession().build();
});

afterAll(async () => {
  await spark.release();
  await spark.close();
});

const DECIMAL = new DecimalType(10, 3);
const instant = new Timestamp(1_677_155_519_808_123n);
const struct = new StructType([new StructField('a', IntegerType, false), new StructField('b', StringType)]);

test.each<[string, Column, unknown]>([
  ['a text with every kind of character', lit('é\u0000"😀\''), 'é\u0000"😀\''],
  ['the least INT', lit(-2_147_483_648), -2_147_483_648],
  ['a BIGINT of a number', lit(2 ** 53 - 1), 2n ** 53n - 1n],
  ['the least BIGINT', lit(-(2n ** 63n)), -(2n ** 63n)],
  ['minus zero', lit(-0), -0],
  ['NaN', lit(Number.NaN), Number.NaN],
  ['a truth', lit(true), true],
  ['NULL', lit(null), null],
  ['a Date', lit(new Date(7)), new Timestamp(7000n)],
  ['bytes', lit(Uint8Array.from([0, 255])), Uint8Array.from([0, 255])],
  ['an array of numbers, one a fraction', lit([1, 0.5]), [1, 0.5]],
  ['an array with NULL', lit([1, null, 3]), [1, null, 3]],
  ['an array of texts with NULL', lit(['a', null]), ['a', null]],
  ['an array of arrays', lit([[1], [], [2, null]]), [[1], [], [2, null]]],
  [
    'a map with NULL',
    lit(
      new Map<string, number | null>([
        ['a', 1],
        ['b', null],
      ]),
    ),
    new Map<string, number | null>([
      ['a', 1],
      ['b', null],
    ]),
  ],
  ['a map of arrays', lit(new Map([[1, ['a']]])), new Map([[1, ['a']]])],
  ['an array of maps', lit([new Map([[1, true]])]), [new Map([[1, true]])]],
])('lit gives back %s', async (_name, literal, value) => {
  const [row] = await spark.range(1).select(literal.as('v')).collect();
  expect(row?.['v']).toEqual(value);
});

const scalars: readonly [DataType, value: never, answer?: unknown][] = [
  [StringType, 'a'],
  [new CollatedStringType('UNICODE_CI'), 'a'],
  [BinaryType, Uint8Array.from([1])],
  [BooleanType, false],
  [ByteType, -128],
  [ShortType, 32_767],
  [IntegerType, 1],
  [LongType, 5, 5n],
  [FloatType, 0.1, Math.fround(0.1)],
  [DoubleType, 1],
  [DECIMAL, '-12.5', '-12.500'],
  [DECIMAL, 7n, '7.000'],
  [new DecimalType(38, 38), `0.${'9'.repeat(38)}`],
  [DateType, '1582-10-14'],
  [TimestampType, instant],
  [TimestampNTZType, instant],
  [new DayTimeIntervalType(), -90_000_000n],
  [new YearMonthIntervalType(), 14],
  [CalendarIntervalType, { months: 2, days: -1, microseconds: 7n }],
  [struct, { a: 1, b: 'x' }],
  [struct, { a: 1 }, { a: 1, b: null }],
  [new ArrayType(StringType), []],
] as readonly (readonly [DataType, unknown, unknown?])[] as never;

describe.each(scalars)('typedlit of %j', (type, value, answer = value) => {
  const frame = () => spark.range(1);

  it('gives the value, of this type', async () => {
    const literal = frame().select(typedlit(value, type).as('v'));
    expect((await literal.schema()).fields[0]?.dataType).toEqual(type);
    expect((await literal.collect())[0]?.['v']).toEqual(answer);
  });

  it('gives NULL, of this type', async () => {
    const literal = frame().select(typedlit(null, type).as('v'));
    expect((await literal.schema()).fields[0]?.dataType).toEqual(type);
    expect((await literal.collect())[0]?.['v']).toBeNull();
  });

  it('gives it within an array, a map and a struct, beside NULL', async () => {
    const array = new ArrayType(type);
    const map = new MapType(StringType, type);
    const record = new StructType([new StructField('x', type), new StructField('y', type)]);
    const literals = frame().select(
      typedlit([value, null], array).as('array'),
      typedlit(
        new Map([
          ['x', value],
          ['y', null as never],
        ]),
        map,
      ).as('map'),
      typedlit({ x: value, y: null }, record).as('struct'),
    );
    expect((await literals.schema()).fields.map(({ dataType }) => dataType)).toEqual([array, map, record]);
    expect(await literals.collect()).toEqual([
      {
        array: [answer, null],
        map: new Map([
          ['x', answer],
          ['y', null],
        ]),
        struct: { x: answer, y: null },
      },
    ]);
  });
});

test('NULL has a type of its own', async () => {
  const { fields } = await spark.range(1).select(lit(null).as('v')).schema();
  expect(fields[0]?.dataType).toEqual(NullType);
});
