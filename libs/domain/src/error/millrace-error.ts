import type { ErrorCode, ErrorDetail } from './error-code';

/**
 * An expected failure with a code that a client may see. Compare by `code`, not by `instanceof`: classes differ between
 * packages that are loaded twice (and between Jest realms).
 */
export abstract class MillraceError extends Error {
  abstract readonly code: ErrorCode;
  readonly batchId?: string;
  readonly status?: string;
  readonly errorMessage?: string | undefined;
  readonly details?: readonly ErrorDetail[];

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

export class InvalidRequest extends MillraceError {
  readonly code = 'INVALID_REQUEST';
  constructor(override readonly details: readonly ErrorDetail[]) {
    super(
      details
        .map((detail) => (detail.path ? `${detail.path}: ${detail.message}` : detail.message))
        .join('; '),
    );
  }
}

export class BatchNotFound extends MillraceError {
  readonly code = 'BATCH_NOT_FOUND';
  constructor(override readonly batchId: string) {
    super(`No batch job found with ID: ${batchId}`);
  }
}

/** States that need a word of their own. */
const MEANING_OF_STATUS: Readonly<Record<string, string>> = {
  UNKNOWN: ': its record was lost, and the files it left do not show that it completed; submit it again',
};

export class BatchNotReady extends MillraceError {
  readonly code = 'BATCH_NOT_READY';
  constructor(
    override readonly batchId: string,
    override readonly status: string,
    override readonly errorMessage?: string,
  ) {
    super(`Batch not completed: ${batchId} is ${status}${MEANING_OF_STATUS[status] ?? ''}`);
  }
}

/** The results were deleted when their time was over. */
export class BatchExpired extends MillraceError {
  readonly code = 'BATCH_EXPIRED';
  constructor(
    override readonly batchId: string,
    expiresAt: Date | null,
  ) {
    const until = expiresAt === null ? '' : `: they were kept until ${expiresAt.toISOString()}`;
    super(`The results of ${batchId} were deleted${until}`);
  }
}

/** A table of a completed batch is gone from the disk before its time: nobody but the owner of the disk can tell why. */
export class ResultsMissing extends MillraceError {
  readonly code = 'RESULTS_MISSING';
  /** @param table by the name of its step, like `raw`. */
  constructor(
    override readonly batchId: string,
    table: string,
    options?: ErrorOptions,
  ) {
    super(
      `The table "${table}" of ${batchId} is not there any more, or not all of its files are whole: POST /batch/${batchId}/rerun makes it anew, as a new batch`,
      options,
    );
  }
}

/** The batch has ended, or has not ended in the way that what was asked for needs. */
export class BatchEnded extends MillraceError {
  readonly code = 'BATCH_ENDED';
  constructor(
    override readonly batchId: string,
    override readonly status: string,
    what: string,
  ) {
    super(`${batchId} is ${status}: ${what}`);
  }
}

export class IdempotencyKeyReused extends MillraceError {
  readonly code = 'IDEMPOTENCY_KEY_REUSED';
  constructor(override readonly batchId: string) {
    super(`This Idempotency-Key belongs to ${batchId}, which was another request: use a new key`);
  }
}

export class WebhookNotFound extends MillraceError {
  readonly code = 'WEBHOOK_NOT_FOUND';
  constructor(deliveryId: string) {
    super(`No dead webhook delivery has the id ${deliveryId}`);
  }
}

export class StreamAlreadyRunning extends MillraceError {
  readonly code = 'STREAM_ALREADY_RUNNING';
  constructor(readonly topic: string) {
    super(`The stream is already running on topic ${topic}; stop it first`);
  }
}

/** No table has the name, or the table that has it was not made yet. */
export class TableNotFound extends MillraceError {
  readonly code = 'TABLE_NOT_FOUND';
}

/** No definition of a data set has the name. */
export class DatasetNotFound extends MillraceError {
  readonly code = 'DATASET_NOT_FOUND';
}

export class Conflict extends MillraceError {
  readonly code = 'CONFLICT';
}

export class Unauthorized extends MillraceError {
  readonly code = 'UNAUTHORIZED';
}

/** `If-Match` names none of the tags that what is asked for has. */
export class PreconditionFailed extends MillraceError {
  readonly code = 'PRECONDITION_FAILED';
  constructor() {
    super(
      'If-Match: what is asked for has another ETag; ask without the header, or with the ETag that it has',
    );
  }
}

export class RangeNotSatisfiable extends MillraceError {
  readonly code = 'RANGE_NOT_SATISFIABLE';
  /** @param size bytes that there are. */
  constructor(size: number) {
    super(`Range: must begin within the ${String(size)} bytes of the file`);
  }
}

export class ServiceUnavailable extends MillraceError {
  readonly code = 'SERVICE_UNAVAILABLE';
  /** When asking again makes sense, where that is known. */
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, options: ErrorOptions & { retryAfterSeconds?: number } = {}) {
    super(message, options);
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** True for an error of ours, also one made by another copy of this package. */
export function isMillraceError(error: unknown): error is MillraceError {
  return error instanceof Error && 'code' in error && 'name' in error && ERROR_NAMES.has(error.name);
}

const ERROR_NAMES = new Set(
  [
    InvalidRequest,
    BatchNotFound,
    BatchNotReady,
    BatchExpired,
    ResultsMissing,
    BatchEnded,
    IdempotencyKeyReused,
    WebhookNotFound,
    StreamAlreadyRunning,
    TableNotFound,
    Conflict,
    Unauthorized,
    PreconditionFailed,
    RangeNotSatisfiable,
    ServiceUnavailable,
  ].map((type) => type.name),
);
