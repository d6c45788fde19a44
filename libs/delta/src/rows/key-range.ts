import type { SortKey } from '@millrace/domain';
import type { Snapshot } from '../snapshot/snapshot';
import type { PrimitiveType } from '../snapshot/table-schema';
import { COUNTED_TYPES } from './log-bounds';
import type { Bounds } from './log-bounds';
import type { Bound } from './page-window';
import type { RowPlace } from './page-query';
import { columnName, requireColumn } from './row-source';

/** Bounds of the values that rows have in a column of whole numbers or times, in the unit in which it is stored. */
export interface KeyRange extends Bounds {
  readonly column: string;
}

/** Far inside of what the engine's times can be; no bound beyond is worth an error. */
const LARGEST_BOUND = 1n << 60n;
/** The same for days. */
const LARGEST_DAY = 1n << 30n;

/** SQL of the whole number as which a value of the first column of an order is stored; null where there is none. */
export function storedKey(snapshot: Snapshot, { column }: SortKey): string {
  const { type, name } = keyColumn(snapshot, column);
  switch (type) {
    case undefined:
      return 'NULL';
    case 'date':
      return `CASE WHEN isfinite(${name}) THEN CAST(${name} - DATE '1970-01-01' AS BIGINT) END`;
    case 'timestamp':
    case 'timestamp_ntz':
      return `CASE WHEN isfinite(${name}) THEN epoch_us(${name}) END`;
    default:
      return `CAST(${name} AS BIGINT)`;
  }
}

/** From the key of one row in an order to that of another behind it; undefined where one has none. */
export function keyRangeBetween(
  { column, direction }: SortKey,
  from: bigint | undefined,
  to: bigint | undefined,
): KeyRange | undefined {
  if (from === undefined || to === undefined) return undefined;
  const [lowest, highest] = direction === 'asc' ? [from, to] : [to, from];
  return { column, lowest, highest };
}

/** Of rows in an order, of which the first and the last have keys where all have. */
export const keyRangeOf = ([first]: readonly SortKey[], places: readonly RowPlace[]): KeyRange | undefined =>
  first && keyRangeBetween(first, places[0]?.key, places.at(-1)?.key);

/**
 * SQL that every row within the range fulfils, by which the engine passes over row groups. Undefined where nothing is known, so that
 * rows without a value could be among them.
 */
export function withinKeys(snapshot: Snapshot, { column, lowest, highest }: KeyRange): string | undefined {
  const { type, name } = keyColumn(snapshot, column);
  const [from, to] = [keyLiteral(lowest, type), keyLiteral(highest, type)];
  return from === undefined || to === undefined ? undefined : `${name} BETWEEN ${from} AND ${to}`;
}

function keyColumn(snapshot: Snapshot, column: string) {
  const { field, index } = requireColumn(snapshot, column);
  const isCounted = field.type.kind === 'primitive' && COUNTED_TYPES.has(field.type.name);
  const type = field.type.kind === 'primitive' && isCounted ? field.type.name : undefined;
  return { type, name: columnName(index) };
}

function keyLiteral(bound: Bound, type: PrimitiveType | undefined): string | undefined {
  if (typeof bound === 'number') return undefined;
  const size = bound < 0n ? -bound : bound;
  switch (type) {
    case undefined:
      return undefined;
    case 'date':
      return size > LARGEST_DAY ? undefined : `DATE '1970-01-01' + CAST(${bound} AS INTEGER)`;
    case 'timestamp':
      return size > LARGEST_BOUND ? undefined : `make_timestamptz(${bound})`;
    case 'timestamp_ntz':
      return size > LARGEST_BOUND ? undefined : `make_timestamp(${bound})`;
    default:
      return `CAST('${bound}' AS BIGINT)`;
  }
}
