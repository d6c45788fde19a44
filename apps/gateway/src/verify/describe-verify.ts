import { consistencyBodySchema, consistencyRequestSchema } from '@millrace/domain';
import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { Fails } from '../openapi/failures';
import { zodModel } from '../openapi/zod-model';

export class ConsistencyRequestModel extends zodModel(consistencyRequestSchema) {}
export class ConsistencyModel extends zodModel(consistencyBodySchema) {}

export function DescribeConsistency(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Recompute an analysis of the stream as a batch and compare every cell',
      description:
        'Over exactly the version of the events that the stream has read. Answers when it is done: as long as a batch over all ' +
        'events takes, at most four minutes. One at a time.',
    }),
    ApiBody({ type: ConsistencyRequestModel }),
    ApiResponse({ status: 200, description: 'Compared, whether equal or not', type: ConsistencyModel }),
    Fails('INVALID_REQUEST', 'CONFLICT', 'SERVICE_UNAVAILABLE'),
  );
}
