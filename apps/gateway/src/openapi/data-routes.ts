import { ANALYSIS_NAMES } from '@millrace/domain';
import { applyDecorators } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { batchIdParameter } from './batch-routes';
import { oneOf } from './one-of';
import { Fails } from './failures';
import { AggregatedDataModel, RawDataModel, ReportDataModel } from './data-models';

const count = (description: string) => ({ description, schema: { type: 'integer' as const } });

/** Which version of the table. */
function describeVersion(): MethodDecorator {
  return applyDecorators(
    ApiQuery({
      name: 'versionAsOf',
      required: false,
      schema: {
        type: 'integer',
        minimum: 0,
        description: 'Another version of the table than the one that the batch committed',
      },
    }),
    ApiQuery({
      name: 'timestampAsOf',
      required: false,
      schema: {
        type: 'string',
        format: 'date-time',
        description:
          'The version that was the newest then; not together with versionAsOf. Of a full report both need analysis, as columns and lines do',
      },
    }),
  );
}

/** Which rows, which of their columns, and how they are written. */
function describeRows(): MethodDecorator {
  return applyDecorators(
    ApiQuery({
      name: 'limit',
      required: false,
      schema: {
        type: 'integer',
        minimum: 0,
        default: 100,
        description: 'Cut to 10000; of lines all rows where absent, and never cut',
      },
    }),
    ApiQuery({
      name: 'offset',
      required: false,
      schema: { type: 'integer', minimum: 0, default: 0 },
    }),
    ApiQuery({
      name: 'columns',
      required: false,
      schema: {
        type: 'string',
        description: 'Names with commas between; they come in the order of the table',
      },
    }),
    ApiQuery({
      name: 'format',
      required: false,
      enum: ['json', 'ndjson'],
      description: 'A page as JSON, or rows as lines; the header Accept says it too',
    }),
  );
}

function describePage(summary: string, models: readonly Type[], deprecated = false): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary, description: 'Read from Delta Lake; works while Spark is down.', deprecated }),
    batchIdParameter(),
    describeRows(),
    describeVersion(),
    ApiHeader({ name: 'If-None-Match', required: false, description: 'ETag of an earlier answer' }),
    ApiExtraModels(...models),
    ApiResponse({
      status: 200,
      description: 'One page of rows, or the rows as lines',
      content: {
        'application/json': { schema: oneOf(models) },
        'application/x-ndjson': { schema: { type: 'string', description: 'A JSON object in each line' } },
      },
      headers: {
        'X-Total-Count': count('Rows in all'),
        'Delta-Table-Version': count('Version of the table that was read'),
        'X-Page-Size': count('The limit in use; of lines, how many there are'),
        'X-Page-Offset': count('The offset in use'),
        ETag: { description: 'Changes never: results are final', schema: { type: 'string' } },
      },
    }),
    ApiResponse({ status: 304, description: 'Nothing changed since that ETag' }),
    Fails(
      'INVALID_REQUEST',
      'BATCH_NOT_FOUND',
      'BATCH_NOT_READY',
      'BATCH_EXPIRED',
      'RESULTS_MISSING',
      'SERVICE_UNAVAILABLE',
    ),
  );
}

function describeAnalysis(summary: string, deprecated = false): MethodDecorator {
  return applyDecorators(
    describePage(summary, [AggregatedDataModel, ReportDataModel], deprecated),
    ApiQuery({
      name: 'analysis',
      required: false,
      enum: ANALYSIS_NAMES,
      description: 'Only this analysis of a full report',
    }),
  );
}

export function DescribeRawData(): MethodDecorator {
  return describePage('The rows that a batch read', [RawDataModel]);
}

export function DescribeAggregatedData(): MethodDecorator {
  return describeAnalysis('The table of the analysis, or all tables of a full report');
}

/** The older spelling of the same path. */
export function DescribeAggregatedDataAlias(): MethodDecorator {
  return describeAnalysis('The table of the analysis (alias)', true);
}
