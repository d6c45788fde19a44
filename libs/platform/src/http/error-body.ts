import { isMillraceError, MillraceError } from '@millrace/domain';
import type { ErrorBody, ErrorCode, ErrorDetail } from '@millrace/domain';
import { HttpException } from '@nestjs/common';
import { codeOfHttpStatus, HTTP_STATUS_OF } from './error-status';

/** What a failure becomes on the wire. */
export interface ErrorAnswer {
  readonly httpStatus: number;
  readonly body: ErrorBody;
  /** Nobody foresaw it: the cause belongs in the log, never in the body. */
  readonly isUnexpected: boolean;
  /** When asking again makes sense, where that is known. */
  readonly retryAfterSeconds?: number | undefined;
}

const UNEXPECTED = 'Something went wrong inside Millrace; the log tells the cause under this request id';

const FRAMEWORK_MESSAGES: Readonly<Partial<Record<ErrorCode, string>>> = {
  PAYLOAD_TOO_LARGE: 'The request body is too large',
  UNSUPPORTED_MEDIA_TYPE:
    'The request body must be JSON: send it with Content-Type: application/json, not compressed',
  NOT_FOUND: 'There is nothing at this path',
  METHOD_NOT_ALLOWED: 'This path does not take this method',
};

/** What is wrong, where the framework only says how. */
const FRAMEWORK_FIELDS: Readonly<Partial<Record<ErrorCode, ErrorDetail>>> = {
  PAYLOAD_TOO_LARGE: { path: 'body', message: 'must have at most 64 KiB' },
  UNSUPPORTED_MEDIA_TYPE: {
    path: 'Content-Type',
    message: 'must be application/json, without Content-Encoding',
  },
};

/** The one place that decides what a client is told about a failure. */
export function errorAnswer(error: unknown, requestId: string | undefined, now: Date): ErrorAnswer {
  if (error instanceof MillraceError || isMillraceError(error)) return answerOfOurs(error, requestId, now);
  const issues = schemaIssues(error);
  if (issues !== undefined) return answer('INVALID_REQUEST', messageOf(issues), requestId, now, issues);
  const status = frameworkStatus(error);
  if (status === undefined || status >= 500) {
    if (status === 503) return answer('SERVICE_UNAVAILABLE', 'The service is shutting down', requestId, now);
    return { ...answer('INTERNAL_ERROR', UNEXPECTED, requestId, now), isUnexpected: true };
  }
  const code = codeOfHttpStatus(status);
  const message = FRAMEWORK_MESSAGES[code] ?? (error as Error).message;
  const field = FRAMEWORK_FIELDS[code];
  const found = answer(code, message, requestId, now, field && [field]);
  // The framework has finer statuses than there are codes (431, 408); keep them.
  return code === 'INVALID_REQUEST' ? { ...found, httpStatus: status } : found;
}

export function answer(
  code: ErrorCode,
  message: string,
  requestId: string | undefined,
  now: Date,
  details?: readonly ErrorDetail[],
): ErrorAnswer {
  return {
    httpStatus: HTTP_STATUS_OF[code],
    isUnexpected: false,
    body: {
      error: code,
      message,
      timestamp: now.toISOString(),
      ...(requestId === undefined ? {} : { requestId }),
      ...(details === undefined ? {} : { details }),
    },
  };
}

function answerOfOurs(error: MillraceError, requestId: string | undefined, now: Date): ErrorAnswer {
  return {
    httpStatus: HTTP_STATUS_OF[error.code],
    isUnexpected: error.code === 'INTERNAL_ERROR',
    ...('retryAfterSeconds' in error && { retryAfterSeconds: error.retryAfterSeconds as number | undefined }),
    body: {
      error: error.code,
      message: error.message,
      timestamp: now.toISOString(),
      ...(requestId === undefined ? {} : { requestId }),
      ...(error.batchId === undefined ? {} : { batchId: error.batchId }),
      ...(error.status === undefined ? {} : { status: error.status }),
      ...(error.errorMessage === undefined ? {} : { errorMessage: error.errorMessage }),
      ...(error.details === undefined ? {} : { details: error.details }),
    },
  };
}

/** Nest wraps what Fastify throws; both tell the status of a request that was refused. */
function frameworkStatus(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' && error.statusCode >= 400 ? error.statusCode : undefined;
}

/** A zod error that nobody translated, by its shape: zod is not a dependency of this library. */
function schemaIssues(error: unknown): readonly ErrorDetail[] | undefined {
  if (!(error instanceof Error) || error.name !== 'ZodError' || !('issues' in error)) return undefined;
  const issues = error.issues as readonly { path: readonly PropertyKey[]; message: string }[];
  return issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }));
}

function messageOf(details: readonly ErrorDetail[]): string {
  return details.map((it) => (it.path === '' ? it.message : `${it.path}: ${it.message}`)).join('; ');
}
