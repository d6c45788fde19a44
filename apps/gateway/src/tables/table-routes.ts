import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { Fails } from '../openapi/failures';
import {
  TableDetailModel,
  TableHistoryModel,
  TableListModel,
  UpkeepRequestModel,
  UpkeepRequestedModel,
  UpkeepRunsModel,
} from './table-models';

const nameParameter = () =>
  ApiParam({
    name: 'name',
    description:
      'transactions, stream_aggregations, rejects, revenue_by_category, payment_analysis, channel_performance (as the ' +
      'stream keeps them), seed, or of a completed batch `<batchId>.raw`, ' +
      '`<batchId>.aggregated`, and of a full report `<batchId>.aggregated.<analysis>`',
    example: 'transactions',
  });

const limitParameter = (what: string) =>
  ApiQuery({
    name: 'limit',
    required: false,
    schema: { type: 'integer', minimum: 1, default: 20, description: `${what}; at most 1000` },
  });

const FAILURES_OF_NAMES = [
  'INVALID_REQUEST',
  'TABLE_NOT_FOUND',
  'BATCH_NOT_FOUND',
  'BATCH_NOT_READY',
  'BATCH_EXPIRED',
] as const;

export function DescribeTableList(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'The tables, what is in each, and what upkeep it takes' }),
    ApiResponse({ status: 200, description: 'The tables', type: TableListModel }),
    Fails('INVALID_REQUEST'),
  );
}

export function DescribeTableDetail(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'What a table is made of',
      description: 'Its newest version, read from the Delta log; works while Spark is down.',
    }),
    nameParameter(),
    ApiResponse({ status: 200, description: 'The table', type: TableDetailModel }),
    Fails(...FAILURES_OF_NAMES, 'RESULTS_MISSING', 'SERVICE_UNAVAILABLE'),
  );
}

export function DescribeTableHistory(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'The commits of a table',
      description:
        "As Spark's DESCRIBE HISTORY tells them, read from the Delta log; works while Spark is down. Delta forgets " +
        'commits older than 30 days.',
    }),
    nameParameter(),
    limitParameter('Commits'),
    ApiResponse({ status: 200, description: 'The newest commits', type: TableHistoryModel }),
    Fails(...FAILURES_OF_NAMES, 'RESULTS_MISSING', 'SERVICE_UNAVAILABLE'),
  );
}

export function DescribeUpkeepRuns(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'The last runs of upkeep on a table',
      description:
        'The newest 1000 runs of all tables together are kept. Other tables than those of the stream have none.',
    }),
    nameParameter(),
    limitParameter('Runs'),
    ApiResponse({ status: 200, description: 'The runs', type: UpkeepRunsModel }),
    Fails(...FAILURES_OF_NAMES, 'SERVICE_UNAVAILABLE'),
  );
}

export function DescribeUpkeepRequest(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Ask for upkeep of a table now',
      description:
        '`optimize` merges small files, `zorder` also sorts the events by customer and category, `vacuum` deletes files ' +
        'that no version of the last seven days needs. All of them also come at times of their own. One operation ' +
        'runs at a time, and no reader nor the stream is disturbed. Where the same waits already, its job is answered.',
    }),
    nameParameter(),
    ApiBody({ type: UpkeepRequestModel }),
    ApiResponse({ status: 202, description: 'It is in the queue', type: UpkeepRequestedModel }),
    Fails('INVALID_REQUEST', 'TABLE_NOT_FOUND', 'SERVICE_UNAVAILABLE'),
  );
}
