import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  DescribeAggregatedData,
  DescribeAggregatedDataAlias,
  DescribeAggregatedSchema,
  DescribeComparison,
  DescribeRawData,
  DescribeRawSchema,
  DescribeRowsOfAnalysis,
} from '../openapi/data-routes';
import { requireBatchReference } from './batch-reference';
import { Results } from './results';

@ApiTags('batch')
@Controller('batch/data')
export class BatchDataController {
  constructor(private readonly results: Results) {}

  @Get(':batchId')
  @DescribeRawData()
  raw(
    @Param('batchId') reference: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.pass(reference, '', request, reply);
  }

  @Get(':batchId/schema')
  @DescribeRawSchema()
  rawSchema(
    @Param('batchId') reference: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.pass(reference, '/schema', request, reply);
  }

  @Get(':batchId/aggregated')
  @DescribeAggregatedData()
  aggregated(
    @Param('batchId') reference: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.pass(reference, '/aggregated', request, reply);
  }

  @Get(':batchId/agg')
  @DescribeAggregatedDataAlias()
  agg(
    @Param('batchId') reference: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.pass(reference, '/aggregated', request, reply);
  }

  @Get(':batchId/aggregated/schema')
  @DescribeAggregatedSchema()
  aggregatedSchema(
    @Param('batchId') reference: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.pass(reference, '/aggregated/schema', request, reply);
  }

  @Get(':batchId/aggregated/rows')
  @DescribeRowsOfAnalysis()
  rowsOfAnalysis(
    @Param('batchId') reference: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.pass(reference, '/aggregated/rows', request, reply);
  }

  @Get(':batchId/aggregated/comparison')
  @DescribeComparison()
  comparison(
    @Param('batchId') reference: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.pass(reference, '/aggregated/comparison', request, reply);
  }

  private pass(reference: string, what: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.results.passThrough(`/batch/data/${requireBatchReference(reference)}${what}`, request, reply);
  }
}
