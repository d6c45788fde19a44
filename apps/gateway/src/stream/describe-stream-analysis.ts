import { STREAMED_ANALYSES } from '@millrace/domain';
import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';
import { pageSchema, rowsSchema } from '../openapi/data-models';
import { timeSchema } from '../openapi/error-models';
import { Fails } from '../openapi/failures';
import { zodModel } from '../openapi/zod-model';

export class StreamAnalysisModel extends zodModel(
  z.object({
    analysis: z.enum(STREAMED_ANALYSES),
    version: z.int().meta({ description: 'Of the table that the stream keeps', example: 95 }),
    asOf: timeSchema()
      .nullable()
      .meta({ description: 'When a row was last changed; null before the first one' }),
    page: pageSchema,
    data: rowsSchema(),
  }),
) {}

export function DescribeStreamAnalysis(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'An analysis as the stream keeps it',
      description: 'The same columns and order as the batch analysis; works while Spark is down.',
    }),
    ApiParam({ name: 'name', enum: STREAMED_ANALYSES }),
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 0, default: 100, description: 'Cut to 10000' },
    }),
    ApiQuery({ name: 'offset', required: false, schema: { type: 'integer', minimum: 0, default: 0 } }),
    ApiResponse({ status: 200, description: 'One page of rows', type: StreamAnalysisModel }),
    Fails('INVALID_REQUEST', 'TABLE_NOT_FOUND', 'SERVICE_UNAVAILABLE'),
  );
}
