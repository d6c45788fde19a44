import { median, quantile } from './statistics';

describe('a quantile', () => {
  it.each([
    [[3, 1, 2], 0.5, 2],
    [[1, 2, 3, 4], 0.5, 2.5],
    [[10], 0.95, 10],
    [[0, 100], 0.95, 95],
    [[1, 2, 3, 4, 5], 1, 5],
  ])('of %j at %d is %d', (samples, share, expected) => {
    expect(quantile(samples, share)).toBeCloseTo(expected);
  });

  it('leaves the samples in their order', () => {
    const samples = [3, 1, 2];
    expect(median(samples)).toBe(2);
    expect(samples).toEqual([3, 1, 2]);
  });

  it('of nothing is an error', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});
