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

/** DDL names of the types without parameters. */
export type AtomicTypeName = (typeof ATOMIC_TYPE_NAMES)[number];

/** A type without parameters, but for the collation of a text. */
export interface AtomicType<Name extends AtomicTypeName = AtomicTypeName> {
  readonly kind: Name;
  /** Of a `string` only, and only where it is not Spark's default `UTF8_BINARY`: see {@link CollatedStringType}. */
  readonly collation?: string;
}

/** STRING COLLATE collation, such as `'UNICODE_CI'`: `string`. It tells how texts compare, not what they hold. */
export class CollatedStringType {
  readonly kind = 'string';
  constructor(readonly collation: string) {}
}

/** DECIMAL(precision, scale): its digits as `string`, such as `'12.50'`. */
export class DecimalType {
  readonly kind = 'decimal';
  constructor(
    readonly precision = 10,
    readonly scale = 0,
  ) {}
}

/** CHAR(length), padded with spaces: `string`. In results such a column is a STRING. */
export class CharType {
  readonly kind = 'char';
  constructor(readonly length: number) {}
}

/** VARCHAR(length): `string`. In results such a column is a STRING. */
export class VarcharType {
  readonly kind = 'varchar';
  constructor(readonly length: number) {}
}

/** A text whose number of characters is limited. */
export type SizedStringType = CharType | VarcharType;

/** INTERVAL YEAR TO MONTH, or only one of its fields: months as `number`. */
export class YearMonthIntervalType {
  static readonly YEAR = 0;
  static readonly MONTH = 1;

  readonly kind = 'year_month_interval';
  readonly startField: number;
  readonly endField: number;

  /**
   * All fields without arguments, one field with one, as in Spark.
   * @throws RangeError when there are no such fields in this order.
   */
  constructor(startField?: number, endField?: number) {
    [this.startField, this.endField] = intervalFields(YearMonthIntervalType.MONTH, startField, endField);
  }
}

/** INTERVAL DAY TO SECOND, or a part of its fields: microseconds as `bigint`. */
export class DayTimeIntervalType {
  static readonly DAY = 0;
  static readonly HOUR = 1;
  static readonly MINUTE = 2;
  static readonly SECOND = 3;

  readonly kind = 'day_time_interval';
  readonly startField: number;
  readonly endField: number;

  /**
   * All fields without arguments, one field with one, as in Spark.
   * @throws RangeError when there are no such fields in this order.
   */
  constructor(startField?: number, endField?: number) {
    [this.startField, this.endField] = intervalFields(DayTimeIntervalType.SECOND, startField, endField);
  }
}

function intervalFields(last: number, startField?: number, endField?: number): [number, number] {
  const start = startField ?? 0;
  const end = endField ?? startField ?? last;
  const isThere =
    Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= last;
  if (!isThere) throw new RangeError(`there is no interval from field ${String(start)} to ${String(end)}`);
  return [start, end];
}

/** An interval of the SQL standard. */
export type IntervalType = YearMonthIntervalType | DayTimeIntervalType;

/** ARRAY<element>: an array. */
export class ArrayType<Element extends DataType = DataType, ContainsNull extends boolean = boolean> {
  readonly kind = 'array';
  constructor(
    readonly elementType: Element,
    readonly containsNull: ContainsNull = true as ContainsNull,
  ) {}
}

/** MAP<key, value>: a `Map`; keys are never NULL. */
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

/** A column of a table, or a field of a struct; immutable. `metadata` is anything that JSON can hold, such as `{ comment: '...' }`. */
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

  /** In the order of the columns. */
  get fieldNames(): string[] {
    return this.fields.map((field) => field.name);
  }

  /** The first one of that name, letter by letter. */
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

/**
 * A type of Spark SQL; `kind` tells which: the DDL name where there is one, such as `'bigint'`, else `'year_month_interval'`,
 * `'day_time_interval'` or `'udt'`.
 */
export type DataType =
  | AtomicType
  | CollatedStringType
  | DecimalType
  | SizedStringType
  | IntervalType
  | ArrayType
  | MapType
  | StructType
  | UserDefinedType;

/** VOID, the type of a bare NULL: `null`. */
export const NullType: AtomicType<'void'> = { kind: 'void' };
/** STRING: `string`. Of another collation: {@link CollatedStringType}. */
export const StringType: AtomicType<'string'> = { kind: 'string' };
/** BINARY: `Uint8Array`. */
export const BinaryType: AtomicType<'binary'> = { kind: 'binary' };
/** BOOLEAN: `boolean`. */
export const BooleanType: AtomicType<'boolean'> = { kind: 'boolean' };
/** TINYINT, 8 bits with a sign: `number`. */
export const ByteType: AtomicType<'tinyint'> = { kind: 'tinyint' };
/** SMALLINT, 16 bits with a sign: `number`. */
export const ShortType: AtomicType<'smallint'> = { kind: 'smallint' };
/** INT, 32 bits with a sign: `number`. */
export const IntegerType: AtomicType<'int'> = { kind: 'int' };
/** BIGINT, 64 bits with a sign: `bigint`. */
export const LongType: AtomicType<'bigint'> = { kind: 'bigint' };
/** FLOAT, 32 bits: `number`. */
export const FloatType: AtomicType<'float'> = { kind: 'float' };
/** DOUBLE, 64 bits: `number`. */
export const DoubleType: AtomicType<'double'> = { kind: 'double' };
/** DATE, a day without a time zone: `string`, `'YYYY-MM-DD'`. */
export const DateType: AtomicType<'date'> = { kind: 'date' };
/** TIMESTAMP, an instant: `Timestamp`, microseconds since the epoch. */
export const TimestampType: AtomicType<'timestamp'> = { kind: 'timestamp' };
/** TIMESTAMP_NTZ, a day and a time without a time zone: `Timestamp`, as if the wall clock were UTC. */
export const TimestampNTZType: AtomicType<'timestamp_ntz'> = { kind: 'timestamp_ntz' };
/** INTERVAL of the calendar: `CalendarInterval`. */
export const CalendarIntervalType: AtomicType<'interval'> = { kind: 'interval' };
/** VARIANT, a value of any type: `{ value, metadata }`, the bytes of its binary form; `to_json` and `variant_get` tell what they mean. */
export const VariantType: AtomicType<'variant'> = { kind: 'variant' };
