import { BATCH_STATUSES } from '@millrace/domain';
import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { Fails } from './failures';
import {
  BatchAcceptedModel,
  BatchListModel,
  BatchRecordModel,
  BatchRequestModel,
  FailedBatchModel,
} from './models';

export const batchIdParameter = () =>
  ApiParam({
    name: 'batchId',
    description: 'The id of the batch, or its full UUID',
    example: 'batch-20250115-a3f8e2b1',
  });

export function DescribeBatchRun(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Submit a batch',
      description: 'Answers at once with an id; the analysis runs when a worker is free.',
    }),
    ApiBody({
      type: BatchRequestModel,
      examples: {
        dates: {
          summary: 'A range of days',
          value: { startDate: '2025-01-01', endDate: '2025-01-15', analysisType: 'revenue_by_category' },
        },
        filters: {
          summary: 'With filters',
          value: {
            startDate: '2025-01-01',
            endDate: '2025-01-15',
            analysisType: 'customer_segmentation',
            filters: { category: 'electronics', region: 'west' },
          },
        },
      },
    }),
    ApiResponse({
      status: 202,
      description: 'Accepted',
      type: BatchAcceptedModel,
      headers: { Location: { description: 'Where its state is', schema: { type: 'string' } } },
    }),
    Fails('INVALID_REQUEST', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'SERVICE_UNAVAILABLE'),
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
    ApiResponse({ status: 200, description: 'The record', type: BatchRecordModel }),
    Fails('INVALID_REQUEST', 'BATCH_NOT_FOUND'),
    ApiResponse({
      status: 500,
      description: 'The batch FAILED: its record, with the members of an error',
      type: FailedBatchModel,
    }),
    Fails('SERVICE_UNAVAILABLE'),
  );
}

export function DescribeBatchList(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Batches, newest first' }),
    ApiQuery({ name: 'status', required: false, enum: BATCH_STATUSES }),
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 1, default: 20, description: 'At most 1000 are listed' },
    }),
    ApiResponse({ status: 200, description: 'The batches', type: BatchListModel }),
    Fails('INVALID_REQUEST', 'SERVICE_UNAVAILABLE'),
  );
}
