import { onAbort } from '../channel/abort-listeners';
import { DeadlineExceededError } from '../errors/spark-connect-error';
import type { ActionOptions } from './action-options';

/** `setTimeout` fires at once beyond it. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The two ways an action can be ended from this side: the caller's signal and the deadline. `dispose` leaves nothing of either. */
export class ActionLimits {
  private readonly ended = new AbortController();
  private readonly timer: NodeJS.Timeout | undefined;
  private readonly stopListening: () => void;
  private isExpired = false;

  constructor(private readonly options: ActionOptions & { readonly operationId: string }) {
    const { deadlineMs, signal } = options;
    if (signal?.aborted === true) this.ended.abort(signal.reason);
    this.stopListening = onAbort(signal, () => {
      this.ended.abort(signal?.reason);
    });
    if (deadlineMs !== undefined && deadlineMs <= MAX_TIMER_MS) {
      this.timer = setTimeout(() => {
        this.isExpired = !this.ended.signal.aborted;
        this.ended.abort();
      }, deadlineMs);
    }
  }

  get signal(): AbortSignal {
    return this.ended.signal;
  }

  get hasExpired(): boolean {
    return this.isExpired;
  }

  error(sessionId: string): DeadlineExceededError {
    const { operationId, deadlineMs } = this.options;
    const message = `operation ${operationId} did not end within ${String(deadlineMs)} ms and was interrupted: give it more time (deadlineMs), or none`;
    return new DeadlineExceededError(message, { operationId, sessionId });
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.stopListening();
  }
}
