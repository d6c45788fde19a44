import { Conflict, InvalidDatasetDefinition } from '@millrace/domain';
import type { DatasetBody, DatasetListBody } from '@millrace/domain';
import { requireNoQuery } from '@millrace/platform';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { datasetBody } from './dataset-body';
// Injected by its class, so a type-only import would lose it.
import { DatasetFiles } from './dataset-files';
import { DescribeDataset, DescribeDatasetList } from './dataset-routes';

@ApiTags('datasets')
@Controller('datasets')
export class DatasetsController {
  constructor(private readonly files: DatasetFiles) {}

  @Get()
  @DescribeDatasetList()
  async list(@Query() query: unknown): Promise<DatasetListBody> {
    requireNoQuery(query);
    const datasets: DatasetListBody['datasets'] = [];
    const problems: DatasetListBody['problems'] = [];
    for (const name of await this.files.names()) {
      try {
        const { title } = datasetBody(name, await this.files.read(name));
        datasets.push({ name, title });
      } catch (error) {
        if (!(error instanceof InvalidDatasetDefinition)) throw error;
        problems.push({ name, message: error.message });
      }
    }
    return { datasets, problems };
  }

  @Get(':name')
  @DescribeDataset()
  async dataset(@Param('name') name: string, @Query() query: unknown): Promise<DatasetBody> {
    requireNoQuery(query);
    try {
      return datasetBody(name, await this.files.read(name));
    } catch (error) {
      if (!(error instanceof InvalidDatasetDefinition)) throw error;
      throw new Conflict(
        `The definition of ${name} is not right (${error.message}): correct its file in conf/schemas`,
        { cause: error },
      );
    }
  }
}
