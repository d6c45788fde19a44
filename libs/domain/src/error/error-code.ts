/** Every code an error body can carry in `error`. */
export const ERROR_CODES = [
  'INVALID_REQUEST',
  'UNAUTHORIZED',
  'NOT_FOUND',
  'BATCH_NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'BATCH_NOT_READY',
  'BATCH_EXPIRED',
  'RESULTS_MISSING',
  'BATCH_ENDED',
  'IDEMPOTENCY_KEY_REUSED',
  'WEBHOOK_NOT_FOUND',
  'STREAM_ALREADY_RUNNING',
  'TABLE_NOT_FOUND',
  'DATASET_NOT_FOUND',
  'CONFLICT',
  'PRECONDITION_FAILED',
  'PAYLOAD_TOO_LARGE',
  'RANGE_NOT_SATISFIABLE',
  'UNSUPPORTED_MEDIA_TYPE',
  'INTERNAL_ERROR',
  'SERVICE_UNAVAILABLE',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** One wrong field of a request: where it is (`filters.region`) and what is wrong with it. */
export interface ErrorDetail {
  readonly path: string;
  readonly message: string;
}

/** Body of every response that is not a success. */
export interface ErrorBody {
  readonly error: ErrorCode;
  readonly message: string;
  /** ISO-8601 UTC. */
  readonly timestamp: string;
  readonly requestId?: string;
  readonly batchId?: string;
  /** State of the batch, where the state is the reason. */
  readonly status?: string;
  readonly errorMessage?: string;
  readonly details?: readonly ErrorDetail[];
}
