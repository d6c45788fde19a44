const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Wait after the first failed attempt, the second, and so on. */
export const RETRY_DELAYS_MS: readonly number[] = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  HOUR_MS,
  6 * HOUR_MS,
];

/** A fifth earlier or later, so that what failed together is not tried again together. */
const JITTER = 0.2;

/**
 * When to try again after so many attempts; null when it was the last one.
 * @param random from 0 to 1.
 */
export function nextAttempt(attempts: number, now: Date, random = Math.random()): Date | null {
  const delayMs = RETRY_DELAYS_MS[attempts - 1];
  if (delayMs === undefined) return null;
  return new Date(now.getTime() + Math.round(delayMs * (1 + JITTER * (2 * random - 1))));
}
