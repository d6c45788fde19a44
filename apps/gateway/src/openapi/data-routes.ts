import { ANALYSIS_NAMES } from '@millrace/domain';
import { applyDecorators } from '@nestjs/common';
import type { Type } from '@nestjs/common';
import { ApiExtraModels, ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { batchIdParameter } from './batch-routes';
import { describeConditions, describeParts } from './conditions';
import { oneOf } from './one-of';
import { Fails } from './failures';
import {
  AggregatedDataModel,
  ComparisonModel,
  RawDataModel,
  ReportDataModel,
  ResultSchemaModel,
} from './data-models';

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

function describeLimits(): MethodDecorator {
  return applyDecorators(
    ApiQuery({
      name: 'limit',
      required: false,
      schema: {
        type: 'integer',
        minimum: 0,
        default: 100,
        description: 'Cut to 10000 in JSON; of a stream or a file all rows where absent, and never cut',
      },
    }),
    ApiQuery({
      name: 'offset',
      required: false,
      schema: { type: 'integer', minimum: 0, default: 0 },
    }),
  );
}

/** Which rows, which of their columns, and how they are written. */
function describeRows(): MethodDecorator {
  return applyDecorators(
    describeLimits(),
    ApiQuery({
      name: 'cursor',
      required: false,
      schema: {
        type: 'string',
        description:
          'In place of an offset: `nextCursor` of an answer to the same request, valid as long as the batch',
      },
    }),
    describeSelection(),
    describeFormat(),
  );
}

/** Which rows of all, and which of their columns. */
function describeSelection(): MethodDecorator {
  return applyDecorators(
    ApiQuery({
      name: 'filter',
      required: false,
      explode: true,
      schema: {
        type: 'array',
        maxItems: 20,
        items: { type: 'string' },
        description:
          'column:operator:value, given again for each condition that rows must fulfil. Operators: eq, ne, lt, le, gt, ge; in, with commas between values; null and notnull, without a value',
        example: ['category:eq:electronics', 'total_amount:ge:100'],
      },
    }),
    ApiQuery({
      name: 'sort',
      required: false,
      schema: {
        type: 'string',
        description:
          "Up to five columns with commas between, `-` before one for the highest first; then the table's order",
        example: '-total_amount',
      },
    }),
    ApiQuery({
      name: 'columns',
      required: false,
      schema: {
        type: 'string',
        description: 'Names with commas between; they come in the order of the table',
      },
    }),
  );
}

const describeFormat = () =>
  ApiQuery({
    name: 'format',
    required: false,
    enum: ['json', 'ndjson', 'csv', 'arrow', 'parquet'],
    description:
      'A page as JSON, a stream of all rows, or, as parquet, a file of all rows; the header Accept says it too',
  });

function describePage(summary: string, models: readonly Type[], deprecated = false): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary, description: 'Read from Delta Lake; works while Spark is down.', deprecated }),
    batchIdParameter(),
    describeRows(),
    describeConditions(),
    describeParts(),
    ApiExtraModels(...models),
    ApiResponse({
      status: 200,
      description: 'One page of rows, a stream of them, or a file',
      content: {
        'application/json': { schema: oneOf(models) },
        'application/x-ndjson': { schema: { type: 'string', description: 'A JSON object in each line' } },
        'text/csv': { schema: { type: 'string', description: 'RFC 4180, with a header' } },
        'application/vnd.apache.arrow.stream': { schema: { type: 'string', format: 'binary' } },
        'application/vnd.apache.parquet': { schema: { type: 'string', format: 'binary' } },
      },
      headers: {
        'X-Total-Count': count('Rows that fulfil the filters'),
        'Delta-Table-Version': count('Version of the table that was read'),
        'X-Page-Size': count('The limit in use; of a stream or a file, how many rows there are'),
        'X-Page-Offset': count('The offset in use'),
        Link: { description: 'The next page, `rel="next"`, while there is one', schema: { type: 'string' } },
        ETag: {
          description: 'Of rows the same for ever, since results are final; of a file of its bytes',
          schema: { type: 'string' },
        },
        'Accept-Ranges': { description: '`bytes`, of a file', schema: { type: 'string' } },
      },
    }),
    failsToRead(),
    Fails('RANGE_NOT_SATISFIABLE'),
  );
}

const failsToRead = () =>
  Fails(
    'INVALID_REQUEST',
    'BATCH_NOT_FOUND',
    'BATCH_NOT_READY',
    'BATCH_EXPIRED',
    'RESULTS_MISSING',
    'SERVICE_UNAVAILABLE',
  );

function describeAnalysis(summary: string, deprecated = false): MethodDecorator {
  return applyDecorators(
    describePage(summary, [AggregatedDataModel, ReportDataModel], deprecated),
    describeVersion(),
    describeAnalysisName(),
  );
}

const describeAnalysisName = () =>
  ApiQuery({
    name: 'analysis',
    required: false,
    enum: ANALYSIS_NAMES,
    description: 'Only this analysis of a full report',
  });

export function DescribeRawData(): MethodDecorator {
  return applyDecorators(describePage('The rows that a batch read', [RawDataModel]), describeVersion());
}

export function DescribeRowsOfAnalysis(): MethodDecorator {
  return applyDecorators(
    describePage('The rows that an analysis counted: of one group, with its keys as filters', [RawDataModel]),
    describeAnalysisName(),
  );
}

export function DescribeRawSchema(): MethodDecorator {
  return describeSchema('The columns of the rows');
}

export function DescribeAggregatedSchema(): MethodDecorator {
  return applyDecorators(describeSchema('The columns of an analysis'), describeAnalysisName());
}

export function DescribeComparison(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'What changed from another batch of the same analysis, group by group' }),
    batchIdParameter(),
    ApiQuery({
      name: 'base',
      required: true,
      schema: {
        type: 'string',
        description: 'Id of the batch to compare with',
        example: 'batch-20250114-a3f8e2b1',
      },
    }),
    describeAnalysisName(),
    describeLimits(),
    ApiExtraModels(ComparisonModel),
    ApiResponse({ status: 200, description: 'Groups in the order of their keys', type: ComparisonModel }),
    describeConditions(),
    failsToRead(),
  );
}

function describeSchema(summary: string): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary }),
    batchIdParameter(),
    ApiExtraModels(ResultSchemaModel),
    ApiResponse({ status: 200, description: 'Names, types and order', type: ResultSchemaModel }),
    failsToRead(),
  );
}

export function DescribeAggregatedData(): MethodDecorator {
  return describeAnalysis('The table of the analysis, or all tables of a full report');
}

/** The older spelling of the same path. */
export function DescribeAggregatedDataAlias(): MethodDecorator {
  return describeAnalysis('The table of the analysis (alias)', true);
}
