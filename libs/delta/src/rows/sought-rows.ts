import type { SortKey } from '@millrace/domain';
import { keyRangeOf } from './key-range';
import type { KeyRange } from './key-range';
import type { RowPlace } from './page-query';

/** Rows beside each other in an order. */
export interface SoughtRows {
  readonly places: readonly RowPlace[];
  /** Whether they follow the first column of the order alone, so that rows with equal keys are in no order among themselves. */
  readonly isByKeyAlone: boolean;
  /** Rows right before and behind them, where they follow their keys alone: all that have the key of the first or the last. */
  readonly before: readonly RowPlace[];
  readonly behind: readonly RowPlace[];
}

/** Where the rows of a page are. */
export type PagePlaces = RowsAtPlaces | RowsByKey;

export interface RowsAtPlaces {
  readonly places: readonly RowPlace[];
}

/** All rows with keys within bounds, among which the page is. */
export interface RowsByKey {
  readonly keys: KeyRange;
  /** Files that may hold such rows, by their places in the snapshot. */
  readonly files: readonly number[];
  readonly rows: number;
  /** Rows of them that come before the page, once they are sorted. */
  readonly before: number;
}

/** Rows with one key that are sorted only when a page of them is read. */
export const MOST_TIED = 64;

/**
 * Takes places that follow their keys alone apart, of which up to `MOST_TIED` on each side are beside those that are sought. Undefined
 * where more rows than these may have one key, or a row has none.
 */
export function byKeyAlone(
  places: readonly RowPlace[],
  offset: number,
  limit: number,
): SoughtRows | undefined {
  const start = Math.min(offset, MOST_TIED);
  const [before, sought, behind] = [
    places.slice(0, start),
    places.slice(start, start + limit),
    places.slice(start + limit),
  ];
  if (places.some(({ key }) => key === undefined)) return undefined;
  const isCutBefore = offset > MOST_TIED && before[0]?.key === sought[0]?.key;
  const isCutBehind = behind.length === MOST_TIED && behind.at(-1)?.key === sought.at(-1)?.key;
  return isCutBefore || isCutBehind ? undefined : { places: sought, isByKeyAlone: true, before, behind };
}

/**
 * The rows `from` up to, without it, `to` of some parts that follow each other.
 *
 * @returns undefined where the parts are not in one order: rows could be in two of them, or in none.
 */
export function pageOf(
  parts: readonly SoughtRows[],
  order: readonly SortKey[],
  from: number,
  to: number,
): PagePlaces | undefined {
  const [first, last] = [parts[0], parts.at(-1)];
  if (first === undefined || last === undefined) return { places: [] };
  if (parts.some(({ isByKeyAlone }) => isByKeyAlone !== first.isByKeyAlone)) return undefined;
  const all = [...first.before, ...parts.flatMap(({ places }) => places), ...last.behind];
  const [start, end] = [from + first.before.length, to + first.before.length];
  if (!first.isByKeyAlone) return { places: all.slice(start, end) };
  const [wholeStart, wholeEnd] = withTies(all, start, end);
  const places = all.slice(wholeStart, wholeEnd);
  const keys = keyRangeOf(order, places);
  if (keys === undefined) return undefined;
  const files = [...new Set(places.map(({ file }) => file))];
  return { keys, files, rows: places.length, before: start - wholeStart };
}

/** Also the rows that have the key of the first or the last. */
function withTies(all: readonly RowPlace[], start: number, end: number): [start: number, end: number] {
  const [lowest, highest] = [all[start]?.key, all[end - 1]?.key];
  let [wholeStart, wholeEnd] = [start, end];
  while (wholeStart > 0 && all[wholeStart - 1]?.key === lowest) wholeStart -= 1;
  while (wholeEnd < all.length && all[wholeEnd]?.key === highest) wholeEnd += 1;
  return [wholeStart, wholeEnd];
}
