import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import {
  HealthModel,
  LiveModel,
  NotReadyModel,
  ReadyModel,
  StoppingModel,
  UnhealthyModel,
} from './health-models';

export function DescribeHealth(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Whether Spark is well',
      description: 'Known beforehand: never waits for Spark.',
    }),
    ApiResponse({ status: 200, description: 'Healthy', type: HealthModel }),
    ApiResponse({ status: 503, description: 'Spark is stopped or cannot be reached', type: UnhealthyModel }),
  );
}

export function DescribeLive(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Whether this process runs' }),
    ApiResponse({ status: 200, description: 'It does', type: LiveModel }),
  );
}

export function DescribeReady(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Whether this process can serve: Postgres, Redis, not shutting down' }),
    ApiResponse({ status: 200, description: 'Ready', type: ReadyModel }),
    ApiResponse({ status: 503, description: 'Not ready', type: NotReadyModel }),
  );
}

export function DescribeStop(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Shut the whole application down',
      description: 'Answers at once; then streams and batches are drained and every service ends.',
    }),
    ApiResponse({ status: 200, description: 'Begun', type: StoppingModel }),
  );
}
