import type { Snapshot } from '../snapshot/snapshot';
import type { KeyRange } from './key-range';
import { withinKeys } from './key-range';
import type { RowRange } from './page-window';
import { allRows, rowsIn } from './row-source';
import type { RowSource } from './row-source';

/**
 * The rows of some ranges, all of which have keys within some bounds. Where these are known, and each file has one range, it is one
 * scan, which costs half of a scan for each range.
 *
 * @param names of the columns that are needed.
 * @param locations of the files of the snapshot by their places, of those that there are ranges of.
 * @param ranges at least one.
 */
export function keyedRows(
  snapshot: Snapshot,
  names: readonly string[],
  locations: readonly string[],
  ranges: readonly RowRange[],
  keys: KeyRange | undefined,
): RowSource {
  const condition = keys && withinKeys(snapshot, keys);
  const files = ranges.map(({ file }) => file);
  if (keys === undefined || condition === undefined || new Set(files).size < files.length)
    return rowsIn(snapshot, names, locations, ranges);
  const inOrder = ranges.toSorted((one, other) => one.file - other.file);
  const source = rowsOfFiles(
    snapshot,
    [...names, keys.column],
    locations,
    inOrder.map(({ file }) => file),
  );
  const listOf = (index: number) =>
    `list_extract($${source.lists.length + 1 + index}::BIGINT[], CAST(file AS BIGINT) + 1)`;
  const within = `SELECT * FROM (${source.sql}) WHERE ${condition} AND row >= ${listOf(1)} AND row < ${listOf(2)}`;
  const places = [
    inOrder.map(({ file }) => String(file)),
    inOrder.map(({ from }) => String(from)),
    inOrder.map(({ to }) => String(to)),
  ];
  return {
    sql: `SELECT * REPLACE (${listOf(0)} AS file) FROM (${within})`,
    lists: [...source.lists, ...places],
  };
}

/**
 * The rows of some files whose keys are within bounds.
 *
 * @param names of the columns that are needed, among them that of the keys.
 * @param keys that the engine can be told: see {@link withinKeys}.
 */
export function rowsBetween(
  snapshot: Snapshot,
  names: readonly string[],
  locations: readonly string[],
  files: readonly number[],
  keys: KeyRange,
): RowSource {
  const condition = withinKeys(snapshot, keys);
  if (condition === undefined) throw new RangeError(`No keys: ${keys.lowest} to ${keys.highest}`);
  const inOrder = files.toSorted((one, other) => one - other);
  const source = rowsOfFiles(snapshot, names, locations, inOrder);
  return { sql: `SELECT * FROM (${source.sql}) WHERE ${condition}`, lists: source.lists };
}

/** All rows of some files by their places in the snapshot; in the result they have other places. */
function rowsOfFiles(
  snapshot: Snapshot,
  names: readonly string[],
  locations: readonly string[],
  files: readonly number[],
): RowSource {
  const part = { ...snapshot, files: files.flatMap((file) => snapshot.files[file] ?? []) };
  return allRows(
    part,
    names,
    files.map((file) => locations[file] ?? ''),
  );
}
