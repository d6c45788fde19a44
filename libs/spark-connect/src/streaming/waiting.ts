import { abortableDelay } from '../channel/retry';
import { OperationCanceledError } from '../errors/spark-connect-error';
import type { CallOptions } from '../execute/action-options';

/** How long, and how often, to ask whether a query has ended. */
export interface AwaitTerminationOptions {
  /**
   * Default: no limit. Looked at between two questions; a question that the server leaves unanswered rejects with
   * `DeadlineExceededError`, at most 5 s beyond this limit.
   */
  readonly timeoutMs?: number | undefined;
  /** Pause between two questions; default 500 ms. */
  readonly pollMs?: number | undefined;
  /** On abort the wait rejects with `OperationCanceledError`, at once; the query goes on. */
  readonly signal?: AbortSignal | undefined;
}

const DEFAULT_POLL_MS = 500;
/** A busy server needs longer for an answer than a caller may want to wait for the end of the query. */
const SHORTEST_QUESTION_MS = 5_000;

/** Asks until `hasEnded` says so: true then, false when the time is up. */
export async function pollUntilEnded(
  options: AwaitTerminationOptions,
  questionDeadlineMs: number,
  hasEnded: (call: CallOptions) => Promise<boolean>,
): Promise<boolean> {
  const { signal, timeoutMs, pollMs = DEFAULT_POLL_MS } = options;
  const until = timeoutMs === undefined ? Number.POSITIVE_INFINITY : Date.now() + timeoutMs;
  const leftMs = (): number => Math.max(until - Date.now(), 0);
  for (;;) {
    throwIfAborted(signal);
    const deadlineMs = Math.min(questionDeadlineMs, Math.max(leftMs(), SHORTEST_QUESTION_MS));
    if (await hasEnded({ signal, deadlineMs })) return true;
    if (leftMs() === 0) return false;
    await abortableDelay(Math.min(pollMs, leftMs()), signal);
  }
}

/** @throws OperationCanceledError when the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new OperationCanceledError('waiting was aborted', { cause: signal.reason });
}

/** Waits for a promise, but no longer than so long and not beyond an abort: did it fulfil by then? Rejects when it rejects. */
export async function fulfilsWithin(
  done: Promise<unknown>,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const timer = new AbortController();
  const early = signal === undefined ? timer.signal : AbortSignal.any([timer.signal, signal]);
  try {
    return await Promise.race([done.then(() => true), abortableDelay(timeoutMs, early).then(() => false)]);
  } finally {
    timer.abort();
  }
}
