import { chiSquare, countsOf, numbersOf } from '../records.fixture';
import { roundingTo } from './number-values';

const float = (distribution: object, decimals = 6) => numbersOf({ type: 'float', distribution, decimals });
const int = (distribution: object, records?: number) => numbersOf({ type: 'int', distribution }, records);

/** Values of the standard normal distribution below which each tenth lies. */
const NORMAL_DECILES = [
  -1.281552, -0.841621, -0.524401, -0.253347, 0, 0.253347, 0.524401, 0.841621, 1.281552,
];

/** How many values lie in each of the tenths that these bounds separate. */
const tenths = (values: readonly number[], bounds: readonly number[]) =>
  countsOf(
    values.map((value) => bounds.filter((bound) => value >= bound).length),
    10,
  );
const EVEN = new Array<number>(10).fill(1);
// The 99.9 % point of chi-square with 9 degrees of freedom. Seeds are fixed.
const LIMIT_OF_TENTHS = 27.88;

describe('numbers', () => {
  it('of a uniform distribution are spread evenly', () => {
    const bounds = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => 50 + n * 10);
    const values = float({ type: 'uniform', min: 50, max: 150 });
    expect(chiSquare(tenths(values, bounds), EVEN)).toBeLessThan(LIMIT_OF_TENTHS);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(50);
    expect(Math.max(...values)).toBeLessThanOrEqual(150);
  });

  it('of a normal distribution have its tenths', () => {
    const bounds = NORMAL_DECILES.map((z) => 100 + 15 * z);
    const values = float({ type: 'normal', mean: 100, stddev: 15 });
    expect(chiSquare(tenths(values, bounds), EVEN)).toBeLessThan(LIMIT_OF_TENTHS);
  });

  it('of a lognormal distribution have its tenths: the median is e^mu', () => {
    const bounds = NORMAL_DECILES.map((z) => Math.exp(6.1 + 0.9 * z));
    const values = float({ type: 'lognormal', mu: 6.1, sigma: 0.9 });
    expect(chiSquare(tenths(values, bounds), EVEN)).toBeLessThan(LIMIT_OF_TENTHS);
  });

  it('of an exponential distribution have its tenths', () => {
    const bounds = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => -Math.log(1 - n / 10) / 0.25);
    const values = float({ type: 'exponential', rate: 0.25 });
    expect(chiSquare(tenths(values, bounds), EVEN)).toBeLessThan(LIMIT_OF_TENTHS);
  });

  it('that a limit cuts off go to all others, and do not pile up at the limit', () => {
    // The upper half of the normal distribution: its tenths are those of every second twentieth.
    const halfNormal = [
      0.125661, 0.253347, 0.38532, 0.524401, 0.67449, 0.841621, 1.036433, 1.281552, 1.644854,
    ];
    const values = float({ type: 'normal', mean: 0, stddev: 1, min: 0 }, 10);
    expect(chiSquare(tenths(values, halfNormal), EVEN)).toBeLessThan(LIMIT_OF_TENTHS);
    expect(values.filter((value) => value === 0)).toEqual([]);
  });

  it('keep their limits after rounding, too', () => {
    const values = float({ type: 'normal', mean: 1, stddev: 1, min: 0.5, max: 1.5 }, 1);
    expect([...new Set(values)].sort()).toEqual([0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5]);
    const amounts = int({ type: 'lognormal', mu: 1, sigma: 2, min: 1, max: 5 });
    expect([...new Set(amounts)].sort()).toEqual([1, 2, 3, 4, 5]);
  });

  it('that are whole are each as likely, the limits included', () => {
    const dice = int({ type: 'uniform', min: 1, max: 6 });
    const counts = countsOf(
      dice.map((eyes) => eyes - 1),
      6,
    );
    // 99.9 %, 5 degrees of freedom.
    expect(chiSquare(counts, new Array<number>(6).fill(1))).toBeLessThan(20.52);
  });

  it('that are whole reach over 32 bits', () => {
    const values = int({ type: 'uniform', min: 0, max: 2 ** 40 }, 5000);
    expect(values.every((value) => Number.isSafeInteger(value) && value >= 0 && value <= 2 ** 40)).toBe(true);
    expect(values.filter((value) => value > 2 ** 39).length).toBeGreaterThan(2000);
    expect(new Set(values.map((value) => value % 256)).size).toBe(256);
  });

  it('that are whole are rounded, not cut', () => {
    const values = int({ type: 'normal', mean: 0.5, stddev: 0.0001 }, 200);
    expect([...new Set(values)].sort()).toEqual([0, 1]);
  });
});

describe('roundingTo', () => {
  it.each([
    [2, 1.005, 1],
    [2, 1.015, 1.01],
    [2, 374.514, 374.51],
    [0, 2.5, 3],
    [3, -0.0001, 0],
    [1, 1e300, 1e300],
  ])('%d decimals makes of %d %d', (decimals, value, rounded) => {
    expect(roundingTo(decimals)(value)).toBe(rounded);
  });
});
