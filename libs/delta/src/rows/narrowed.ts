import type { DataFile, Snapshot } from '../snapshot/snapshot';
import { COUNTED_TYPES, NO_BOUNDS, logBounds, valueBounds } from './log-bounds';
import type { Bounds } from './log-bounds';
import type { ColumnFilter, FilterOperator, RowFilter } from './row-filter';
import { requireColumn } from './row-source';

/** What the log alone says of the rows of a file and a condition. */
type Verdict = 'all' | 'some' | 'none';

/** What is left of a snapshot and of conditions. */
export interface Narrowed {
  /** With the files that may hold rows. */
  readonly snapshot: Snapshot;
  /** Conditions that do not hold for all rows of these files anyway. */
  readonly filters: readonly RowFilter[];
}

/**
 * Leaves files out of which the log says that no row fulfils the conditions, and conditions of which it says that every row does: so
 * the rows of one partition page as a table of their own.
 *
 * @throws UnknownDeltaColumn
 */
export function narrowed(snapshot: Snapshot, filters: readonly RowFilter[]): Narrowed {
  const verdicts = filters.map((filter) => verdictOf(snapshot, filter));
  const files = snapshot.files.filter((file) => verdicts.every((verdict) => verdict(file) !== 'none'));
  const isLeft = (_: RowFilter, index: number) => files.some((file) => verdicts[index]?.(file) !== 'all');
  return { snapshot: { ...snapshot, files }, filters: filters.filter(isLeft) };
}

function verdictOf(snapshot: Snapshot, filter: RowFilter): (file: DataFile) => Verdict {
  if ('anyOf' in filter) {
    const verdicts = filter.anyOf.map((one) => verdictOf(snapshot, one));
    return (file) => anyOf(verdicts.map((verdict) => verdict(file)));
  }
  const { type } = requireColumn(snapshot, filter.column).field;
  const isPartition = snapshot.partitionColumns.includes(filter.column);
  if (isPartition) {
    // Of other types several texts can be one value.
    const isText = type.kind === 'primitive' && type.name === 'string';
    return (file) => ofPartition(file.partitionValues[filter.column] ?? null, filter, isText);
  }
  if (type.kind !== 'primitive' || !COUNTED_TYPES.has(type.name)) return () => 'some';
  const values = filter.values.map((value) => valueBounds(value, type.name));
  return (file) => ofBounds(logBounds(file, filter.column, type.name), filter, values);
}

function anyOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('all')) return 'all';
  return verdicts.includes('some') ? 'some' : 'none';
}

const whether = (isFulfilled: boolean): Verdict => (isFulfilled ? 'all' : 'none');

function ofPartition(value: string | null, { operator, values }: ColumnFilter, isText: boolean): Verdict {
  if (operator === 'null') return whether(value === null);
  if (value === null) return 'none';
  if (operator === 'notnull') return 'all';
  if (!isText) return 'some';
  switch (operator) {
    case 'eq':
    case 'in':
      return whether(values.includes(value));
    case 'ne':
      return whether(!values.includes(value));
    default:
      return 'some';
  }
}

/** @param bounds of values that are all not null, where anything is known of them. */
function ofBounds(bounds: Bounds, { operator }: ColumnFilter, values: readonly Bounds[]): Verdict {
  if (bounds.lowest === NO_BOUNDS.lowest) return 'some';
  if (operator === 'null' || operator === 'notnull') return whether(operator === 'notnull');
  const each = values.map((value) => COMPARED[operator](bounds, value));
  return anyOf(each);
}

const decided = (isAll: boolean, isNone: boolean): Verdict => (isAll ? 'all' : isNone ? 'none' : 'some');

const isEqual = (one: Bounds, other: Bounds) =>
  one.lowest === one.highest && other.lowest === other.highest && one.lowest === other.lowest;
const isApart = (one: Bounds, other: Bounds) => one.highest < other.lowest || one.lowest > other.highest;

/** Whether every value within some bounds compares so to a value within others, or none does. */
const COMPARED: Readonly<
  Record<Exclude<FilterOperator, 'null' | 'notnull'>, (file: Bounds, value: Bounds) => Verdict>
> = {
  eq: (file, value) => decided(isEqual(file, value), isApart(file, value)),
  in: (file, value) => decided(isEqual(file, value), isApart(file, value)),
  ne: (file, value) => decided(isApart(file, value), isEqual(file, value)),
  lt: (file, value) => decided(file.highest < value.lowest, file.lowest >= value.highest),
  le: (file, value) => decided(file.highest <= value.lowest, file.lowest > value.highest),
  gt: (file, value) => decided(file.lowest > value.highest, file.highest <= value.lowest),
  ge: (file, value) => decided(file.lowest >= value.highest, file.highest < value.lowest),
};
