import { BATCH_STATUSES, REQUESTABLE_ANALYSES } from '@millrace/domain';
import { applyDecorators } from '@nestjs/common';
import {
  ApiBody,
  ApiExtraModels,
  ApiHeader,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import {
  BatchAcceptedModel,
  BatchListModel,
  BatchStatusModel,
  DeltaBatchRequestModel,
  FailedBatchModel,
  KafkaBatchRequestModel,
} from './batch-models';
import { BATCH_REQUEST_EXAMPLES } from './batch-request-examples';
import { ErrorModel, EXAMPLE_ID } from './error-models';
import { Fails } from './failures';
import { oneOf } from './one-of';

export const batchIdParameter = () =>
  ApiParam({ name: 'batchId', description: 'The id of the batch, or its full UUID', example: EXAMPLE_ID });

const text = (description: string) => ({ description, schema: { type: 'string' as const } });

const preferHeader = () =>
  ApiHeader({
    name: 'Prefer',
    required: false,
    description:
      '`wait=N` (RFC 7240): wait up to N seconds, at most 60, for the end of the batch. Not applied while too many wait',
    schema: { type: 'string', example: 'wait=10' },
  });
const PREFERENCE_APPLIED = { 'Preference-Applied': text('The wait in use, `wait=N`') };

const senderHeaders = () =>
  applyDecorators(
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'Makes sending the same request again safe: the first answer is given again. Only its `twin` is left out. 1 ' +
        'to 255 printable ASCII characters, unique for each client',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    }),
    ApiHeader({
      name: 'X-Client-Id',
      required: false,
      description: 'Who asks: the queue is shared fairly among clients. The remote address unless given',
      schema: { type: 'string', pattern: '^[A-Za-z0-9_.-]{1,64}$' },
    }),
  );

/** Whoever submits, by whichever route. */
export function SubmitsBatch(): MethodDecorator {
  return applyDecorators(
    senderHeaders(),
    preferHeader(),
    ApiExtraModels(BatchAcceptedModel),
    ApiResponse({
      status: 202,
      description: 'Accepted',
      type: BatchAcceptedModel,
      headers: {
        Location: text('Where its state is'),
        'Idempotency-Replayed': text('`true`: the key was known, this is the batch of the first time'),
        ...PREFERENCE_APPLIED,
      },
    }),
    ApiResponse({
      status: 200,
      description: 'With `Prefer: wait`, and ended in time: its record, whatever became of it (`status`)',
      type: BatchStatusModel,
      headers: PREFERENCE_APPLIED,
    }),
  );
}

export function DescribeBatchRun(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Submit a batch',
      description:
        'Answers at once with an id; the analysis runs when a worker is free. The fields say what it reads: days of ' +
        "the stream's table (or of the seeder's), or a range of a Kafka topic. `next` begins where the last batch ended; " +
        'one at a time may, which holds where one gateway serves all clients.',
    }),
    ApiExtraModels(DeltaBatchRequestModel, KafkaBatchRequestModel),
    ApiBody({
      schema: oneOf([DeltaBatchRequestModel, KafkaBatchRequestModel]),
      examples: BATCH_REQUEST_EXAMPLES,
    }),
    SubmitsBatch(),
    Fails('INVALID_REQUEST', 'CONFLICT'),
    Fails('IDEMPOTENCY_KEY_REUSED', 'SERVICE_UNAVAILABLE'),
  );
}

export function DescribeBatchStatus(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'State of a batch',
      description: 'Works while Spark is down.',
    }),
    batchIdParameter(),
    ApiQuery({
      name: 'view',
      required: false,
      enum: ['record'],
      description: 'Answer 200 with the record alone, whatever became of the batch',
    }),
    preferHeader(),
    ApiExtraModels(FailedBatchModel, ErrorModel),
    ApiResponse({
      status: 200,
      description: 'The record',
      type: BatchStatusModel,
      headers: {
        'Retry-After': { description: 'While it waits or runs: seconds', schema: { type: 'integer' } },
        ...PREFERENCE_APPLIED,
      },
    }),
    Fails('INVALID_REQUEST', 'BATCH_NOT_FOUND'),
    ApiResponse({
      status: 500,
      description:
        'The batch FAILED: its record, with the members of an error. Without a record, INTERNAL_ERROR: something unforeseen',
      content: {
        'application/json': {
          schema: { anyOf: [FailedBatchModel, ErrorModel].map((it) => ({ $ref: getSchemaPath(it) })) },
        },
      },
    }),
    Fails('SERVICE_UNAVAILABLE'),
  );
}

const filterParameters = () => {
  const time = (description: string) => ({
    type: 'string' as const,
    description,
    example: '2025-01-15T00:00:00Z',
  });
  return applyDecorators(
    ApiQuery({ name: 'status', required: false, enum: BATCH_STATUSES }),
    ApiQuery({ name: 'analysisType', required: false, enum: REQUESTABLE_ANALYSES }),
    ApiQuery({
      name: 'from',
      required: false,
      schema: time('Submitted then or later; a day is its first moment, UTC'),
    }),
    ApiQuery({ name: 'to', required: false, schema: time('Submitted before: of a whole day, the next day') }),
    ApiQuery({
      name: 'label',
      required: false,
      schema: {
        type: 'array',
        items: { type: 'string' },
        description: 'name:value; all of those given',
        example: ['team:pricing'],
      },
    }),
    ApiQuery({ name: 'client', required: false, schema: { type: 'string', example: 'nightly-report' } }),
  );
};

export function DescribeBatchList(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Batches, newest first' }),
    filterParameters(),
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 1, default: 20, description: 'At most 1000 are listed' },
    }),
    ApiQuery({
      name: 'cursor',
      required: false,
      schema: { type: 'string', description: 'The nextCursor of the page before' },
    }),
    ApiResponse({
      status: 200,
      description: 'The batches',
      type: BatchListModel,
      headers: { Link: text('The next page, where there is one') },
    }),
    Fails('INVALID_REQUEST', 'SERVICE_UNAVAILABLE'),
  );
}
