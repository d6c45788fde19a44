import type { NoColumns, Row, Nullable, ValueOf, WithColumn } from './row';

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

export interface AtomicType<Name extends AtomicTypeName = AtomicTypeName> {
  readonly kind: Name;
  /** Of a `string` only, and only where it is not Spark's default `UTF8_BINARY`. */
  readonly collation?: string;
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

/** ARRAY<element>. */
export class ArrayType<Element extends DataType = DataType, ContainsNull extends boolean = boolean> {
  readonly kind = 'array';
  constructor(
    readonly elementType: Element,
    readonly containsNull: ContainsNull = true as ContainsNull,
  ) {}
}

/** MAP<key, value>; keys are never NULL. */
export class MapType<
  Key extends DataType = DataType,
  Value extends DataType = DataType,
  ContainsNull extends boolean = boolean,
> {
  readonly kind = 'map';
  constructor(
    readonly keyType: Key,
    readonly valueType: Value,
    readonly valueContainsNull: ContainsNull = true as ContainsNull,
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

class TypedStruct<T extends object> {
  readonly kind = 'struct';
  /** Never there at run time: it carries the type of a row. */
  declare readonly rowType?: T;

  constructor(readonly fields: readonly StructField[] = []) {}

  /** A schema with one more column; this one stays as it is. */
  add<const Name extends string, Type extends DataType, IsNullable extends boolean = true>(
    name: Name,
    dataType: Type,
    nullable?: IsNullable,
    metadata: Readonly<Record<string, unknown>> = {},
  ): StructType<WithColumn<T, Name, Nullable<ValueOf<Type>, IsNullable>>> {
    return new TypedStruct([...this.fields, new StructField(name, dataType, nullable, metadata)]);
  }

  get fieldNames(): string[] {
    return this.fields.map((field) => field.name);
  }

  field(name: string): StructField | undefined {
    return this.fields.find((field) => field.name === name);
  }
}

/**
 * The schema of a table, or a nested record; immutable. It knows the TypeScript type of a row where it is built by `add` from
 * `new StructType()` (see {@link RowOf}); from a list of fields, or from the server, rows are of type {@link Row}.
 */
export type StructType<T extends object = Row> = TypedStruct<T>;

// The two constructors differ in the type they make, which the constructors of one class cannot.
export const StructType: {
  new (): StructType<NoColumns>;
  new (fields: readonly StructField[]): StructType;
} = TypedStruct;

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

export const NullType: AtomicType<'void'> = { kind: 'void' };
export const StringType: AtomicType<'string'> = { kind: 'string' };
export const BinaryType: AtomicType<'binary'> = { kind: 'binary' };
export const BooleanType: AtomicType<'boolean'> = { kind: 'boolean' };
export const ByteType: AtomicType<'tinyint'> = { kind: 'tinyint' };
export const ShortType: AtomicType<'smallint'> = { kind: 'smallint' };
export const IntegerType: AtomicType<'int'> = { kind: 'int' };
export const LongType: AtomicType<'bigint'> = { kind: 'bigint' };
export const FloatType: AtomicType<'float'> = { kind: 'float' };
export const DoubleType: AtomicType<'double'> = { kind: 'double' };
export const DateType: AtomicType<'date'> = { kind: 'date' };
export const TimestampType: AtomicType<'timestamp'> = { kind: 'timestamp' };
export const TimestampNTZType: AtomicType<'timestamp_ntz'> = { kind: 'timestamp_ntz' };
export const CalendarIntervalType: AtomicType<'interval'> = { kind: 'interval' };
export const VariantType: AtomicType<'variant'> = { kind: 'variant' };
