import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { Fails } from './failures';
import {
  StreamContinuedModel,
  StreamContinueModel,
  StreamRejectsModel,
  StreamStartedModel,
  StreamStartModel,
  StreamStoppedModel,
} from './stream-models';
import { StreamStatusModel } from './stream-status-models';

export function DescribeStreamStart(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Start the streaming queries on a topic' }),
    ApiBody({ type: StreamStartModel }),
    ApiResponse({ status: 200, description: 'Started', type: StreamStartedModel }),
    Fails('INVALID_REQUEST', 'STREAM_ALREADY_RUNNING', 'CONFLICT', 'SERVICE_UNAVAILABLE'),
  );
}

export function DescribeStreamContinue(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Give up messages that are gone from the topic, and go on behind them',
      description:
        'A query that finds messages gone before it read them fails. `acceptGaps` names all gaps that are open, by their ids ' +
        'in `GET /stream/status`; they stay in the record. 409 where other gaps are there, or none.',
    }),
    ApiBody({ type: StreamContinueModel }),
    ApiResponse({ status: 200, description: 'The gaps are accepted', type: StreamContinuedModel }),
    Fails('INVALID_REQUEST', 'CONFLICT', 'SERVICE_UNAVAILABLE'),
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
    Fails('INVALID_REQUEST', 'SERVICE_UNAVAILABLE'),
  );
}

export function DescribeStreamRejects(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Events that broke the contract',
      description: 'Counted by reason, and the last of them with their bytes; works while Spark is down.',
    }),
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 0, default: 20, description: 'Samples; cut to 100' },
    }),
    ApiResponse({ status: 200, description: 'The rejects', type: StreamRejectsModel }),
    Fails('INVALID_REQUEST', 'SERVICE_UNAVAILABLE'),
  );
}
