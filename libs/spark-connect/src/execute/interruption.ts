import { abortableDelay } from '../channel/retry';

/** All that an abort may take where the server cannot be reached: the caller wants to leave. */
const INTERRUPT_LIMIT_MS = 5_000;
const RETRY_DELAYS_MS = [0, 50, 100, 200, 400];

/**
 * Interrupts an execution. An interrupt that overtakes the plan finds nothing and the plan then runs unwatched, so it is repeated unless
 * the server is known to have the plan. Never rejects; resolves with the failure where the server could not be asked.
 * The client's part ends here: on Spark 4.0 a job may still run on for a moment after its operation was canceled.
 */
export async function interruptUntilFound(
  interrupt: (deadlineMs: number) => Promise<readonly string[]>,
  hasArrived: boolean,
): Promise<unknown> {
  const until = Date.now() + INTERRUPT_LIMIT_MS;
  for (const delayMs of hasArrived ? [0] : RETRY_DELAYS_MS) {
    await abortableDelay(delayMs);
    try {
      if ((await interrupt(Math.max(until - Date.now(), 1))).length > 0) return undefined;
    } catch (error) {
      // Not thrown: the caller wants to leave, and an unreachable server must not replace his abort by another error.
      return error;
    }
  }
  return undefined;
}
