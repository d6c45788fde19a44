import { datasetListSchema, datasetSchema } from '@millrace/domain';
import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { Fails } from '../openapi/failures';
import { zodModel } from '../openapi/zod-model';

export class DatasetListModel extends zodModel(datasetListSchema) {}
export class DatasetModel extends zodModel(datasetSchema) {}

export function DescribeDatasetList(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Data sets that have a definition',
      description: 'Those of `conf/schemas`, as they are now: a new file there is a new data set.',
    }),
    ApiResponse({ status: 200, description: 'The data sets', type: DatasetListModel }),
    Fails('INVALID_REQUEST'),
  );
}

export function DescribeDataset(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'A data set: its fields, and what is grouped, added up and counted' }),
    ApiParam({
      name: 'name',
      description: 'Of the file in `conf/schemas`, without `.json`',
      example: 'card_transactions',
    }),
    ApiResponse({ status: 200, description: 'The data set', type: DatasetModel }),
    Fails('INVALID_REQUEST', 'DATASET_NOT_FOUND', 'CONFLICT'),
  );
}
