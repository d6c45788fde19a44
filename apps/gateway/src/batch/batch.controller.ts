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
import type { BatchRecord, BatchRegistry } from '@millrace/domain';
import { isTerminal } from '@millrace/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { GatewayConfig } from '../config';
import { DescribeBatchList, DescribeBatchRun, DescribeBatchStatus } from '../openapi/batch-routes';
import { BATCH_REGISTRY, GATEWAY_CONFIG } from '../ports';
import { AnswerSubmission } from './answer-submission';
import { batchStatusAnswer, STATUS_VIEWS } from './batch-status-answer';
import { FindBatch } from './find-batch';
import { ListBatches } from './list-batches';
import { PreferredEnd } from './preferred-end';
import { readBatchRequest } from './read-batch-request';
import { senderOf } from './sender';
import { SubmitBatch } from './submit-batch';

const statusQuerySchema = z.strictObject({
  view: z.enum(STATUS_VIEWS, { error: `must be ${STATUS_VIEWS.join(' or ')}` }).optional(),
});

/** A batch takes a second or more, and so many run at once: asking sooner tells nothing new. */
const SECONDS_PER_TURN = 0.25;
const LONGEST_RETRY_AFTER_SECONDS = 30;

@ApiTags('batch')
@Controller('batch')
export class BatchController {
  constructor(
    private readonly submitBatch: SubmitBatch,
    private readonly answerSubmission: AnswerSubmission,
    private readonly findBatch: FindBatch,
    private readonly preferredEnd: PreferredEnd,
    private readonly listBatches: ListBatches,
    @Inject(BATCH_REGISTRY) private readonly batches: BatchRegistry,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  @Post('run')
  @HttpCode(202)
  @UseGuards(AcceptingGuard)
  @DescribeBatchRun()
  async run(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    const submitted = await this.submitBatch.execute(readBatchRequest(body), senderOf(request));
    return this.answerSubmission.execute(submitted, request, reply);
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
    const record = await this.latest(await this.findBatch.execute(reference), request, reply);
    const queuePosition = record.status === 'PENDING' ? 1 + (await this.batches.queuePosition(record)) : null;
    if (!isTerminal(record.status)) void reply.header('retry-after', retryAfter(queuePosition ?? 0));
    const asked = { view, requestId: request.id, queuePosition };
    const { httpStatus, body } = batchStatusAnswer(record, asked, this.config.failedStatusHttp);
    void reply.code(httpStatus);
    return body;
  }

  @Get('list')
  @DescribeBatchList()
  async list(
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    const body = await this.listBatches.execute(query, request.url);
    if (body.next !== null) void reply.header('link', `<${body.next}>; rel="next"`);
    return body;
  }

  /** The record as it is after the wait that the request prefers. */
  private async latest(
    record: BatchRecord,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<BatchRecord> {
    if (isTerminal(record.status)) return record;
    const ended = await this.preferredEnd.of(record.batchId, request, reply);
    if (ended !== undefined) return ended;
    return reply.hasHeader('preference-applied') ? this.findBatch.execute(record.batchId) : record;
  }
}

function retryAfter(queuePosition: number): string {
  const seconds = Math.ceil(queuePosition * SECONDS_PER_TURN);
  return String(Math.min(Math.max(seconds, 1), LONGEST_RETRY_AFTER_SECONDS));
}
