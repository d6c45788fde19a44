/** Identity of an error, stable across package copies and Jest realms where `instanceof` is not. */
export const SPARK_CONNECT_ERROR_CODES = [
  'EXECUTION_FAILED',
  'ANALYSIS',
  'STREAMING_QUERY',
  'SESSION_CHANGED',
  'SESSION_CLOSED',
  'CLIENT_CLOSED',
  'OPERATION_NOT_FOUND',
  'OPERATION_ALREADY_EXISTS',
  'OPERATION_CANCELED',
  'CONNECTION_UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'PROTOCOL',
  'UNSUPPORTED_SERVER',
  'NOT_SPARK_CONNECT',
  'TLS_FAILED',
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
  'MESSAGE_TOO_LARGE',
] as const;

export type SparkConnectErrorCode = (typeof SPARK_CONNECT_ERROR_CODES)[number];

/** Everything the server (or the transport) told about a failure. */
export interface SparkConnectErrorFacts {
  /** gRPC status number (14 = UNAVAILABLE ...); undefined for errors found on this side. */
  readonly grpcCode?: number | undefined;
  /** Spark's error class, e.g. `TABLE_OR_VIEW_NOT_FOUND` or `INVALID_HANDLE.SESSION_CHANGED`. */
  readonly errorClass?: string | undefined;
  readonly sqlState?: string | undefined;
  readonly messageParameters?: Readonly<Record<string, string>> | undefined;
  /** Class names of the JVM exception, most derived first (the server cuts long lists). */
  readonly exceptionClasses?: readonly string[] | undefined;
  readonly operationId?: string | undefined;
  readonly sessionId?: string | undefined;
  /** The JVM stack trace, where the server sends it (`spark.sql.connect.serverStacktrace.enabled`). */
  readonly serverStack?: string | undefined;
  /** The next error of the server's chain, or the local error this one was made from. */
  readonly cause?: unknown;
}

const brand = Symbol.for('spark-connect-js.SparkConnectError');

/** Base of every error this library rejects with; also the class of a plain failure while executing. */
export class SparkConnectError extends Error {
  readonly code: SparkConnectErrorCode = 'EXECUTION_FAILED';
  readonly grpcCode: number | undefined;
  readonly errorClass: string | undefined;
  readonly sqlState: string | undefined;
  readonly messageParameters: Readonly<Record<string, string>>;
  readonly exceptionClasses: readonly string[];
  readonly operationId: string | undefined;
  readonly sessionId: string | undefined;
  readonly serverStack: string | undefined;
  readonly [brand] = true;

  constructor(message: string, facts: SparkConnectErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = new.target.name;
    this.grpcCode = facts.grpcCode;
    this.errorClass = facts.errorClass;
    this.sqlState = facts.sqlState;
    this.messageParameters = facts.messageParameters ?? {};
    this.exceptionClasses = facts.exceptionClasses ?? [];
    this.operationId = facts.operationId;
    this.sessionId = facts.sessionId;
    this.serverStack = facts.serverStack;
  }
}

/** The plan was refused before it ran: unknown table or column, parse error, type mismatch. */
export class AnalysisError extends SparkConnectError {
  override readonly code = 'ANALYSIS';
}

/** A streaming query failed (`STREAM_FAILED`); the reason is in the cause chain. */
export class StreamingQueryError extends SparkConnectError {
  override readonly code = 'STREAMING_QUERY';
}

/**
 * The server (or its side of the session) was restarted: views, confs and running queries of the session are gone.
 * Make a new session with a new id.
 */
export class SessionChangedError extends SparkConnectError {
  override readonly code = 'SESSION_CHANGED';
}

/** The session id was closed, or the server no longer knows it; it cannot be used again. */
export class SessionClosedError extends SparkConnectError {
  override readonly code = 'SESSION_CLOSED';
}

/**
 * The session was closed on this side (`close()`), before the call or during it. Nothing was interrupted: an execution that was sent goes on
 * on the server, and a new session object of the same ids can adopt it. After `stop()` or `release()`, which the message then names, there
 * is nothing left to adopt.
 */
export class ClientClosedError extends SparkConnectError {
  override readonly code = 'CLIENT_CLOSED';
}

/** The server does not know the operation: it never arrived, it was released, or it was abandoned too long. */
export class OperationNotFoundError extends SparkConnectError {
  override readonly code = 'OPERATION_NOT_FOUND';
}

/**
 * Something runs (or waits to be read) under that operation id already, maybe sent by an earlier process: adopt it with
 * `SparkSession.reattach`, or send this under an id of its own. Nothing was changed.
 */
export class OperationAlreadyExistsError extends SparkConnectError {
  override readonly code = 'OPERATION_ALREADY_EXISTS';
}

/** The operation was interrupted, by an `AbortSignal` of ours or by somebody else; or the caller only stopped waiting (`onAbort: 'detach'`). */
export class OperationCanceledError extends SparkConnectError {
  override readonly code = 'OPERATION_CANCELED';
}

/** The server could not be reached and the retry policy gave up. */
export class ConnectionUnavailableError extends SparkConnectError {
  override readonly code = 'CONNECTION_UNAVAILABLE';
}

/** A deadline of ours passed before the answer came. */
export class DeadlineExceededError extends SparkConnectError {
  override readonly code = 'DEADLINE_EXCEEDED';
}

/** The server answered something the protocol does not allow. */
export class ProtocolError extends SparkConnectError {
  override readonly code = 'PROTOCOL';
}

/** A Spark of another generation than the one this library speaks with (4); found with the first request of a session. */
export class UnsupportedServerError extends SparkConnectError {
  override readonly code = 'UNSUPPORTED_SERVER';
}

/** Something answered at that address, but not as a Spark Connect server does. */
export class NotSparkConnectError extends SparkConnectError {
  override readonly code = 'NOT_SPARK_CONNECT';
}

/** No secure connection: a certificate was refused, or the server speaks clear text. Not retried. */
export class TlsError extends SparkConnectError {
  override readonly code = 'TLS_FAILED';
}

/** The server wants a token, or refused the one it got. */
export class UnauthenticatedError extends SparkConnectError {
  override readonly code = 'UNAUTHENTICATED';
}

/** The server knows who is asking and refuses. */
export class PermissionDeniedError extends SparkConnectError {
  override readonly code = 'PERMISSION_DENIED';
}

/** A request or a response is larger than the limit of one side. */
export class MessageTooLargeError extends SparkConnectError {
  override readonly code = 'MESSAGE_TOO_LARGE';
}

/** True for every error of this library, also when another copy of the package made it. */
export function isSparkConnectError(error: unknown): error is SparkConnectError {
  return typeof error === 'object' && error !== null && brand in error;
}
