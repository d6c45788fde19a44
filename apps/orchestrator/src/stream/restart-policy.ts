const FIRST_DELAY_MS = 2_000;
const MAX_DELAY_MS = 60_000;

/** How long to wait before a failed query is started again: doubled each time, at most a minute. */
export function restartDelayMs(restarts: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** Math.min(restarts, 10), MAX_DELAY_MS);
}
