import { STREAMED_ANALYSES, TableNotFound } from '@millrace/domain';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
// Injected by its class, so a type-only import would lose it.
import { Results } from '../batch/results';
import { DescribeStreamAnalysis } from './describe-stream-analysis';

/** Analyses that the stream keeps up to date: the results service reads them, so Spark may be down. */
@ApiTags('stream')
@Controller('stream/analyses')
export class StreamAnalysesController {
  constructor(private readonly results: Results) {}

  @Get(':name')
  @DescribeStreamAnalysis()
  async analysis(
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const known = STREAMED_ANALYSES.find((analysis) => analysis === name);
    if (known === undefined) {
      throw new TableNotFound(
        `No stream keeps an analysis of this name; there are ${STREAMED_ANALYSES.join(', ')}`,
      );
    }
    await this.results.passThrough(`/stream/analyses/${known}`, request, reply);
  }
}
