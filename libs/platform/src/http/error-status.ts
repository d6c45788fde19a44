import type { ErrorCode } from '@millrace/domain';

/** HTTP status of each error code; a new code does not compile until it has one. */
export const HTTP_STATUS_OF = {
  INVALID_REQUEST: 400,
  UNAUTHORIZED: 401,
  NOT_FOUND: 404,
  BATCH_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  BATCH_NOT_READY: 409,
  BATCH_EXPIRED: 410,
  RESULTS_MISSING: 410,
  BATCH_ENDED: 409,
  IDEMPOTENCY_KEY_REUSED: 422,
  WEBHOOK_NOT_FOUND: 404,
  STREAM_ALREADY_RUNNING: 409,
  TABLE_NOT_FOUND: 404,
  DATASET_NOT_FOUND: 404,
  CONFLICT: 409,
  PRECONDITION_FAILED: 412,
  PAYLOAD_TOO_LARGE: 413,
  RANGE_NOT_SATISFIABLE: 416,
  UNSUPPORTED_MEDIA_TYPE: 415,
  INTERNAL_ERROR: 500,
  SERVICE_UNAVAILABLE: 503,
} as const satisfies Record<ErrorCode, number>;

const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'UNAUTHORIZED',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  503: 'SERVICE_UNAVAILABLE',
};

/** Code of an error that only says its HTTP status (the framework's). */
export function codeOfHttpStatus(status: number): ErrorCode {
  return CODE_OF_STATUS[status] ?? (status < 500 ? 'INVALID_REQUEST' : 'INTERNAL_ERROR');
}
