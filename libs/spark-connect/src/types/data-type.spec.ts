import {
  ArrayType,
  DecimalType,
  LongType,
  MapType,
  StringType,
  StructField,
  StructType,
  TimestampType,
  VariantType,
  type DataType,
} from './data-type';
import { dataTypeFromProto, dataTypeToProto, structTypeFromProto } from './data-type-proto';
import { fromJson, toDdl, toJson } from './data-type-text';

const SCHEMA = new StructType([
  new StructField('id', LongType, false),
  new StructField('odd name', StringType, true, { comment: 'x' }),
  new StructField('price', new DecimalType(12, 2)),
  new StructField('tags', new ArrayType(StringType, false)),
  new StructField('m', new MapType(StringType, new StructType().add('at', TimestampType), false)),
  new StructField('v', VariantType),
  new StructField('c', { kind: 'varchar', length: 9 }),
  new StructField('l', { kind: 'string', collation: 'UTF8_LCASE' }),
  new StructField('d', { kind: 'day_time_interval', startField: 0, endField: 3 }),
  new StructField('y', { kind: 'year_month_interval', startField: 1, endField: 1 }),
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
        { type: 'string collate UTF8_LCASE' },
        { type: 'interval day to second' },
        { type: 'interval month' },
      ],
    });
    expect(fromJson(toJson(SCHEMA))).toEqual(SCHEMA);
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

  it.each(['"nope"', '{"type":"struct"}', '{"type":"set"}', '1', '{"type":"struct","fields":[{}]}'])(
    'is refused when the JSON is %s',
    (text) => {
      expect(() => fromJson(text)).toThrow(TypeError);
    },
  );

  it('is refused where a table was expected', () => {
    const type: DataType = LongType;
    expect(dataTypeFromProto(dataTypeToProto(type))).toEqual(type);
    expect(() => structTypeFromProto(dataTypeToProto(type))).toThrow('expected the schema of a table');
    expect(() => dataTypeFromProto(undefined)).toThrow('does not know');
  });
});
