import type { RowValue } from '../types/row';
import type { Timestamp } from '../types/timestamp';
import type { InputTuple, InputValue } from './input-values';

/**
 * What may be sent for values of this type of results (see `RowOf`): these themselves, an integral `number` for a BIGINT, a `Date` for a
 * TIMESTAMP, an object or a list for a STRUCT, `undefined` for NULL. Of columns only known at run time any object may be a row.
 */
export type InputOf<T> = [RowValue] extends [T] ? InputValue : InputPart<T>;

type InputPart<T> = T extends null
  ? null | undefined
  : T extends bigint
    ? bigint | number
    : T extends Timestamp
      ? Timestamp | Date
      : T extends string | number | boolean | Uint8Array
        ? T
        : InputNested<T>;

type InputNested<T> = T extends readonly (infer Element)[]
  ? readonly InputOf<Element>[]
  : T extends ReadonlyMap<infer Key, infer Value>
    ? ReadonlyMap<InputOf<Key>, InputOf<Value>>
    : InputTuple | InputRowOf<T>;

/** A row of these columns, keyed by name; those that may be NULL may be left out. */
export type InputRowOf<Columns> = string extends keyof Columns
  ? object
  : {
      readonly [Name in keyof Columns as null extends Columns[Name] ? never : Name]: InputOf<Columns[Name]>;
    } & {
      readonly [Name in keyof Columns as null extends Columns[Name] ? Name : never]?: InputOf<Columns[Name]>;
    };

/**
 * `T`, where all its members can be sent: as `InputRow`, which interfaces do not fit because they have no index signature, and refusing
 * objects with methods, such as a `Set`.
 */
export type Sendable<T> = {
  readonly [Name in keyof T]: T[Name] extends InputValue
    ? T[Name]
    : T[Name] extends (...args: never) => unknown
      ? never
      : Sendable<T[Name]>;
};
