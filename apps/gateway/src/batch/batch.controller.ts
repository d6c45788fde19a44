import { toBatchBody } from '@millrace/domain';
import type { BatchRegistry } from '@millrace/domain';
import { AcceptingGuard, parseQuery } from '@millrace/platform';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { GatewayConfig } from '../config';
import { DescribeBatchList, DescribeBatchRun, DescribeBatchStatus } from '../openapi/batch-routes';
import { BATCH_REGISTRY, GATEWAY_CONFIG } from '../ports';
import { batchListQuerySchema } from './batch-list-query';
import { batchStatusAnswer, STATUS_VIEWS } from './batch-status-answer';
import { FindBatch } from './find-batch';
import { readBatchRequest } from './read-batch-request';
import { SubmitBatch } from './submit-batch';

const statusQuerySchema = z.strictObject({ view: z.enum(STATUS_VIEWS).optional() });

@ApiTags('batch')
@Controller('batch')
export class BatchController {
  constructor(
    private readonly submitBatch: SubmitBatch,
    private readonly findBatch: FindBatch,
    @Inject(BATCH_REGISTRY) private readonly batches: BatchRegistry,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  @Post('run')
  @HttpCode(202)
  @UseGuards(AcceptingGuard)
  @DescribeBatchRun()
  async run(@Body() body: unknown, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const { batchId, status } = await this.submitBatch.execute(readBatchRequest(body));
    const links = {
      status: `/batch/status/${batchId}`,
      data: `/batch/data/${batchId}`,
      aggregated: `/batch/data/${batchId}/aggregated`,
    };
    void reply.header('location', links.status);
    return { batchId, status, links };
  }

  @Get('status/:batchId')
  @DescribeBatchStatus()
  async status(
    @Param('batchId') reference: string,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    const { view } = parseQuery(statusQuerySchema, query);
    const record = await this.findBatch.execute(reference);
    const asked = { view, requestId: request.id };
    const { httpStatus, body } = batchStatusAnswer(record, asked, this.config.failedStatusHttp);
    void reply.code(httpStatus);
    return body;
  }

  @Get('list')
  @DescribeBatchList()
  async list(@Query() query: unknown): Promise<unknown> {
    const { status, limit } = parseQuery(batchListQuerySchema, query);
    const { total, batches } = await this.batches.list(status === undefined ? { limit } : { status, limit });
    return { total, batches: batches.map(toBatchBody) };
  }
}
