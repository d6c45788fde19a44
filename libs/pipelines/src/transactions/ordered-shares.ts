import {
  array,
  element_at,
  floor,
  greatest,
  hash,
  least,
  lit,
  pmod,
  unix_seconds,
} from 'spark-connect-js/functions';
import type { Column } from 'spark-connect-js';
import type { RowSelection } from '../pipeline';

/** Parts of the time of a selection, the rows of each of which are dealt out by category. */
const SLICES = 32;
const SHARES_OF_SLICE = 8;

/** Partitions that rows are first dealt to; Spark joins small ones that are beside each other and splits those of more than 64 MiB. */
export const SHARES = SLICES * SHARES_OF_SLICE;

const SECONDS_PER_DAY = 86_400;
/** Before the end, where a selection does not say from when on. */
const USUAL_DAYS = 120;

/**
 * A number by which Spark's hash partitioning deals a row to the share of its time and category, shares in the order of time: so those
 * that it joins are of times beside each other, and a page finds its rows in one file of each category.
 */
export function shareNumber(selection: RowSelection): Column {
  const { start, end } = periodOf(selection);
  const width = Math.max(1, (end - start) / SLICES);
  const slice = floor(unix_seconds('event_timestamp').minus(lit(start)).divide(lit(width)));
  const within = least(greatest(slice, lit(0)), lit(SLICES - 1)).cast('int');
  const ofCategory = pmod(hash('category'), lit(SHARES_OF_SLICE));
  const numbers = array(...numbersDealtTo(SHARES).map((number) => lit(number)));
  return element_at(numbers, within.multiply(lit(SHARES_OF_SLICE)).plus(ofCategory).plus(lit(1)));
}

/** The time that rows may be of, in seconds since 1970. What lies outside is dealt to the first or the last slice. */
function periodOf({ startDate, endDate, afterEventTimestamp: after }: RowSelection) {
  const tomorrow = Math.ceil(Date.now() / 1_000) + SECONDS_PER_DAY;
  const lastDay = endDate === null ? Number.POSITIVE_INFINITY : secondsOf(endDate) + SECONDS_PER_DAY;
  const end = Math.min(lastDay, tomorrow);
  const starts = [startDate, after].filter((text) => text !== null).map(secondsOf);
  return { start: starts.length === 0 ? end - USUAL_DAYS * SECONDS_PER_DAY : Math.max(...starts), end };
}

const secondsOf = (text: string) => Math.floor(Date.parse(text) / 1_000);

/** By the index of each share a number that `HashPartitioning` deals to it: `pmod(hash(number), shares)` is the index. */
export function numbersDealtTo(shares: number): readonly number[] {
  const numbers = new Map<number, number>();
  for (let number = 0; numbers.size < shares; number += 1) {
    const share = ((murmur3(number) % shares) + shares) % shares;
    if (!numbers.has(share)) numbers.set(share, number);
  }
  return Array.from({ length: shares }, (_, share) => numbers.get(share) ?? 0);
}

const SPARK_SEED = 42;
const BYTES_OF_INT = 4;

/** As `Murmur3_x86_32.hashInt` of Spark, which its `hash` is of one INT. */
function murmur3(value: number): number {
  const mixed = Math.imul(rotated(Math.imul(value, 0xcc9e2d51), 15), 0x1b873593);
  let hashed = (Math.imul(rotated(SPARK_SEED ^ mixed, 13), 5) + 0xe6546b64) ^ BYTES_OF_INT;
  hashed = Math.imul(hashed ^ (hashed >>> 16), 0x85ebca6b);
  hashed = Math.imul(hashed ^ (hashed >>> 13), 0xc2b2ae35);
  return hashed ^ (hashed >>> 16);
}

const rotated = (value: number, bits: number) => (value << bits) | (value >>> (32 - bits));
