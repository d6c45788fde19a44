import type { ErrorBody, ErrorCode } from '@millrace/domain';
import { HTTP_STATUS_OF } from '@millrace/platform';
import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { PROBES } from '../control/admission';
import { ErrorModel } from './error-models';

/** Codes of requests that no route takes. */
type RoutelessCode = 'NOT_FOUND' | 'METHOD_NOT_ALLOWED';
type DocumentedCode = Exclude<ErrorCode, RoutelessCode>;

/** What each code means to a client. */
const MEANINGS = {
  INVALID_REQUEST: 'The request is malformed; `details` names each wrong field',
  UNAUTHORIZED:
    'The bearer token is missing or wrong, where MILLRACE_API_TOKEN is set; or a page of another site asks',
  BATCH_NOT_FOUND: 'No batch has this id',
  BATCH_NOT_READY: 'The batch is not completed: `status` tells its state',
  BATCH_EXPIRED: 'The results were deleted when their time was over',
  RESULTS_MISSING: 'A table of the batch is not on the disk any more: a rerun makes it anew',
  BATCH_ENDED: 'The batch has ended, or not in the way that this needs: `status` tells its state',
  IDEMPOTENCY_KEY_REUSED: 'The key came with another request before; `batchId` tells which batch has it',
  WEBHOOK_NOT_FOUND: 'No dead delivery has this id',
  STREAM_ALREADY_RUNNING: 'The stream is running already',
  TABLE_NOT_FOUND: 'No table has this name, or it was not made yet; `message` lists the names',
  DATASET_NOT_FOUND: 'No data set has this name; `message` lists the names',
  CONFLICT: 'The state does not allow this',
  PRECONDITION_FAILED: 'What is asked for has none of the ETags that `If-Match` names',
  PAYLOAD_TOO_LARGE: 'The body is larger than 64 KiB',
  RANGE_NOT_SATISFIABLE: 'The range begins behind the end of the file; `Content-Range` tells its size',
  UNSUPPORTED_MEDIA_TYPE: 'The body is not application/json',
  INTERNAL_ERROR: 'Something unforeseen; the log has the cause under the request id',
  SERVICE_UNAVAILABLE: 'A part that the answer needs is away; `message` names it',
} as const satisfies Record<DocumentedCode, string>;

/** Documents the failures of a route; those with one HTTP status together. */
export function Fails(...codes: readonly DocumentedCode[]): MethodDecorator {
  const statuses = [...new Set(codes.map((code) => HTTP_STATUS_OF[code]))];
  return applyDecorators(
    ApiExtraModels(ErrorModel),
    ...statuses.map((status) =>
      ApiResponse({
        status,
        ...failure(codes.filter((code) => HTTP_STATUS_OF[code] === status)),
        ...(status === 503 && {
          headers: { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } },
        }),
      }),
    ),
  );
}

/** Of every route that takes a POST: a body is read before the route is asked, also one that it has no use for. */
const OF_BODIES = ['INVALID_REQUEST', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const;

/** Adds the failures that every route can have, except where a route describes that status itself. */
export function withFailuresOfAll(document: OpenAPIObject): OpenAPIObject {
  for (const [path, { get, post }] of Object.entries(document.paths)) {
    for (const operation of [get, post]) {
      if (operation === undefined) continue;
      operation.responses = {
        ...(PROBES.includes(path) ? {} : { 401: failure(['UNAUTHORIZED']) }),
        ...(operation === post ? failuresByStatus(OF_BODIES) : {}),
        500: failure(['INTERNAL_ERROR']),
        ...operation.responses,
      };
    }
  }
  return document;
}

const failuresByStatus = (codes: readonly DocumentedCode[]) =>
  Object.fromEntries(codes.map((code) => [HTTP_STATUS_OF[code], failure([code])]));

/** @param codes of one HTTP status. */
function failure(codes: readonly DocumentedCode[]) {
  return {
    description: codes.map((code) => `${code}: ${MEANINGS[code]}`).join('. '),
    content: {
      'application/json': {
        schema: { $ref: getSchemaPath(ErrorModel) },
        examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }])),
      },
    },
  };
}

function exampleOf(code: DocumentedCode): ErrorBody {
  return {
    error: code,
    message: MEANINGS[code],
    timestamp: '2025-01-15T14:32:07.123Z',
    requestId: '7f1c5f3e-3d0a-4c55-9f0e-0f6f5b1f9a11',
  };
}
