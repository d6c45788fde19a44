import { status } from '@grpc/grpc-js';
import type {
  FetchErrorDetailsResponse,
  FetchErrorDetailsResponse_Error,
} from '../generated/spark/connect/base_pb';
import { failureMessage, withCure, type ErrorConstructor, type FailureContext } from './failure-message';
import type { GrpcFailure } from './grpc-failure';
import {
  AnalysisError,
  ClientClosedError,
  ConnectionUnavailableError,
  DeadlineExceededError,
  MessageTooLargeError,
  NotSparkConnectError,
  OperationAlreadyExistsError,
  OperationCanceledError,
  OperationNotFoundError,
  PermissionDeniedError,
  SessionChangedError,
  SessionClosedError,
  SparkConnectError,
  StreamingQueryError,
  TlsError,
  UnauthenticatedError,
  type SparkConnectErrorFacts,
} from './spark-connect-error';

const BY_ERROR_CLASS: readonly (readonly [pattern: RegExp, type: ErrorConstructor])[] = [
  [/^INVALID_HANDLE\.SESSION_CHANGED$/, SessionChangedError],
  [/^INVALID_HANDLE\.SESSION_(CLOSED|NOT_FOUND)$/, SessionClosedError],
  [/^INVALID_HANDLE\.OPERATION_(NOT_FOUND|ABANDONED)$/, OperationNotFoundError],
  [/^INVALID_HANDLE\.OPERATION_ALREADY_EXISTS$/, OperationAlreadyExistsError],
  [/^OPERATION_CANCELED$/, OperationCanceledError],
  [/^STREAM_FAILED$/, StreamingQueryError],
];

const BY_EXCEPTION_CLASS = new Map<string, ErrorConstructor>([
  ['org.apache.spark.sql.AnalysisException', AnalysisError],
  ['org.apache.spark.sql.catalyst.parser.ParseException', AnalysisError],
  ['org.apache.spark.sql.streaming.StreamingQueryException', StreamingQueryError],
]);

const BY_GRPC_CODE = new Map<number, ErrorConstructor>([
  [status.UNAVAILABLE, ConnectionUnavailableError],
  [status.DEADLINE_EXCEEDED, DeadlineExceededError],
  [status.CANCELLED, OperationCanceledError],
  [status.UNAUTHENTICATED, UnauthenticatedError],
  [status.PERMISSION_DENIED, PermissionDeniedError],
  [status.UNIMPLEMENTED, NotSparkConnectError],
]);

/** In the words of grpc-js (either direction) and of grpc-java. */
const TOO_LARGE = /larger than (?:max|the maximum|\d)|exceeds maximum size/i;

/**
 * Makes the public error of a failed call: error class first, exception class second, gRPC status last
 * (mirrors `GrpcExceptionConverter.scala`, which constructs the JVM exception class instead).
 */
export function convertFailure(
  failure: GrpcFailure,
  context: FailureContext,
  details?: FetchErrorDetailsResponse,
): SparkConnectError {
  const root = details === undefined ? undefined : detailedError(details);
  const facts: SparkConnectErrorFacts = {
    cause: failure.cause,
    ...trailerFacts(failure),
    ...onlyKnown(root?.facts ?? {}),
    sessionId: context.sessionId,
    operationId: context.operationId,
    grpcCode: failure.grpcCode,
  };
  const type = errorTypeOf(facts) ?? transportErrorOf(failure, context) ?? SparkConnectError;
  return new type(withCure(type, root?.message ?? failureMessage(type, failure, context)), facts);
}

/** The details never take away what the trailer told. */
function onlyKnown(facts: SparkConnectErrorFacts): SparkConnectErrorFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** What Spark says the error is. */
function errorTypeOf(facts: SparkConnectErrorFacts): ErrorConstructor | undefined {
  const errorClass = facts.errorClass ?? '';
  const byErrorClass = BY_ERROR_CLASS.find(([pattern]) => pattern.test(errorClass))?.[1];
  if (byErrorClass !== undefined) return byErrorClass;
  for (const exceptionClass of facts.exceptionClasses ?? []) {
    const byException = BY_EXCEPTION_CLASS.get(exceptionClass);
    if (byException !== undefined) return byException;
  }
  return undefined;
}

/** What the transport says, where Spark says nothing. */
function transportErrorOf(failure: GrpcFailure, { isClosed }: FailureContext): ErrorConstructor | undefined {
  if (isClosed === true && failure.grpcCode === status.CANCELLED) return ClientClosedError;
  if (failure.peerFault === 'tls') return TlsError;
  if (failure.peerFault === 'not-grpc') return NotSparkConnectError;
  if (failure.grpcCode === status.RESOURCE_EXHAUSTED && TOO_LARGE.test(failure.message)) {
    return MessageTooLargeError;
  }
  return BY_GRPC_CODE.get(failure.grpcCode);
}

function trailerFacts(failure: GrpcFailure): SparkConnectErrorFacts {
  const metadata = failure.errorInfo?.metadata ?? {};
  // Read by its quotes rather than as JSON: the server cuts a long list in the middle of it.
  const listed = [...(metadata['classes'] ?? '').matchAll(/"([^"]+)"/g)].map(([, name = '']) => name);
  const reason = failure.errorInfo?.reason;
  return {
    errorClass: failure.errorClass,
    sqlState: metadata['sqlState'],
    messageParameters: stringRecord(parseJson(metadata['messageParameters'])),
    exceptionClasses: reason === undefined || listed.includes(reason) ? listed : [reason, ...listed],
    serverStack: metadata['stackTrace'],
  };
}

interface DetailedError {
  readonly message: string;
  readonly facts: SparkConnectErrorFacts;
}

/** Undefined where the server no longer has the error: it then answers without a root. */
function detailedError(details: FetchErrorDetailsResponse): DetailedError | undefined {
  return chainFrom(details.rootErrorIdx, details.errors, new Set());
}

/** The chain is data from outside: an index that points nowhere, or back, ends it. */
function chainFrom(
  index: number | undefined,
  errors: readonly FetchErrorDetailsResponse_Error[],
  seen: Set<number>,
): DetailedError | undefined {
  const error = index === undefined || seen.has(index) ? undefined : errors[index];
  if (error === undefined || index === undefined) return undefined;
  seen.add(index);
  const next = chainFrom(error.causeIdx, errors, seen);
  const facts: SparkConnectErrorFacts = {
    errorClass: error.sparkThrowable?.errorClass,
    sqlState: error.sparkThrowable?.sqlState,
    messageParameters: error.sparkThrowable?.messageParameters,
    exceptionClasses: error.errorTypeHierarchy,
    serverStack: stackOf(error),
    cause:
      next === undefined
        ? undefined
        : new (errorTypeOf(next.facts) ?? SparkConnectError)(next.message, next.facts),
  };
  return { message: error.message, facts };
}

function stackOf(error: FetchErrorDetailsResponse_Error): string | undefined {
  if (error.stackTrace.length === 0) return undefined;
  return error.stackTrace
    .map(
      (at) => `${at.declaringClass}.${at.methodName}(${at.fileName ?? 'Unknown'}:${String(at.lineNumber)})`,
    )
    .join('\n');
}

function parseJson(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // The server cuts long metadata in the middle of the JSON; FetchErrorDetails has the whole of it.
    return undefined;
  }
}

function stringRecord(value: unknown): Record<string, string> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, String(entry)]));
}
