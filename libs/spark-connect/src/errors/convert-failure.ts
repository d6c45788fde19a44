import { status } from '@grpc/grpc-js';
import type { FetchErrorDetailsResponse } from '../generated/spark/connect/base_pb';
import type { GrpcFailure } from './grpc-failure';
import {
  AnalysisError,
  ConnectionUnavailableError,
  DeadlineExceededError,
  OperationCanceledError,
  OperationNotFoundError,
  SessionChangedError,
  SessionClosedError,
  SparkConnectError,
  StreamingQueryError,
  type SparkConnectErrorFacts,
} from './spark-connect-error';

type ErrorConstructor = new (message: string, facts: SparkConnectErrorFacts) => SparkConnectError;

/** Where the failure happened; becomes part of the public error. */
export interface FailureContext {
  readonly sessionId: string;
  readonly operationId?: string | undefined;
}

const BY_ERROR_CLASS: readonly (readonly [pattern: RegExp, type: ErrorConstructor])[] = [
  [/^INVALID_HANDLE\.SESSION_CHANGED$/, SessionChangedError],
  [/^INVALID_HANDLE\.SESSION_(CLOSED|NOT_FOUND)$/, SessionClosedError],
  [/^INVALID_HANDLE\.OPERATION_(NOT_FOUND|ABANDONED)$/, OperationNotFoundError],
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
]);

/**
 * Makes the public error of a failed call: error class first, exception class second, gRPC status last
 * (mirrors `GrpcExceptionConverter.scala`, which constructs the JVM exception class instead).
 */
export function convertFailure(
  failure: GrpcFailure,
  context: FailureContext,
  details?: FetchErrorDetailsResponse,
): SparkConnectError {
  const root = details === undefined ? undefined : detailedFacts(details, details.rootErrorIdx ?? 0);
  const facts: SparkConnectErrorFacts = {
    cause: failure.cause,
    ...trailerFacts(failure),
    ...onlyKnown(root?.facts ?? {}),
    ...context,
    grpcCode: failure.grpcCode,
  };
  return new (errorTypeOf(facts))(root?.message ?? failure.message, facts);
}

/** The details never take away what the trailer told. */
function onlyKnown(facts: SparkConnectErrorFacts): SparkConnectErrorFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

function errorTypeOf(facts: SparkConnectErrorFacts): ErrorConstructor {
  const errorClass = facts.errorClass ?? '';
  const byErrorClass = BY_ERROR_CLASS.find(([pattern]) => pattern.test(errorClass))?.[1];
  if (byErrorClass !== undefined) return byErrorClass;
  for (const exceptionClass of facts.exceptionClasses ?? []) {
    const byException = BY_EXCEPTION_CLASS.get(exceptionClass);
    if (byException !== undefined) return byException;
  }
  return BY_GRPC_CODE.get(facts.grpcCode ?? -1) ?? SparkConnectError;
}

function trailerFacts(failure: GrpcFailure): SparkConnectErrorFacts {
  const metadata = failure.errorInfo?.metadata ?? {};
  const classes = parseJson(metadata['classes']);
  const listed = Array.isArray(classes) ? classes.filter((name) => typeof name === 'string') : [];
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

function detailedFacts(
  details: FetchErrorDetailsResponse,
  index: number,
  depth = 0,
): DetailedError | undefined {
  const error = details.errors[index];
  // The chain is data from outside: an index cycle must not hang the client.
  if (error === undefined || depth > details.errors.length) return undefined;
  const next = error.causeIdx === undefined ? undefined : detailedFacts(details, error.causeIdx, depth + 1);
  const facts: SparkConnectErrorFacts = {
    errorClass: error.sparkThrowable?.errorClass,
    sqlState: error.sparkThrowable?.sqlState,
    messageParameters: error.sparkThrowable?.messageParameters,
    exceptionClasses: error.errorTypeHierarchy,
    serverStack: error.stackTrace
      .map(
        (at) => `${at.declaringClass}.${at.methodName}(${at.fileName ?? 'Unknown'}:${String(at.lineNumber)})`,
      )
      .join('\n'),
    cause: next === undefined ? undefined : new (errorTypeOf(next.facts))(next.message, next.facts),
  };
  return { message: error.message, facts };
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
