import { isSparkConnectError } from 'spark-connect-js';

/** The session is gone for good on the server: a new one is needed. */
export function isSessionGone(error: unknown): boolean {
  return isSparkConnectError(error) && (error.code === 'SESSION_CHANGED' || error.code === 'SESSION_CLOSED');
}

/** Spark cannot be reached, or did not answer in time: nothing is known about the request. */
export function isSparkUnreachable(error: unknown): boolean {
  return (
    isSparkConnectError(error) &&
    (error.code === 'CONNECTION_UNAVAILABLE' || error.code === 'DEADLINE_EXCEEDED')
  );
}

/** Ended by an interrupt, not by the plan itself. */
export function isCanceled(error: unknown): boolean {
  return isSparkConnectError(error) && error.code === 'OPERATION_CANCELED';
}

/** The session was closed on this side: the execution may go on, so it must be adopted rather than sent again. */
export function isLeftRunning(error: unknown): boolean {
  return isSparkConnectError(error) && error.code === 'CLIENT_CLOSED';
}

const DELTA_CONFLICT = /^DELTA_(CONCURRENT|PROTOCOL_CHANGED|METADATA_CHANGED)/;

/** Failures of a Delta commit that a later attempt may not meet. */
export function isDeltaConflict(error: unknown): boolean {
  return isSparkConnectError(error) && DELTA_CONFLICT.test(error.errorClass ?? '');
}

/** First line of an error, short enough for a registry row. */
export function summaryOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const firstLine = message.split('\n', 1)[0] ?? message;
  return firstLine.length > 500 ? `${firstLine.slice(0, 499)}…` : firstLine;
}
