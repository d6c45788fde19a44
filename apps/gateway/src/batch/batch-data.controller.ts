import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DescribeAggregatedData, DescribeAggregatedDataAlias, DescribeRawData } from '../openapi/data-routes';
import { requireBatchReference } from './batch-reference';
import { Results } from './results';

@ApiTags('batch')
@Controller('batch/data')
export class BatchDataController {
  constructor(private readonly results: Results) {}

  @Get(':batchId')
  @DescribeRawData()
  async raw(
    @Param('batchId') reference: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.results.passThrough(`/batch/data/${requireBatchReference(reference)}`, request, reply);
  }

  @Get(':batchId/aggregated')
  @DescribeAggregatedData()
  async aggregated(
    @Param('batchId') reference: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const path = `/batch/data/${requireBatchReference(reference)}/aggregated`;
    await this.results.passThrough(path, request, reply);
  }

  @Get(':batchId/agg')
  @DescribeAggregatedDataAlias()
  agg(
    @Param('batchId') reference: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.aggregated(reference, request, reply);
  }
}
