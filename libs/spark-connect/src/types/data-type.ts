/** The types without parameters, by their DDL name. */
export const ATOMIC_TYPE_NAMES = [
  'void',
  'string',
  'binary',
  'boolean',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'float',
  'double',
  'date',
  'timestamp',
  'timestamp_ntz',
  'interval',
  'variant',
] as const;

export type AtomicTypeName = (typeof ATOMIC_TYPE_NAMES)[number];

export interface AtomicType {
  readonly kind: AtomicTypeName;
}

/** DECIMAL(precision, scale). */
export class DecimalType {
  readonly kind = 'decimal';
  constructor(
    readonly precision = 10,
    readonly scale = 0,
  ) {}
}

/** CHAR(n) or VARCHAR(n); in results such a column is a plain string. */
export interface SizedStringType {
  readonly kind: 'char' | 'varchar';
  readonly length: number;
}

/** INTERVAL YEAR TO MONTH (fields 0 year, 1 month) or INTERVAL DAY TO SECOND (0 day ... 3 second). */
export interface IntervalType {
  readonly kind: 'year_month_interval' | 'day_time_interval';
  readonly startField: number;
  readonly endField: number;
}

export class ArrayType {
  readonly kind = 'array';
  constructor(
    readonly elementType: DataType,
    readonly containsNull = true,
  ) {}
}

export class MapType {
  readonly kind = 'map';
  constructor(
    readonly keyType: DataType,
    readonly valueType: DataType,
    readonly valueContainsNull = true,
  ) {}
}

export class StructField {
  constructor(
    readonly name: string,
    readonly dataType: DataType,
    readonly nullable = true,
    readonly metadata: Readonly<Record<string, unknown>> = {},
  ) {}
}

/** The schema of a table, or a nested record. Immutable: `add` returns a new one. */
export class StructType {
  readonly kind = 'struct';

  constructor(readonly fields: readonly StructField[] = []) {}

  add(
    name: string,
    dataType: DataType,
    nullable = true,
    metadata: Readonly<Record<string, unknown>> = {},
  ): StructType {
    return new StructType([...this.fields, new StructField(name, dataType, nullable, metadata)]);
  }

  get fieldNames(): string[] {
    return this.fields.map((field) => field.name);
  }

  field(name: string): StructField | undefined {
    return this.fields.find((field) => field.name === name);
  }
}

/** A user-defined type; only its SQL shape is known here. */
export interface UserDefinedType {
  readonly kind: 'udt';
  readonly sqlType: DataType;
}

export type DataType =
  | AtomicType
  | DecimalType
  | SizedStringType
  | IntervalType
  | ArrayType
  | MapType
  | StructType
  | UserDefinedType;

export const NullType: AtomicType = { kind: 'void' };
export const StringType: AtomicType = { kind: 'string' };
export const BinaryType: AtomicType = { kind: 'binary' };
export const BooleanType: AtomicType = { kind: 'boolean' };
export const ByteType: AtomicType = { kind: 'tinyint' };
export const ShortType: AtomicType = { kind: 'smallint' };
export const IntegerType: AtomicType = { kind: 'int' };
export const LongType: AtomicType = { kind: 'bigint' };
export const FloatType: AtomicType = { kind: 'float' };
export const DoubleType: AtomicType = { kind: 'double' };
export const DateType: AtomicType = { kind: 'date' };
export const TimestampType: AtomicType = { kind: 'timestamp' };
export const TimestampNTZType: AtomicType = { kind: 'timestamp_ntz' };
export const CalendarIntervalType: AtomicType = { kind: 'interval' };
export const VariantType: AtomicType = { kind: 'variant' };
