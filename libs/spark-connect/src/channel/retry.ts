import { abortedCall } from '../errors/grpc-failure';
import { onAbort } from './abort-listeners';
import { RetryState, type RetryPolicy } from './retry-policy';
import { MAX_TIMER_MS } from './timer';

/** Bounds of a retried call. */
export interface RetryBounds {
  /** Epoch milliseconds: no attempt starts, and no wait lasts, beyond it. */
  readonly deadlineAt?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Fires when the channel is closed: no wait goes on beyond it. */
  readonly closed?: AbortSignal | undefined;
}

/** Repeats `attempt` as the policy says; rejects with the last failure of it, or with CANCELLED after an abort. */
export async function withRetries<T>(
  policy: RetryPolicy,
  bounds: RetryBounds,
  attempt: () => Promise<T>,
): Promise<T> {
  const state = new RetryState(policy);
  let told: unknown;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const delayMs = state.nextDelayMs(error);
      if (delayMs === undefined) throw error;
      // An attempt that the deadline ended knows less of the reason than the one before.
      if (!fits(delayMs, bounds)) throw fits(0, bounds) ? error : (told ?? error);
      told = error;
      await abortableDelay(delayMs, bounds.signal, bounds.closed);
      if (bounds.signal?.aborted === true) throw abortedCall(bounds.signal);
    }
  }
}

function fits(delayMs: number, bounds: RetryBounds): boolean {
  return bounds.deadlineAt === undefined || Date.now() + delayMs < bounds.deadlineAt;
}

/** Waits, or returns early when a signal fires (the caller looks at the signals). Leaves neither timer nor listener behind. */
export function abortableDelay(
  delayMs: number,
  ...signals: readonly (AbortSignal | undefined)[]
): Promise<void> {
  return new Promise((resolve) => {
    if (signals.some((signal) => signal?.aborted === true)) {
      resolve();
      return;
    }
    const end = (): void => {
      clearTimeout(timer);
      for (const stopListening of listening) stopListening();
      resolve();
    };
    const timer = setTimeout(end, Math.min(delayMs, MAX_TIMER_MS));
    const listening = signals.map((signal) => onAbort(signal, end));
  });
}
