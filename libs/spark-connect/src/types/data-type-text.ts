import {
  ArrayType,
  BinaryType,
  BooleanType,
  ByteType,
  CalendarIntervalType,
  DateType,
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
  VariantType,
  type AtomicType,
  type DataType,
  type IntervalType,
} from './data-type';

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

const YEAR_MONTH_FIELDS = ['year', 'month'];
const DAY_TIME_FIELDS = ['day', 'hour', 'minute', 'second'];

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Spark's DDL, e.g. `id BIGINT NOT NULL, tags ARRAY<STRING>` for a struct at the top, `STRUCT<...>` nested. */
export function toDdl(type: DataType): string {
  return type.kind === 'struct' ? type.fields.map((field) => fieldDdl(field, ' ')).join(', ') : typeDdl(type);
}

/** The type as SQL writes it, a struct as `STRUCT<id: BIGINT>` (`DataType.sql`). */
export function toSql(type: DataType): string {
  return typeDdl(type);
}

function typeDdl(type: DataType): string {
  switch (type.kind) {
    case 'decimal':
      return `DECIMAL(${String(type.precision)},${String(type.scale)})`;
    case 'char':
    case 'varchar':
      return `${type.kind.toUpperCase()}(${String(type.length)})`;
    case 'array':
      return `ARRAY<${typeDdl(type.elementType)}>`;
    case 'map':
      return `MAP<${typeDdl(type.keyType)}, ${typeDdl(type.valueType)}>`;
    case 'struct':
      return `STRUCT<${type.fields.map((field) => fieldDdl(field, ': ')).join(', ')}>`;
    case 'year_month_interval':
    case 'day_time_interval':
      return intervalText(type).toUpperCase();
    case 'udt':
      return typeDdl(type.sqlType);
    default:
      return atomicDdl(type);
  }
}

function atomicDdl({ kind, collation }: AtomicType): string {
  return collation === undefined ? kind.toUpperCase() : `${kind.toUpperCase()} COLLATE ${collation}`;
}

function fieldDdl(field: StructField, separator: string): string {
  const name = /^[A-Za-z_][A-Za-z0-9_]*$/.test(field.name)
    ? field.name
    : `\`${field.name.replaceAll('`', '``')}\``;
  return `${name}${separator}${typeDdl(field.dataType)}${field.nullable ? '' : ' NOT NULL'}`;
}

function intervalText(type: IntervalType): string {
  const names = type.kind === 'year_month_interval' ? YEAR_MONTH_FIELDS : DAY_TIME_FIELDS;
  const [start = '', end = ''] = [names[type.startField], names[type.endField]];
  return start === end ? `interval ${start}` : `interval ${start} to ${end}`;
}

/** The JSON form Spark and Delta store schemas in; unlike DDL it keeps the nullability of elements and the metadata. */
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
      return type.collation === undefined ? 'string' : `string collate ${type.collation}`;
    default:
      // Types with parameters are written as in DDL.
      return JSON_NAME_BY_KIND.get(type.kind) ?? typeDdl(type).toLowerCase();
  }
}

function fieldJson(field: StructField): Json {
  const metadata = field.metadata as Record<string, Json>;
  return { name: field.name, type: jsonOf(field.dataType), nullable: field.nullable, metadata };
}

/**
 * Reads the JSON form back.
 * @throws TypeError for anything that is not a Spark schema.
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
  if (collation !== undefined) return { kind: 'string', collation };
  if (name === 'decimal') return new DecimalType();
  const decimal = /^decimal\((\d+),\s*(-?\d+)\)$/.exec(name);
  if (decimal !== null) return new DecimalType(Number(decimal[1]), Number(decimal[2]));
  const text = /^(?:var)?char\((\d+)\)$/.exec(name);
  return text === null
    ? undefined
    : { kind: name.startsWith('var') ? 'varchar' : 'char', length: Number(text[1]) };
}

function intervalTypeOf(name: string): DataType | undefined {
  const [, start, end = start] = /^interval (\w+)(?: to (\w+))?$/.exec(name) ?? [];
  if (start === undefined || end === undefined) return undefined;
  const isYearMonth = YEAR_MONTH_FIELDS.includes(start);
  const names = isYearMonth ? YEAR_MONTH_FIELDS : DAY_TIME_FIELDS;
  const kind = isYearMonth ? 'year_month_interval' : 'day_time_interval';
  return { kind, startField: names.indexOf(start), endField: names.indexOf(end) };
}

function fieldOfJson(json: Json): StructField {
  const { name, type, nullable, metadata } = recordOf(json);
  if (typeof name !== 'string') throw new TypeError('a field of a Spark schema needs a name');
  return new StructField(
    name,
    typeOfJson(type),
    nullable !== false,
    metadata === undefined ? {} : recordOf(metadata),
  );
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
