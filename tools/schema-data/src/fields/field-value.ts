import type { Random } from '@millrace/generator';

/** A value as it stands in JSON; a time is text. */
export type FieldValue = string | number | boolean | null;

/** The value of a field in the next record, whose earlier fields have these values. */
export type MakeValue = (record: readonly FieldValue[]) => FieldValue;

/** What the values of a field are made from, beside its definition. */
export interface FieldContext {
  /** Of this field alone, so that other fields can come and go. */
  readonly random: Random;
  /** What `now` means, in milliseconds since 1970. */
  readonly referenceMs: number;
  /** How many values will be made. */
  readonly records: number;
  /** Where a record has the field whose column is called so. */
  readonly indexOf: (column: string) => number;
  /** The points of this record, by the index of the field that has their area. */
  readonly points: Map<number, Point>;
  /** The problem of this field that only its use shows, with the steps to it from the field. */
  readonly refuse: (steps: readonly (string | number)[], message: string) => Error;
}

/** Degrees, changed with each record. */
export interface Point {
  latitude: number;
  longitude: number;
}

/** A value as it is written in CSV; null is empty. */
export const textOf = (value: FieldValue): string => (value === null ? '' : String(value));
