import type { ErrorCode } from '@millrace/domain';
import { HTTP_STATUS_OF } from '@millrace/platform';
import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { ErrorModel } from './models';

/** What each code means to a client. */
const MEANINGS = {
  INVALID_REQUEST: 'The request is malformed; `details` names each wrong field',
  UNAUTHORIZED: 'The token is missing or wrong',
  NOT_FOUND: 'There is nothing at this path',
  BATCH_NOT_FOUND: 'No batch has this id',
  METHOD_NOT_ALLOWED: 'The path does not take this method',
  BATCH_NOT_READY: 'The batch is not completed: `status` tells its state',
  STREAM_ALREADY_RUNNING: 'The stream is running already',
  CONFLICT: 'The state does not allow this',
  PAYLOAD_TOO_LARGE: 'The body is larger than 64 KiB',
  UNSUPPORTED_MEDIA_TYPE: 'The body is not application/json',
  INTERNAL_ERROR: 'Something unforeseen; the log has the cause under the request id',
  SERVICE_UNAVAILABLE: 'A part that the answer needs is away; `message` names it',
} as const satisfies Record<ErrorCode, string>;

/** Documents the failures of a route. */
export function Fails(...codes: readonly ErrorCode[]): MethodDecorator {
  return applyDecorators(
    ...codes.map((code) =>
      ApiResponse({
        status: HTTP_STATUS_OF[code],
        description: `${code}: ${MEANINGS[code]}`,
        type: ErrorModel,
        example: {
          error: code,
          message: MEANINGS[code],
          timestamp: '2025-01-15T14:32:07.123Z',
          requestId: '7f1c5f3e-3d0a-4c55-9f0e-0f6f5b1f9a11',
        },
      }),
    ),
  );
}
