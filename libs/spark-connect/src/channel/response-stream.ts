import type { Readable } from 'node:stream';
import type { ServiceError } from '@grpc/grpc-js';
import type { CallWatch } from './call-watch';
import { startTimer } from './timer';

/** The responses of a server stream, pulled one by one (so that HTTP/2 flow control slows the server down). */
export interface ResponseStream<T> {
  /** The next message, or undefined at a regular end. Rejects with `GrpcFailure`. */
  next(): Promise<T | undefined>;
  /** Ends the call; safe to repeat and after the end. */
  cancel(): void;
}

/**
 * grpc-js fetches 16 messages ahead of a slow reader, and one may be as large as the server's batches are. It has no option for that;
 * where Node's own field for it were gone, more memory would be used and nothing else happen.
 */
export function fetchOneAhead(call: Readable): void {
  const { _readableState: state } = call as Readable & { _readableState?: { highWaterMark: number } };
  if (state !== undefined) state.highWaterMark = 1;
}

/** The next message of the call, within the idle timeout; undefined at a regular end. @throws GrpcFailure. */
export async function nextOf<T>(
  iterator: AsyncIterator<T>,
  watch: CallWatch,
  idleTimeoutMs = Number.POSITIVE_INFINITY,
): Promise<T | undefined> {
  const timer = startTimer(() => {
    watch.fellSilent(idleTimeoutMs);
  }, idleTimeoutMs);
  try {
    const step = await iterator.next();
    if (step.done !== true) watch.heard();
    return step.done === true ? undefined : step.value;
  } catch (error) {
    throw watch.failureOf(error as ServiceError);
  } finally {
    clearTimeout(timer);
  }
}
