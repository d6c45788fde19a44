import type { DataFile } from '../snapshot/snapshot';
import type { PrimitiveType } from '../snapshot/table-schema';
import { isObject } from '../log/log-action';
import type { Bound } from './page-window';

export interface Bounds {
  readonly lowest: Bound;
  readonly highest: Bound;
}

/** What can be said of values that may be null, or of which nothing was noted. */
export const NO_BOUNDS: Bounds = {
  lowest: Number.NEGATIVE_INFINITY,
  highest: Number.POSITIVE_INFINITY,
};

/** Types whose bounds are whole numbers, in the same unit in every file. */
export const COUNTED_TYPES: ReadonlySet<PrimitiveType> = new Set([
  'long',
  'integer',
  'short',
  'byte',
  'date',
  'timestamp',
  'timestamp_ntz',
]);

const MS_PER_DAY = 86_400_000;
const MICROS_PER_MS = 1_000n;

/**
 * Bounds of a column in a file as the log has them, in the unit that the column is stored in: whole numbers, days, microseconds.
 * Writers cut timestamps to the millisecond, so theirs are a millisecond wider on each side.
 */
export function logBounds({ stats }: DataFile, column: string, type: PrimitiveType): Bounds {
  const noted = parsed(stats);
  if (memberOf(noted['nullCount'], column) !== 0) return NO_BOUNDS;
  const lowest = valueOf(memberOf(noted['minValues'], column), type);
  const highest = valueOf(memberOf(noted['maxValues'], column), type);
  if (lowest === undefined || highest === undefined) return NO_BOUNDS;
  return widened({ lowest, highest }, type);
}

/**
 * Bounds of a value that somebody wrote, in the same unit. Not the value itself where it is a time, whose microseconds are left out.
 * Nothing is known of what is no value of the type.
 */
export function valueBounds(text: string, type: PrimitiveType): Bounds {
  const value = /^-?\d+$/.test(text) ? BigInt(text) : valueOf(text, type);
  return value === undefined ? NO_BOUNDS : widened({ lowest: value, highest: value }, type);
}

function widened({ lowest, highest }: { lowest: bigint; highest: bigint }, type: PrimitiveType): Bounds {
  const isCut = type === 'timestamp' || type === 'timestamp_ntz';
  return isCut ? { lowest: lowest - MICROS_PER_MS, highest: highest + MICROS_PER_MS } : { lowest, highest };
}

function parsed(stats: string | undefined): Readonly<Record<string, unknown>> {
  if (stats === undefined) return {};
  try {
    const noted: unknown = JSON.parse(stats);
    return isObject(noted) ? noted : {};
  } catch {
    return {};
  }
}

const memberOf = (values: unknown, name: string): unknown => (isObject(values) ? values[name] : undefined);

function valueOf(value: unknown, type: PrimitiveType): bigint | undefined {
  switch (type) {
    case 'long':
    case 'integer':
    case 'short':
    case 'byte':
      return Number.isSafeInteger(value) ? BigInt(value as number) : undefined;
    case 'date':
      return whole(epochMs(value, 'T00:00:00Z') / MS_PER_DAY);
    case 'timestamp':
      return micros(epochMs(value, ''));
    case 'timestamp_ntz':
      return micros(epochMs(value, 'Z'));
    default:
      return undefined;
  }
}

/** A time, with its zone. What is written otherwise would be taken for a time of this machine's zone. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** @param rest what a value of the type leaves out of a time with its zone. */
function epochMs(value: unknown, rest: string): number {
  const instant = typeof value === 'string' ? value + rest : '';
  return INSTANT.test(instant) ? Date.parse(instant) : Number.NaN;
}

const whole = (value: number) => (Number.isSafeInteger(value) ? BigInt(value) : undefined);

function micros(ms: number): bigint | undefined {
  const known = whole(ms);
  return known === undefined ? undefined : known * MICROS_PER_MS;
}
