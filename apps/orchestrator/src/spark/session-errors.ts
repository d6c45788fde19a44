import { isMillraceError, ServiceUnavailable } from '@millrace/domain';
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

/** Why Spark can do nothing now, and what to do, for whoever asked for something: Spark's own sentences speak to its clients. */
export function awaySentence(error: unknown): string {
  if (isSessionGone(error)) return 'Spark has been restarted and is not ready yet; try again in a moment';
  if (isSparkUnreachable(error))
    return 'Spark does not answer: it is stopped, starting or busy; try again in a moment';
  if (error === undefined) return 'Spark has not answered yet; try again in a moment';
  if (isMillraceError(error)) return `Spark is not available: ${error.message}`;
  return 'Spark is not available; the log of the orchestrator tells why';
}

/** A failure of Spark itself as the caller of a request is told it; any other as it is. */
export function asUnavailable(error: unknown): unknown {
  if (!isSessionGone(error) && !isSparkUnreachable(error)) return error;
  return new ServiceUnavailable(awaySentence(error), { cause: error });
}

/**
 * Ended by an interrupt, not by the plan itself. Where the interrupt was faster than the execution it is the jobs that are
 * cancelled (`infra/spark`), and the execution fails for it.
 */
export function isCanceled(error: unknown): boolean {
  return (
    isSparkConnectError(error) &&
    (error.code === 'OPERATION_CANCELED' || error.errorClass === 'SPARK_JOB_CANCELLED')
  );
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

const KAFKA_UNREACHABLE =
  /org\.apache\.kafka\.common\.errors\.(Timeout|Disconnect|Network|BrokerNotAvailable|LeaderNotAvailable|NotLeaderOrFollower|CoordinatorNotAvailable)Exception|Timed out waiting for a node assignment|Failed to (create new KafkaAdminClient|construct kafka consumer)|Cannot fetch record for offset/;

/** Spark's readers lost the brokers, which say nothing of the offsets then. */
export function isKafkaUnreachable(error: unknown): boolean {
  return isSparkConnectError(error) && KAFKA_UNREACHABLE.test(error.message);
}

/** First line of an error that is not blank, short enough for a registry row. */
export function summaryOf(error: unknown): string {
  const firstLine =
    error instanceof Error ? lineOf(error) : (firstLineOf(String(error)) ?? 'no reason given');
  return firstLine.length > 500 ? `${firstLine.slice(0, 499)}…` : firstLine;
}

/** Node's own errors may have no message: several refused connections at once, say. */
function lineOf(error: Error): string {
  const line = firstLineOf(error.message);
  if (line !== undefined) return line;
  if ('code' in error && typeof error.code === 'string' && error.code !== '') return error.code;
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return first instanceof Error && first !== error ? summaryOf(first) : error.name;
}

function firstLineOf(text: string): string | undefined {
  return text
    .split('\n')
    .find((line) => line.trim() !== '')
    ?.trim();
}
