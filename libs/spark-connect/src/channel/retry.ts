import { RetryState, type RetryPolicy } from './retry-policy';

/** Bounds of a retried call. */
export interface RetryBounds {
  /** Epoch milliseconds: no attempt starts, and no wait lasts, beyond it. */
  readonly deadlineAt?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Repeats `attempt` as the policy says; rejects with the last failure of it. */
export async function withRetries<T>(
  policy: RetryPolicy,
  bounds: RetryBounds,
  attempt: () => Promise<T>,
): Promise<T> {
  const state = new RetryState(policy);
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const delayMs = state.nextDelayMs(error);
      if (delayMs === undefined || !fits(delayMs, bounds)) throw error;
      await abortableDelay(delayMs, bounds.signal);
      if (bounds.signal?.aborted === true) throw error;
    }
  }
}

function fits(delayMs: number, bounds: RetryBounds): boolean {
  return bounds.deadlineAt === undefined || Date.now() + delayMs < bounds.deadlineAt;
}

/** Waits, or returns early when the signal fires (the caller looks at the signal). */
export function abortableDelay(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    signal?.addEventListener('abort', done, { once: true });
  });
}
