import { isRetryable, type RetryPolicy } from '../channel/retry-policy';
import { GrpcFailure } from '../errors/grpc-failure';

/** What the failures of one execution say about that execution. */
const UNKNOWN_HANDLE = /^INVALID_HANDLE\.(?:OPERATION|SESSION)_NOT_FOUND$/;
const TAKEN_HANDLE = 'INVALID_HANDLE.OPERATION_ALREADY_EXISTS';
/** Errors about the question, not about the execution that was asked for. */
const WRONG_QUESTION = /^INVALID_(?:CURSOR|HANDLE)\b/;

/** The server does not know the operation. */
export function isUnknownHandle(error: unknown): boolean {
  return error instanceof GrpcFailure && UNKNOWN_HANDLE.test(error.errorClass ?? '');
}

/** The server already has an operation of that id. */
export function isTakenHandle(error: unknown): boolean {
  return error instanceof GrpcFailure && error.errorClass === TAKEN_HANDLE;
}

/**
 * Has the execution itself ended with this failure? Only Spark can say so, and its errors carry its own details; the transport, a proxy,
 * a limit of this client and a wrong cursor say nothing about what runs on the server.
 */
export function isEndOfExecution(error: unknown, policy: RetryPolicy): boolean {
  if (isRetryable(error, policy) || !(error instanceof GrpcFailure)) return false;
  const { errorClass, errorInfo } = error;
  if (errorClass === undefined) return errorInfo?.domain === 'org.apache.spark';
  return !WRONG_QUESTION.test(errorClass);
}
