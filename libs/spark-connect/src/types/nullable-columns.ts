import type { CalendarInterval, RowValue } from './row';
import type { Timestamp } from './timestamp';

/** A row of the same columns, each of which may be NULL. */
export type NullableColumns<T extends object> = { [Name in keyof T]: T[Name] | null };

/**
 * A row of the same columns in which everything may be NULL, also inside of arrays, maps and structs: what a source makes of a schema.
 * Mirrors `asNullable` of `org.apache.spark.sql.types.StructType`.
 */
export type AsNullable<T extends object> = { [Name in keyof T]: AsNullableValue<T[Name]> | null };

// A value of any type (VARIANT, or a column nobody knows) stays one; that it is asked for first also ends the recursion.
type AsNullableValue<Value> = RowValue extends Value
  ? Value
  : Value extends Scalar
    ? Value
    : Value extends readonly (infer Element)[]
      ? readonly (AsNullableValue<Element> | null)[]
      : Value extends ReadonlyMap<infer Key, infer Entry>
        ? ReadonlyMap<AsNullableValue<Key>, AsNullableValue<Entry> | null>
        : Value extends object
          ? AsNullable<Value>
          : Value;

type Scalar = string | number | bigint | boolean | null | Timestamp | Uint8Array | CalendarInterval;
