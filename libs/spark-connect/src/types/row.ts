import type { Timestamp } from './timestamp';

/**
 * A value as Spark computed it, without loss: BIGINT as `bigint`, DECIMAL as its exact digits, DATE as `YYYY-MM-DD`, TIMESTAMP as
 * {@link Timestamp}, BINARY as bytes, MAP as a `Map`, STRUCT as a plain object, intervals of days as microseconds, of months as months.
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
