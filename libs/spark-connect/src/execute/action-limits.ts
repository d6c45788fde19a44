import { onAbort } from '../channel/abort-listeners';
import { startTimer } from '../channel/timer';
import { DeadlineExceededError } from '../errors/spark-connect-error';
import type { ActionOptions } from './action-options';

/** What became of an execution whose time was up. */
export type ExecutionFate =
  | { readonly kind: 'never sent' | 'left running' | 'interrupted' }
  /** The server could not be asked to interrupt it. */
  | { readonly kind: 'out of reach'; readonly cause: unknown };

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
      clearTimeout(this.timer);
      this.ended.abort(signal?.reason);
    });
    if (deadlineMs === undefined) return;
    this.timer = startTimer(() => {
      this.isExpired = !this.ended.signal.aborted;
      this.stopListening();
      this.ended.abort();
    }, deadlineMs);
    // An action under way keeps the process alive by its connection; a reader who paused and forgot it must not.
    this.timer?.unref();
  }

  get signal(): AbortSignal {
    return this.ended.signal;
  }

  get hasExpired(): boolean {
    return this.isExpired;
  }

  error(sessionId: string, fate: ExecutionFate): DeadlineExceededError {
    const { operationId, deadlineMs } = this.options;
    const message = `operation ${operationId} did not end within ${String(deadlineMs)} ms and ${outcomeOf(fate)}`;
    const cause = fate.kind === 'out of reach' ? fate.cause : undefined;
    return new DeadlineExceededError(message, { operationId, sessionId, cause });
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.stopListening();
  }
}

function outcomeOf(fate: ExecutionFate): string {
  if (fate.kind !== 'out of reach') return `was ${fate.kind}: give it more time (deadlineMs), or none`;
  const reason = fate.cause instanceof Error ? fate.cause.message : String(fate.cause);
  return `could not be interrupted; if it was sent at all, it may run on. ${reason}`;
}
