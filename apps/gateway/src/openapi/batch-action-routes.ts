import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { BatchRecordModel, RerunRequestModel } from './batch-models';
import { batchIdParameter, SubmitsBatch } from './batch-routes';
import { Fails } from './failures';

export function DescribeBatchCancel(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Cancel a batch',
      description: 'Asking again changes nothing. A batch that completes first stays COMPLETED.',
    }),
    batchIdParameter(),
    ApiResponse({
      status: 202,
      description: 'Asked for: the batch is CANCELLED once Spark has stopped',
      type: BatchRecordModel,
    }),
    ApiResponse({ status: 200, description: 'The batch is CANCELLED', type: BatchRecordModel }),
    Fails('INVALID_REQUEST', 'BATCH_NOT_FOUND', 'BATCH_ENDED', 'SERVICE_UNAVAILABLE'),
  );
}

export function DescribeBatchRerun(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Repeat a batch as a new one',
      description: 'CONFLICT where `original` is asked for, and what the batch read cannot be read any more.',
    }),
    batchIdParameter(),
    ApiBody({
      type: RerunRequestModel,
      required: false,
      examples: {
        latest: { summary: 'The same range of what is there now', value: { at: 'latest' } },
        original: { summary: 'Exactly what the batch read', value: { at: 'original' } },
      },
    }),
    SubmitsBatch(),
    Fails('INVALID_REQUEST', 'BATCH_NOT_FOUND', 'CONFLICT'),
    Fails('IDEMPOTENCY_KEY_REUSED', 'SERVICE_UNAVAILABLE'),
  );
}

export function DescribeBatchRetry(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Let a failed batch try again',
      description: 'Only what did not finish is run: of a full report, the analyses that failed.',
    }),
    batchIdParameter(),
    ApiResponse({ status: 202, description: 'It waits for its next attempt', type: BatchRecordModel }),
    Fails('INVALID_REQUEST', 'BATCH_NOT_FOUND', 'BATCH_ENDED', 'BATCH_EXPIRED', 'SERVICE_UNAVAILABLE'),
  );
}
