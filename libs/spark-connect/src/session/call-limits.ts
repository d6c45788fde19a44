import { onAbort } from '../channel/abort-listeners';
import { MAX_TIMER_MS } from '../channel/timer';
import { DeadlineExceededError } from '../errors/spark-connect-error';

/** Whose patience a wait has. */
export interface WaitLimits {
  readonly signal?: AbortSignal | undefined;
  /** Epoch milliseconds. */
  readonly deadlineAt?: number | undefined;
}

/** Whose patience a call has. */
export interface CallLimits extends WaitLimits {
  readonly deadlineAt: number;
}

/** Waits for the end of what another call began, or of one's own patience; what it rejected with, if it did. */
export function endOf(running: Promise<void>, limits: WaitLimits): Promise<Error | undefined> {
  const { signal, deadlineAt = Number.POSITIVE_INFINITY } = limits;
  if (signal?.aborted === true) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => {
        end(undefined);
      },
      Math.min(deadlineAt - Date.now(), MAX_TIMER_MS),
    );
    const end = (failure: Error | undefined): void => {
      clearTimeout(timer);
      stopListening();
      resolve(failure);
    };
    const stopListening = onAbort(signal, () => {
      end(undefined);
    });
    running.then(() => {
      end(undefined);
    }, end);
  });
}

/**
 * Did the caller abort? The call itself then says so.
 * @throws DeadlineExceededError with this message when the deadline has passed: nothing must be started any more.
 */
export function hasGivenUp({ signal, deadlineAt }: WaitLimits, message: string): boolean {
  if (signal?.aborted === true) return true;
  if (deadlineAt !== undefined && Date.now() >= deadlineAt) throw new DeadlineExceededError(message);
  return false;
}
