import { CumulativeWeights, WeightedValues } from './cumulative-weights';

const JUST_BELOW_1 = 1 - 2 ** -53;

describe('CumulativeWeights', () => {
  it('gives each place its share of [0, 1)', () => {
    const weights = new CumulativeWeights([1, 3, 4]);
    const found = [0, 0.124, 0.125, 0.499, 0.5, JUST_BELOW_1].map((u) => weights.indexAt(u));
    expect(found).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('never finds a place without a weight, wherever it stands', () => {
    const weights = new CumulativeWeights([0, 0, 2, 0, 2, 0, 0]);
    const found = [0, 0.49999, 0.5, JUST_BELOW_1].map((u) => weights.indexAt(u));
    expect(found).toEqual([2, 2, 4, 4]);
  });

  it('finds places of weights that do not add up exactly', () => {
    const weights = new CumulativeWeights([...new Array<number>(1000).fill(0.1), 0]);
    expect(weights.indexAt(JUST_BELOW_1)).toBe(999);
    expect(weights.indexAt(0.50001)).toBe(500);
  });

  it('gives values by their weights', () => {
    const letters = new WeightedValues(['a', 'b'], [1, 3]);
    expect([0, 0.24, 0.25, 0.99].map((u) => letters.at(u))).toEqual(['a', 'a', 'b', 'b']);
  });
});
