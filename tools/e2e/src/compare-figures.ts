import { ANALYSES } from '@millrace/domain';
import type { AnalysisName } from '@millrace/domain';
import { EXPECTED_FIGURES } from './expected-figures';

type Figures = Readonly<Record<string, unknown>>;

const MICROS_PER_MILLI = 1_000n;

/** Timestamps as microseconds, whole numbers as bigint: what both engines can say exactly. */
function exact(value: unknown): unknown {
  if (value instanceof Date) return BigInt(value.getTime()) * MICROS_PER_MILLI;
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  if (Array.isArray(value)) return value.map(exact);
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(value)) return value;
  return BigInt(Date.parse(value)) * MICROS_PER_MILLI;
}

/** Sums of doubles depend on the order of addition: equal to 12 digits; a rounded figure is as close as its digits allow. */
function expectSameNumber(actual: unknown, expected: unknown, digits: number | undefined): void {
  if (typeof actual !== 'number' || typeof expected !== 'number') {
    expect(actual).toBe(expected);
    return;
  }
  const slack = Math.abs(expected) * 1e-12;
  if (digits !== undefined) expect(actual).toBe(Number(actual.toFixed(digits)));
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(
    slack + (digits === undefined ? 0 : 0.5 * 10 ** -digits),
  );
}

/** Every cell of an analysis against the independent computation. Rows are matched by their keys. */
export function expectSameFigures(
  name: AnalysisName,
  actual: readonly Figures[],
  expected: readonly Figures[],
): void {
  const { keys, digits } = EXPECTED_FIGURES[name];
  const keyOf = (row: Figures) => JSON.stringify(keys.map((key) => String(row[key])));
  const byKey = new Map(expected.map((row) => [keyOf(row), row]));
  expect(byKey.size).toBe(expected.length);
  expect(actual.map(keyOf).sort()).toEqual([...byKey.keys()].sort());
  for (const row of actual) {
    const should = byKey.get(keyOf(row)) ?? {};
    expect(Object.keys(row)).toEqual(ANALYSES[name].columns.map((column) => column.name));
    for (const { name: column, type } of ANALYSES[name].columns) {
      if (type === 'double') expectSameNumber(row[column], should[column], digits?.[column]);
      else expect([column, exact(row[column])]).toEqual([column, exact(should[column])]);
    }
  }
}

const compare = (a: unknown, b: unknown): number => {
  if (a === b) return 0;
  return (
    (typeof a === 'string' ? Buffer.compare(Buffer.from(a), Buffer.from(String(b))) : 0) ||
    ((a as number) < (b as number) ? -1 : 1)
  );
};

/** Rows come in the catalog's order, which leaves no two of them equal; nulls last. */
export function expectCatalogOrder(name: AnalysisName, rows: readonly Figures[]): void {
  rows.slice(1).forEach((row, index) => {
    const previous = rows[index] ?? {};
    const decisive = ANALYSES[name].order.find(
      ({ column }) => exact(previous[column]) !== exact(row[column]),
    );
    if (decisive === undefined)
      throw new Error(`${name}: rows ${index} and ${index + 1} are equal in all sort keys`);
    const [before, after] = [exact(previous[decisive.column]), exact(row[decisive.column])];
    const isInOrder =
      before === null || after === null
        ? after === null
        : compare(before, after) === (decisive.direction === 'asc' ? -1 : 1);
    expect([name, index, decisive.column, isInOrder]).toEqual([name, index, decisive.column, true]);
  });
}
