import { status } from '@grpc/grpc-js';
import { abortableDelay } from '../channel/retry';
import { RetryState } from '../channel/retry-policy';
import { GrpcFailure } from '../errors/grpc-failure';
import { isSparkConnectError, OperationCanceledError } from '../errors/spark-connect-error';
import type { CallOptions } from '../execute/action-options';
import type { SparkConnectClient } from '../session/spark-connect-client';

/** How long, and how often, to ask whether a query has ended. */
export interface AwaitTerminationOptions {
  /**
   * Default: no limit. Looked at between two questions; where the last one is not answered the wait rejects with the reason
   * (`DeadlineExceededError`, `ConnectionUnavailableError`), at most 5 s beyond this limit.
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
  client: SparkConnectClient,
  options: AwaitTerminationOptions,
  hasEnded: (call: CallOptions) => Promise<boolean>,
): Promise<boolean> {
  refuseWrongTimes(options);
  const { channel, settings } = client.parts;
  const { signal, timeoutMs = Number.POSITIVE_INFINITY, pollMs = DEFAULT_POLL_MS } = options;
  const until = Date.now() + timeoutMs;
  const leftMs = (): number => Math.max(until - Date.now(), 0);
  const outage = new RetryState(settings.retryPolicy);
  for (;;) {
    throwIfAborted(signal);
    const deadlineMs = Math.min(settings.unaryDeadlineMs, Math.max(leftMs(), SHORTEST_QUESTION_MS));
    let pauseMs = pollMs;
    try {
      if (await hasEnded({ signal, deadlineMs })) return true;
      if (leftMs() === 0) return false;
      outage.reset();
    } catch (error) {
      const delayMs = outage.nextDelayMs(asUnavailable(error));
      if (delayMs === undefined || leftMs() === 0) throw error;
      pauseMs = delayMs;
    }
    await abortableDelay(Math.min(pauseMs, leftMs()), signal, channel.closed);
  }
}

function refuseWrongTimes({ timeoutMs = 0, pollMs = 0 }: AwaitTerminationOptions): void {
  for (const [name, value] of Object.entries({ timeoutMs, pollMs })) {
    if (!(value >= 0)) throw new TypeError(`${name} must be a number of milliseconds, not ${String(value)}`);
  }
}

/** The deadline of a question bounds its retries, too, and would end a wait of days with an outage of seconds. */
function asUnavailable(error: unknown): unknown {
  if (!isSparkConnectError(error)) return error;
  const isOutage = error.code === 'CONNECTION_UNAVAILABLE' || error.code === 'DEADLINE_EXCEEDED';
  return isOutage ? new GrpcFailure(status.UNAVAILABLE, 'not answered', undefined, undefined) : error;
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
  const tooLate = abortableDelay(timeoutMs, timer.signal, signal).then(() => false);
  try {
    return await Promise.race([done.then(() => true), tooLate]);
  } finally {
    timer.abort();
  }
}
