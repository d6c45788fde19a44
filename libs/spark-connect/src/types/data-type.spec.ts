import {
  ArrayType,
  CharType,
  CollatedStringType,
  DayTimeIntervalType,
  DecimalType,
  LongType,
  MapType,
  StringType,
  StructField,
  StructType,
  TimestampType,
  VarcharType,
  VariantType,
  YearMonthIntervalType,
  type DataType,
} from './data-type';
import { dataTypeFromProto, dataTypeToProto, structTypeFromProto } from './data-type-proto';
import { fromJson, toJson } from './data-type-json';
import { toDdl } from './data-type-text';

const SCHEMA = new StructType([
  new StructField('id', LongType, false),
  new StructField('odd name', StringType, true, { comment: 'x' }),
  new StructField('price', new DecimalType(12, 2)),
  new StructField('tags', new ArrayType(StringType, false)),
  new StructField('m', new MapType(StringType, new StructType().add('at', TimestampType), false)),
  new StructField('v', VariantType),
  new StructField('c', new VarcharType(9)),
  new StructField('l', new CollatedStringType('UTF8_LCASE')),
  new StructField('d', new DayTimeIntervalType()),
  new StructField('y', new YearMonthIntervalType(YearMonthIntervalType.MONTH)),
]);

describe('a schema', () => {
  it('is written as DDL', () => {
    expect(toDdl(SCHEMA)).toBe(
      'id BIGINT NOT NULL, `odd name` STRING, price DECIMAL(12,2), tags ARRAY<STRING>, ' +
        'm MAP<STRING, STRUCT<at: TIMESTAMP>>, v VARIANT, c VARCHAR(9), l STRING COLLATE UTF8_LCASE, ' +
        'd INTERVAL DAY TO SECOND, y INTERVAL MONTH',
    );
  });

  it("is written as Spark's JSON and read back", () => {
    expect(JSON.parse(toJson(SCHEMA))).toMatchObject({
      type: 'struct',
      fields: [
        { name: 'id', type: 'long', nullable: false, metadata: {} },
        { name: 'odd name', type: 'string', nullable: true, metadata: { comment: 'x' } },
        { type: 'decimal(12,2)' },
        { type: { type: 'array', elementType: 'string', containsNull: false } },
        { type: { type: 'map', keyType: 'string', valueContainsNull: false } },
        { type: 'variant' },
        { type: 'varchar(9)' },
        { type: 'string', metadata: { __COLLATIONS: { l: 'spark.UTF8_LCASE' } } },
        { type: 'interval day to second' },
        { type: 'interval month' },
      ],
    });
    expect(fromJson(toJson(SCHEMA))).toEqual(SCHEMA);
  });

  it("has collations in Spark's JSON by the paths of the texts in a column", () => {
    const collated = new CollatedStringType('UNICODE_CI');
    const lower = new CollatedStringType('UTF8_LCASE');
    const schema = new StructType()
      .add('a.b', new ArrayType(new MapType(collated, lower)), true, { comment: 'x' })
      .add('s', new StructType().add('t', collated));
    expect(JSON.parse(toJson(schema))).toMatchObject({
      fields: [
        {
          type: { elementType: { keyType: 'string', valueType: 'string' } },
          metadata: {
            comment: 'x',
            __COLLATIONS: { 'a.b.element.key': 'icu.UNICODE_CI', 'a.b.element.value': 'spark.UTF8_LCASE' },
          },
        },
        {
          type: { fields: [{ type: 'string', metadata: { __COLLATIONS: { t: 'icu.UNICODE_CI' } } }] },
          metadata: {},
        },
      ],
    });
    expect(fromJson(toJson(schema))).toEqual(schema);
    expect(fromJson(toJson(collated))).toEqual(collated);
  });

  it('reads a collation without a provider, and refuses one of a provider that Spark does not have', () => {
    const json = (collation: string) =>
      JSON.stringify({
        type: 'struct',
        fields: [{ name: 'a', type: 'string', metadata: { __COLLATIONS: { a: collation } } }],
      });
    expect(fromJson(json('UTF8_LCASE'))).toEqual(
      new StructType().add('a', new CollatedStringType('UTF8_LCASE')),
    );
    expect(() => fromJson(json('other.X'))).toThrow(new TypeError('not a collation of Spark: other.X'));
  });

  it.each([
    [new CharType(3), 'CHAR(3)'],
    [new VarcharType(3), 'VARCHAR(3)'],
    [new CollatedStringType('UNICODE_CI'), 'STRING COLLATE UNICODE_CI'],
    [new YearMonthIntervalType(), 'INTERVAL YEAR TO MONTH'],
    [new YearMonthIntervalType(YearMonthIntervalType.YEAR), 'INTERVAL YEAR'],
    [new DayTimeIntervalType(), 'INTERVAL DAY TO SECOND'],
    [new DayTimeIntervalType(DayTimeIntervalType.HOUR), 'INTERVAL HOUR'],
    [
      new DayTimeIntervalType(DayTimeIntervalType.HOUR, DayTimeIntervalType.MINUTE),
      'INTERVAL HOUR TO MINUTE',
    ],
  ])('may have columns with parameters: %#', (type, ddl) => {
    expect(toDdl(type)).toBe(ddl);
    expect(fromJson(toJson(type))).toEqual(type);
    expect(dataTypeFromProto(dataTypeToProto(type))).toEqual(type);
  });

  it.each([
    [3, 1],
    [0, 4],
    [-1, 3],
    [0.5, 3],
  ])('has no interval from field %d to %d', (start, end) => {
    expect(() => new DayTimeIntervalType(start, end)).toThrow(RangeError);
  });

  it('goes through the protocol unchanged', () => {
    expect(structTypeFromProto(dataTypeToProto(SCHEMA))).toEqual(SCHEMA);
  });

  it('grows by add without changing the old one', () => {
    const empty = new StructType();
    expect(empty.add('a', LongType).fieldNames).toEqual(['a']);
    expect(empty.fieldNames).toEqual([]);
    expect(SCHEMA.field('id')?.nullable).toBe(false);
    expect(SCHEMA.field('nope')).toBeUndefined();
  });

  it.each([
    '"nope"',
    '{"type":"struct"}',
    '{"type":"set"}',
    '1',
    '{"type":"struct","fields":[{}]}',
    '"interval foo to bar"',
    '"interval day to year"',
    '"interval month to year"',
  ])('is refused when the JSON is %s', (text) => {
    expect(() => fromJson(text)).toThrow(TypeError);
  });

  it('is refused when the text is no JSON', () => {
    expect(() => fromJson('nope')).toThrow(SyntaxError);
  });

  it('is refused where a table was expected', () => {
    const type: DataType = LongType;
    expect(dataTypeFromProto(dataTypeToProto(type))).toEqual(type);
    expect(() => structTypeFromProto(dataTypeToProto(type))).toThrow('expected the schema of a table');
    expect(() => dataTypeFromProto(undefined)).toThrow('does not know');
  });
});
