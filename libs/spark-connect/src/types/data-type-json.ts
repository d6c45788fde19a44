import {
  ArrayType,
  BinaryType,
  BooleanType,
  ByteType,
  CalendarIntervalType,
  CharType,
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
  VarcharType,
  VariantType,
  YearMonthIntervalType,
  type DataType,
} from './data-type';
import { DAY_TIME_FIELDS, YEAR_MONTH_FIELDS, toSql } from './data-type-text';
import { COLLATIONS_KEY, isCollated, putCollations, takeCollations } from './field-collations';

const ATOMIC_JSON_NAMES = new Map<string, DataType>([
  ['void', NullType],
  ['string', StringType],
  ['binary', BinaryType],
  ['boolean', BooleanType],
  ['byte', ByteType],
  ['short', ShortType],
  ['integer', IntegerType],
  ['long', LongType],
  ['float', FloatType],
  ['double', DoubleType],
  ['date', DateType],
  ['timestamp', TimestampType],
  ['timestamp_ntz', TimestampNTZType],
  ['interval', CalendarIntervalType],
  ['variant', VariantType],
]);
const JSON_NAME_BY_KIND = new Map([...ATOMIC_JSON_NAMES].map(([name, type]) => [type.kind as string, name]));

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * The JSON form Spark and Delta store schemas in; unlike DDL it keeps the nullability of elements and the metadata. A collated text is a
 * `string` with its collation in the metadata of its column, so that readers without collations read it, too.
 */
export function toJson(type: DataType): string {
  return JSON.stringify(jsonOf(type));
}

function jsonOf(type: DataType): Json {
  switch (type.kind) {
    case 'array':
      return { type: 'array', elementType: jsonOf(type.elementType), containsNull: type.containsNull };
    case 'map':
      return {
        type: 'map',
        keyType: jsonOf(type.keyType),
        valueType: jsonOf(type.valueType),
        valueContainsNull: type.valueContainsNull,
      };
    case 'struct':
      return { type: 'struct', fields: type.fields.map(fieldJson) };
    case 'udt':
      return jsonOf(type.sqlType);
    case 'string':
      return isCollated(type) ? `string collate ${type.collation}` : 'string';
    default:
      // Types with parameters are written as in DDL.
      return JSON_NAME_BY_KIND.get(type.kind) ?? toSql(type).toLowerCase();
  }
}

function fieldJson({ name, dataType, nullable, metadata }: StructField): Json {
  const { type, collations } = takeCollations(dataType, name);
  const all = Object.keys(collations).length > 0 ? { ...metadata, [COLLATIONS_KEY]: collations } : metadata;
  return { name, type: jsonOf(type), nullable, metadata: all as Record<string, Json> };
}

/**
 * Reads the JSON form back.
 * @throws SyntaxError for a text that is no JSON, TypeError for JSON that is no type of Spark.
 */
export function fromJson(text: string): DataType {
  return typeOfJson(JSON.parse(text) as Json);
}

function typeOfJson(json: Json | undefined): DataType {
  if (typeof json === 'string') return typeOfName(json);
  const record = recordOf(json);
  switch (record['type']) {
    case 'array':
      return new ArrayType(typeOfJson(record['elementType']), record['containsNull'] !== false);
    case 'map':
      return new MapType(
        typeOfJson(record['keyType']),
        typeOfJson(record['valueType']),
        record['valueContainsNull'] !== false,
      );
    case 'struct':
      return new StructType(listOf(record['fields']).map(fieldOfJson));
    case 'udt':
      return { kind: 'udt', sqlType: typeOfJson(record['sqlType']) };
    default:
      throw new TypeError(`not a Spark type: ${JSON.stringify(json)}`);
  }
}

function typeOfName(name: string): DataType {
  const type = ATOMIC_JSON_NAMES.get(name) ?? sizedTypeOf(name) ?? intervalTypeOf(name);
  if (type === undefined) throw new TypeError(`not a Spark type: ${name}`);
  return type;
}

function sizedTypeOf(name: string): DataType | undefined {
  const collation = /^string collate (\w+)$/.exec(name)?.[1];
  if (collation !== undefined) return new CollatedStringType(collation);
  if (name === 'decimal') return new DecimalType();
  const decimal = /^decimal\((\d+),\s*(-?\d+)\)$/.exec(name);
  if (decimal !== null) return new DecimalType(Number(decimal[1]), Number(decimal[2]));
  const [, sized, length] = /^(char|varchar)\((\d+)\)$/.exec(name) ?? [];
  if (sized === undefined) return undefined;
  return sized === 'char' ? new CharType(Number(length)) : new VarcharType(Number(length));
}

function intervalTypeOf(name: string): DataType | undefined {
  const [, start = '', end = start] = /^interval (\w+)(?: to (\w+))?$/.exec(name) ?? [];
  const isYearMonth = YEAR_MONTH_FIELDS.includes(start);
  const names = isYearMonth ? YEAR_MONTH_FIELDS : DAY_TIME_FIELDS;
  const [startField, endField] = [names.indexOf(start), names.indexOf(end)];
  if (startField < 0 || endField < startField) return undefined;
  return isYearMonth
    ? new YearMonthIntervalType(startField, endField)
    : new DayTimeIntervalType(startField, endField);
}

function fieldOfJson(json: Json): StructField {
  const { name, type, nullable, metadata } = recordOf(json);
  if (typeof name !== 'string') throw new TypeError('a field of a Spark schema needs a name');
  const { [COLLATIONS_KEY]: collations = {}, ...others } = recordOf(metadata ?? {});
  const dataType = putCollations(typeOfJson(type), name, recordOf(collations));
  return new StructField(name, dataType, nullable !== false, others);
}

function recordOf(json: Json | undefined): { readonly [key: string]: Json } {
  if (typeof json === 'object' && json !== null && !isList(json)) return json;
  throw new TypeError(`not a Spark schema: ${JSON.stringify(json)}`);
}

function listOf(json: Json | undefined): readonly Json[] {
  if (json !== undefined && isList(json)) return json;
  throw new TypeError(`not a Spark schema: ${JSON.stringify(json)}`);
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}
