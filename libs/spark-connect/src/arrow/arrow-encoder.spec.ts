import {
  ArrayType,
  BinaryType,
  ByteType,
  DateType,
  DecimalType,
  FloatType,
  LongType,
  MapType,
  StringType,
  StructType,
  TimestampType,
  type DataType,
} from '../types/data-type';
import { Timestamp } from '../types/timestamp';
import { decodeRows } from './arrow-decoder';
import { encodeRows } from './arrow-encoder';
import { inferSchema } from './infer-schema';

class Sale {
  readonly id = 1n;
}

const Point = new StructType().add('x', StringType).add('y', LongType);
const encoded = (type: DataType, value: unknown) => () =>
  encodeRows([{ a: value }] as never, new StructType().add('a', type));

describe('a value of a wrong kind', () => {
  it.each<[DataType, unknown, string]>([
    [DateType, '2026-2-3', 'a DATE must be written YYYY-MM-DD'],
    [StringType, Uint8Array.of(255), 'a value of type Uint8Array cannot be sent as string'],
    [BinaryType, 'text', 'the string text cannot be sent as binary'],
    [StringType, Object.create(null), 'a value of type Object cannot be sent as string'],
    [Point, new Set(['x']), 'a value of type Set cannot be sent as 2 fields'],
    [Point, new Sale(), 'a value of type Sale cannot be sent as 2 fields: only a plain object or a list can'],
    [Point, ['x'], '1 values for 2 fields'],
    [Point, ['x', 1, 2], '3 values for 2 fields'],
    [Point, { x: 'x', z: 1 }, 'there is no field z'],
    [new ArrayType(Point), [{ z: 1 }], 'there is no field z'],
    [new MapType(StringType, Point), new Map([['k', [1]]]), '1 values for 2 fields'],
    [new ArrayType(LongType), new Float64Array(2), 'a value of type Float64Array cannot be sent as array'],
  ])('is refused: %j of %p', (type, value, reason) => {
    expect(encoded(type, value)).toThrow(TypeError);
    expect(encoded(type, value)).toThrow(`row 0, column a: ${reason}`);
  });
});

describe('a value that its type has no room for', () => {
  it.each<[string, DataType, unknown]>([
    ['there is no day 2026-02-30', DateType, '2026-02-30'],
    ['there is no day 2026-13-01', DateType, '2026-13-01'],
    ['the number 1e+300 cannot be sent as float', FloatType, 1e300],
    [`the bigint ${String(2n ** 63n)} cannot be sent as timestamp`, TimestampType, new Timestamp(2n ** 63n)],
    [`the bigint ${String(2n ** 63n)} cannot be sent as bigint`, LongType, 2n ** 63n],
    ['the number 128 cannot be sent as an integer of 8 bits', ByteType, 128],
    ['the string 123.4 cannot be sent as decimal(3,1)', new DecimalType(3, 1), '123.4'],
    ['a DECIMAL here has at most 1 digits behind the point', new DecimalType(3, 1), '1.25'],
  ])('is refused: %s', (reason, type, value) => {
    expect(encoded(type, value)).toThrow(RangeError);
    expect(encoded(type, value)).toThrow(`row 0, column a: ${reason}`);
  });
});

describe('a row', () => {
  it.each<[unknown, string]>([
    [{ x: 'a', why: 1 }, 'row 1: there is no column why'],
    [['a'], 'row 1: 1 values for 2 columns'],
    [new Sale(), 'row 1: a value of type Sale cannot be sent as 2 columns'],
    [new Set(), 'row 1: a value of type Set cannot be sent as 2 columns'],
    [null, 'row 1: NULL cannot be sent as 2 columns'],
  ])('that is none of these columns is refused: %p', (row, reason) => {
    expect(() => encodeRows([{ x: 'a' }, row] as never, Point)).toThrow(new RegExp(`^${reason}`));
  });

  it('may lack columns, have no prototype and have columns named as members of any object', () => {
    const schema = new StructType().add('constructor', StringType).add('x', Point);
    const row = Object.assign(Object.create(null) as object, { x: { y: 7 } });
    expect(decodeRows(encodeRows([row as never, { x: null }], schema))).toEqual([
      { constructor: null, x: { x: null, y: 7n } },
      { constructor: null, x: null },
    ]);
  });

  it('may have infinite and missing numbers', () => {
    const schema = new StructType().add('a', FloatType);
    const rows = [{ a: Infinity }, { a: NaN }, { a: null }, { a: 0.5 }];
    expect(decodeRows(encodeRows(rows, schema))).toEqual(rows);
  });
});

describe('a column without a schema', () => {
  it.each([new Set([1]), /x/, () => 1, new Float64Array(2), new Sale(), Symbol('s')])(
    'is refused where its values have no SQL type: %p',
    (value) => {
      const infer = () => inferSchema([{ a: { b: 1 } }, { a: { b: value } }] as never);
      expect(infer).toThrow(/^row 1, column a\.b: .* has no SQL type$/);
    },
  );

  it('is in the order of appearance, save that JavaScript puts whole numbers first', () => {
    expect(inferSchema([{ b: 1, a: 1, 7: 1 }, { c: 1 }]).fieldNames).toEqual(['7', 'b', 'a', 'c']);
  });

  it('is not of the same name as another one', () => {
    const rows = [[1, 'x']];
    expect(() => encodeRows(rows, inferSchema(rows, ['id', 'id']))).toThrow(
      new TypeError('two columns are named id: rename them with toDF'),
    );
  });

  it('needs as many values as names', () => {
    expect(() => inferSchema([[1, 2]], ['a', 'b', 'c'])).toThrow('row 0 has 2 values for 3 columns');
  });
});
