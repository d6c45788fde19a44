import { toBatchBody } from '@millrace/domain';
import { AcceptingGuard } from '@millrace/platform';
import { Body, Controller, HttpCode, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DescribeBatchCancel, DescribeBatchRerun, DescribeBatchRetry } from '../openapi/batch-action-routes';
import { AnswerSubmission } from './answer-submission';
import { CancelBatch } from './cancel-batch';
import { RerunBatch } from './rerun-batch';
import { RetryBatch } from './retry-batch';
import { senderOf } from './sender';

@ApiTags('batch')
@Controller('batch/:batchId')
export class BatchActionsController {
  constructor(
    private readonly cancelBatch: CancelBatch,
    private readonly rerunBatch: RerunBatch,
    private readonly retryBatch: RetryBatch,
    private readonly answerSubmission: AnswerSubmission,
  ) {}

  @Post('cancel')
  @HttpCode(202)
  @DescribeBatchCancel()
  async cancel(
    @Param('batchId') reference: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    const record = await this.cancelBatch.execute(reference);
    void reply.code(record.status === 'CANCELLED' ? 200 : 202);
    return toBatchBody(record);
  }

  @Post('rerun')
  @HttpCode(202)
  @UseGuards(AcceptingGuard)
  @DescribeBatchRerun()
  async rerun(
    @Param('batchId') reference: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    const submitted = await this.rerunBatch.execute(reference, body, senderOf(request));
    return this.answerSubmission.execute(submitted, request, reply);
  }

  @Post('retry')
  @HttpCode(202)
  @UseGuards(AcceptingGuard)
  @DescribeBatchRetry()
  async retry(@Param('batchId') reference: string): Promise<unknown> {
    return toBatchBody(await this.retryBatch.execute(reference));
  }
}
