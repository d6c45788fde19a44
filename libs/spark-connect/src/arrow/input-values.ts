import { Timestamp } from '../types/timestamp';
import type { DecimalType } from '../types/data-type';
import { decimalWords, epochDayOf } from './exact-text';

/** What a row to be sent may hold: as in results, and `Date` for timestamps. */
export type InputValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | Date
  | Timestamp
  | Uint8Array
  | readonly InputValue[]
  | ReadonlyMap<InputValue, InputValue>
  | InputRow;

/** A row to be sent, keyed by column name; a missing column is NULL. */
export interface InputRow {
  readonly [column: string]: InputValue;
}

/** A row to be sent as its values in the order of the columns. */
export type InputTuple = readonly InputValue[];

type Values = readonly InputValue[];

const SHOWN_CHARACTERS = 40;

// A value that is missing is NULL: its bit is off and whatever stands in the buffer is never read.

export function isMissing(value: InputValue): value is null | undefined {
  return value === null || value === undefined;
}

/** A struct: an object that is none of the values with a meaning of their own. */
export function isRow(value: InputValue): value is InputRow {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return ![Map, Date, Timestamp, Uint8Array].some((type) => value instanceof type);
}

/** A value that does not fit its column is refused: written as something else it would be wrong data. */
export function refuse(value: InputValue, type: string): never {
  throw new TypeError(`${described(value)} cannot be sent as ${type}`);
}

function described(value: InputValue): string {
  if (isMissing(value)) return 'NULL';
  if (typeof value === 'object') return `a value of type ${value.constructor.name}`;
  return `the ${typeof value} ${String(value).slice(0, SHOWN_CHARACTERS)}`;
}

export function integerOf(bits: number): (value: InputValue) => number {
  const limit = 2 ** (bits - 1);
  return (value) => {
    if (isMissing(value)) return 0;
    const number = typeof value === 'bigint' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isInteger(number)) return refuse(value, 'an integer');
    return number >= -limit && number < limit ? number : refuse(value, `an integer of ${String(bits)} bits`);
  };
}

export function longOf(value: InputValue): bigint {
  if (isMissing(value)) return 0n;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  return typeof value === 'bigint' && BigInt.asIntN(64, value) === value ? value : refuse(value, 'bigint');
}

export function fractionOf(value: InputValue): number {
  if (isMissing(value)) return 0;
  return typeof value === 'number' ? value : refuse(value, 'double');
}

export function booleanOf(value: InputValue): boolean {
  if (isMissing(value)) return false;
  return typeof value === 'boolean' ? value : refuse(value, 'boolean');
}

export function microsOf(value: InputValue): bigint {
  if (isMissing(value)) return 0n;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return Timestamp.fromDate(value).epochMicros;
  return value instanceof Timestamp ? value.epochMicros : refuse(value, 'timestamp');
}

export function epochDayOfValue(value: InputValue): number {
  if (isMissing(value)) return 0;
  return typeof value === 'string' ? epochDayOf(value) : refuse(value, 'date');
}

/** A decimal is written as its digits; an integer may be a number. A fractional number is refused: its digits are not what was meant. */
export function decimalWordsOf(value: InputValue, { precision, scale }: DecimalType): Uint32Array {
  if (isMissing(value)) return new Uint32Array(4);
  const isInteger = typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value));
  const text = isInteger ? value.toString() : value;
  if (typeof text !== 'string') return refuse(value, 'decimal');
  const wholeDigits = text.replace(/^[+-]?0*/, '').replace(/\..*$/, '').length;
  return wholeDigits > precision - scale
    ? refuse(value, `decimal(${String(precision)},${String(scale)})`)
    : decimalWords(text, scale);
}

export function byteLengthOf(value: InputValue): number {
  if (isMissing(value)) return 0;
  if (value instanceof Uint8Array) return value.length;
  return typeof value === 'string' ? Buffer.byteLength(value) : refuse(value, 'string or binary');
}

/** Writes a value that has a byte length; all of a column into one buffer, less than half of the time of joining pieces. */
export function writeBytes(into: Buffer, at: number, value: InputValue): void {
  if (typeof value === 'string') into.write(value, at);
  else if (value instanceof Uint8Array) into.set(value, at);
}

export function listOf(value: InputValue): Values {
  if (isMissing(value)) return [];
  return isList(value) ? value : refuse(value, 'array');
}

export function mapEntriesOf(value: InputValue): (readonly [key: InputValue, value: InputValue])[] {
  if (isMissing(value)) return [];
  if (!(value instanceof Map)) return refuse(value, 'map');
  const entries = [...(value as ReadonlyMap<InputValue, InputValue>)];
  return entries.some(([key]) => isMissing(key)) ? refuse(null, 'the key of a map') : entries;
}

/** Bytes with one bit a value. */
export function bitmap(values: Values, isSet: (value: InputValue) => boolean): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  for (const [at, value] of values.entries()) {
    if (isSet(value)) bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
  }
  return bits;
}

export function validity(values: Values): { nullCount: number; nullBitmap: Uint8Array } {
  return {
    nullCount: values.filter(isMissing).length,
    nullBitmap: bitmap(values, (value) => !isMissing(value)),
  };
}

export function offsetsOf(lengths: readonly number[]): Int32Array {
  const offsets = new Int32Array(lengths.length + 1);
  for (const [at, length] of lengths.entries()) offsets[at + 1] = (offsets[at] ?? 0) + length;
  return offsets;
}

export function isList(value: InputValue): value is Values {
  return Array.isArray(value);
}
