import type { DataFile } from '../snapshot/snapshot';
import type { PrimitiveType } from '../snapshot/table-schema';
import { NO_BOUNDS, logBounds } from './log-bounds';

const fileWith = (stats: unknown): DataFile => ({
  path: 'a',
  partitionValues: {},
  size: 1,
  numRecords: 2,
  stats: typeof stats === 'string' ? stats : JSON.stringify(stats),
});

const noted = (min: unknown, max: unknown, nulls: unknown = 0) =>
  fileWith({ numRecords: 2, minValues: { v: min }, maxValues: { v: max }, nullCount: { v: nulls } });

describe('the bounds that the log has', () => {
  it.each<[PrimitiveType, unknown, unknown, bigint, bigint]>([
    ['long', -3, 9, -3n, 9n],
    ['byte', 1, 1, 1n, 1n],
    ['date', '1969-12-31', '2025-01-15', -1n, 20_103n],
    ['timestamp', '1970-01-01T00:00:00.001Z', '1970-01-01T00:00:00.002Z', 0n, 3_000n],
    ['timestamp', '1970-01-01T05:30:00.000+05:30', '1970-01-01T00:00:00.000Z', -1_000n, 1_000n],
    ['timestamp_ntz', '1970-01-01T00:00:00.000', '1970-01-01T00:00:01.000', -1_000n, 1_001_000n],
  ])('of %s: %j to %j', (type, min, max, lowest, highest) => {
    expect(logBounds(noted(min, max), 'v', type)).toEqual({ lowest, highest });
  });

  it.each<[string, DataFile, PrimitiveType]>([
    ['there are nulls', noted(1, 2, 1), 'long'],
    ['nobody counted the nulls', fileWith({ minValues: { v: 1 }, maxValues: { v: 2 } }), 'long'],
    ['the least is missing', noted(undefined, 2), 'long'],
    ['a number is larger than JSON keeps exactly', noted(1, 2 ** 53), 'long'],
    ['a text is no time', noted('yesterday', '2025-01-15T00:00:00Z'), 'timestamp'],
    ['a time has no zone', noted('2025-01-15T00:00:00.000', '2025-01-16T00:00:00.000'), 'timestamp'],
    ['a time is spelled otherwise', noted('2025-01-15 00:00:00Z', '2025-01-16 00:00:00Z'), 'timestamp'],
    ['the type has an order of its own', noted('a', 'b'), 'string'],
    ['the statistics are torn', fileWith('{"minValues":'), 'long'],
    ['there are none', { ...fileWith({}), stats: undefined }, 'long'],
    ['the column has none', fileWith({ minValues: { w: 1 } }), 'long'],
  ])('are none where %s', (_why, file, type) => {
    expect(logBounds(file, 'v', type)).toBe(NO_BOUNDS);
  });
});
