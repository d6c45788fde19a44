import * as fc from 'fast-check';
import { MilestoneCollector } from './milestones';

const DIRECTIONS = ['asc', 'desc'] as const;
type Direction = (typeof DIRECTIONS)[number];

function milestonesOf(keys: readonly bigint[], direction: Direction, total = keys.length) {
  const collector = new MilestoneCollector(direction, total);
  const isUseful = keys.every((key) => collector.add(key));
  return isUseful ? collector.milestones() : undefined;
}

/** Keys of rows in their order: how many rows have each. */
const tied = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 60 });

it('they tell between which keys any rows are, how many there are and how many come before', () => {
  fc.assert(
    fc.property(tied, fc.constantFrom(...DIRECTIONS), fc.nat(), fc.nat(), (counts, direction, at, length) => {
      const sign = direction === 'asc' ? 1n : -1n;
      const keys = counts.flatMap((count, index) => Array<bigint>(count).fill(sign * 3n * BigInt(index)));
      const offset = at % keys.length;
      const rows = 1 + (length % (keys.length - offset));
      const around = milestonesOf(keys, direction)?.around(offset, rows);
      if (around === undefined) throw new Error('No milestones');
      const { lowest, highest, before } = around;
      const between = keys.flatMap((key, row) => (key >= lowest && key <= highest ? [row] : []));
      expect(around.rows).toBe(between.length);
      expect(between[before]).toBe(offset);
      expect(between.length).toBeGreaterThanOrEqual(before + rows);
    }),
  );
});

it('they are so near to each other that few rows more are read', () => {
  const keys = Array.from({ length: 10_000 }, (_, row) => BigInt(row));
  const around = milestonesOf(keys, 'asc')?.around(7_000, 100);
  expect(around?.rows).toBeLessThan(100 + 2 * 64);
});

it('they are farther from each other where there are very many rows', () => {
  const total = 17_000_000;
  const collector = new MilestoneCollector('asc', total);
  for (let row = 0; row < total; row += 1) collector.add(BigInt(row));
  const milestones = collector.milestones();
  expect(milestones?.length).toBeLessThanOrEqual(250_001);
  expect(milestones?.around(total - 1, 1)).toMatchObject({ highest: BigInt(total - 1) });
});

it('there are none where a page would be among too many rows with its key', () => {
  expect(milestonesOf(Array<bigint>(1_000).fill(7n), 'asc')).toBeDefined();
  expect(milestonesOf(Array<bigint>(1_001).fill(7n), 'asc')).toBeUndefined();
});

it.each([9, 11])(
  'there are none where not the rows came that there should be: 10 in place of %d',
  (total) => {
    const keys = Array.from({ length: 10 }, (_, row) => BigInt(row));
    expect(milestonesOf(keys, 'asc', total)).toBeUndefined();
  },
);
