import type { ArrayType, DataType, MapType, StructType } from './data-type';
import type { Timestamp } from './timestamp';

/**
 * A value as Spark computed it, without loss: BIGINT as `bigint`, DECIMAL as its exact digits, DATE as `YYYY-MM-DD`, TIMESTAMP as
 * {@link Timestamp}, BINARY as bytes, MAP as a `Map`, STRUCT as a plain object; intervals of days as microseconds (`bigint`), of months as
 * months (`number`), of the calendar as {@link CalendarInterval}. A VARIANT comes undecoded, as `{ value, metadata }`, the bytes of its
 * binary form: select `to_json(v)` or `variant_get(v, path, type)` instead.
 */
export type RowValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Timestamp
  | Uint8Array
  | readonly RowValue[]
  | ReadonlyMap<RowValue, RowValue>
  | RowObject;

/** A struct, keyed by field name. */
export interface RowObject {
  readonly [field: string]: RowValue;
}

/** One row of a result, keyed by column name; of two columns of one name the last wins. */
export type Row = RowObject;

/**
 * The type of the rows a schema describes, as results give them:
 * `RowOf<typeof Sale>` is `{ readonly id: bigint; readonly name: string | null }` for
 * `const Sale = new StructType().add('id', LongType, false).add('name', StringType)`.
 */
export type RowOf<Schema extends StructType> = Schema extends StructType<infer T> ? T : never;

/** The type of a value of this data type, as results give it; for a struct, of its fields. */
export type ValueOf<Type extends DataType> =
  Type extends StructType<infer Fields>
    ? Fields
    : Type extends ArrayType<infer Element, infer ContainsNull>
      ? readonly Nullable<ValueOf<Element>, ContainsNull>[]
      : Type extends MapType<infer Key, infer Value, infer ContainsNull>
        ? ReadonlyMap<ValueOf<Key>, Nullable<ValueOf<Value>, ContainsNull>>
        : Type extends { readonly kind: infer Kind extends keyof ScalarValues }
          ? ScalarValues[Kind]
          : RowValue;

/** An INTERVAL of the calendar; a type and not an interface, so that it is a {@link RowValue}, too. */
export type CalendarInterval = Readonly<{ months: number; days: number; microseconds: bigint }>;

/** A value that may be NULL. */
export type Nullable<Value, IsNullable extends boolean> = IsNullable extends false ? Value : Value | null;

/** What is known of the columns of `new StructType()`. */
// eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type -- a row without columns is just that
export type NoColumns = Readonly<Record<never, never>>;

/** A row with one more column. A row of unknown columns stays one, and becomes one by a column whose name the compiler does not know. */
export type WithColumn<T, Name extends string, Value> = string extends keyof T
  ? T
  : string extends Name
    ? Row
    : { readonly [Key in keyof T | Name]: Key extends Name ? Value : Key extends keyof T ? T[Key] : never };

interface ScalarValues {
  readonly void: null;
  readonly string: string;
  readonly char: string;
  readonly varchar: string;
  readonly binary: Uint8Array;
  readonly boolean: boolean;
  readonly tinyint: number;
  readonly smallint: number;
  readonly int: number;
  readonly bigint: bigint;
  readonly float: number;
  readonly double: number;
  readonly decimal: string;
  readonly date: string;
  readonly timestamp: Timestamp;
  readonly timestamp_ntz: Timestamp;
  readonly year_month_interval: number;
  readonly day_time_interval: bigint;
  readonly interval: CalendarInterval;
}
