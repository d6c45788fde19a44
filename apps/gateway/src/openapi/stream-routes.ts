import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { Fails } from './failures';
import { StreamStartedModel, StreamStartModel, StreamStatusModel, StreamStoppedModel } from './stream-models';

export function DescribeStreamStart(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Start the streaming queries on a topic' }),
    ApiBody({ type: StreamStartModel }),
    ApiResponse({ status: 200, description: 'Started', type: StreamStartedModel }),
    Fails('INVALID_REQUEST', 'STREAM_ALREADY_RUNNING', 'UNSUPPORTED_MEDIA_TYPE', 'SERVICE_UNAVAILABLE'),
  );
}

export function DescribeStreamStop(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Stop the streaming queries after their micro-batch' }),
    ApiResponse({ status: 200, description: 'Stopped', type: StreamStoppedModel }),
    Fails('SERVICE_UNAVAILABLE'),
  );
}

export function DescribeStreamStatus(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'State of the streaming queries',
      description:
        'As last recorded (`updatedAt`); works while Spark is down. A query not recorded for 30 s is not active.',
    }),
    ApiResponse({ status: 200, description: 'The queries', type: StreamStatusModel }),
    Fails('SERVICE_UNAVAILABLE'),
  );
}
