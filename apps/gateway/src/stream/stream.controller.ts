import { AcceptingGuard, requireNoQuery } from '@millrace/platform';
import { Body, Controller, Get, HttpCode, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Results } from '../batch/results';
import {
  DescribeStreamContinue,
  DescribeStreamRejects,
  DescribeStreamStart,
  DescribeStreamStatus,
  DescribeStreamStop,
} from '../openapi/stream-routes';
import { ContinueStream } from './continue-stream';
import { Orchestrator } from './orchestrator';
import { StartStream } from './start-stream';
import { StreamStatus } from './stream-status';

@ApiTags('stream')
@Controller('stream')
export class StreamController {
  constructor(
    private readonly startStream: StartStream,
    private readonly continueStream: ContinueStream,
    private readonly streamStatus: StreamStatus,
    private readonly orchestrator: Orchestrator,
    private readonly results: Results,
  ) {}

  @Post('start')
  @HttpCode(200)
  @UseGuards(AcceptingGuard)
  @DescribeStreamStart()
  async start(@Body() body: unknown, @Req() request: FastifyRequest): Promise<unknown> {
    const { queryIds } = await this.startStream.execute(body, request.id);
    return { status: 'started', queryIds };
  }

  @Post('continue')
  @HttpCode(200)
  @UseGuards(AcceptingGuard)
  @DescribeStreamContinue()
  async continue(@Body() body: unknown, @Req() request: FastifyRequest): Promise<unknown> {
    const { accepted, queryIds } = await this.continueStream.execute(body, request.id);
    return { status: 'continued', accepted, queryIds };
  }

  @Post('stop')
  @HttpCode(200)
  @DescribeStreamStop()
  async stop(@Req() request: FastifyRequest): Promise<unknown> {
    const { queriesStopped } = await this.orchestrator.stopStream(request.id);
    return { status: 'stopped', queriesStopped };
  }

  @Get('rejects')
  @DescribeStreamRejects()
  async rejects(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.results.passThrough('/rejects', request, reply);
  }

  @Get('status')
  @DescribeStreamStatus()
  async status(@Query() query: unknown): Promise<unknown> {
    requireNoQuery(query);
    return this.streamStatus.execute();
  }
}
