import { normalShare } from './normal-share';

describe('normalShare', () => {
  // The table of every textbook.
  it.each([
    [-1, 1, 0.682689492],
    [-1.959964, 1.959964, 0.95],
    [0, 3, 0.498650102],
    [2.326348, Infinity, 0.01],
    [-Infinity, Infinity, 1],
    [1, 1, 0],
  ])('between %d and %d is %d', (from, to, share) => {
    expect(normalShare(from, to)).toBeCloseTo(share, 6);
  });
});
