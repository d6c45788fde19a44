import { nextAttempt, RETRY_DELAYS_MS } from './retry-schedule';

const NOW = new Date('2025-01-15T10:30:00Z');
const delayMs = (attempts: number, random: number) =>
  (nextAttempt(attempts, NOW, random)?.getTime() ?? NaN) - NOW.getTime();

describe('the retries of a webhook', () => {
  it('come later and later, over more than seven hours, and then no more', () => {
    const delays = RETRY_DELAYS_MS.map((_delay, index) => delayMs(index + 1, 0.5));
    expect(delays).toEqual([5_000, 30_000, 120_000, 600_000, 3_600_000, 21_600_000]);
    expect(nextAttempt(RETRY_DELAYS_MS.length + 1, NOW)).toBeNull();
  });

  it('do not come at the same time for all', () => {
    expect(delayMs(1, 0)).toBe(4_000);
    expect(delayMs(1, 1)).toBe(6_000);
  });
});
