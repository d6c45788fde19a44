import type { RowPlace } from './page-query';
import type { RowRange } from './page-window';

/** More ranges are not read by themselves: each may be a scan of its own in the plan. */
const MOST_RANGES = 128;
/** Rows beside each other that are read for nothing before another range is begun; more where the ranges were too many. */
const GAPS = [1_000, 10_000, 100_000, Number.POSITIVE_INFINITY];

/** As few rows around the places as the number of ranges allows. */
export function rangesOf(places: readonly RowPlace[]): RowRange[] {
  const inOrder = places.toSorted((one, other) => one.file - other.file || one.row - other.row);
  let ranges: RowRange[] = [];
  for (const gap of GAPS) {
    ranges = rangesWithin(inOrder, gap);
    if (ranges.length <= MOST_RANGES) break;
  }
  return ranges;
}

function rangesWithin(places: readonly RowPlace[], gap: number): RowRange[] {
  const ranges: { file: number; from: number; to: number }[] = [];
  for (const { file, row } of places) {
    const last = ranges.at(-1);
    if (last?.file === file && row - last.to <= gap) last.to = row + 1;
    else ranges.push({ file, from: row, to: row + 1 });
  }
  return ranges;
}

export const rowsOf = (ranges: readonly RowRange[]): number =>
  ranges.reduce((sum, { from, to }) => sum + to - from, 0);

/** Whether ranges are few enough to be read without the rest. */
export const isReadByRange = (ranges: readonly RowRange[]): boolean =>
  ranges.length > 0 && ranges.length <= MOST_RANGES;
