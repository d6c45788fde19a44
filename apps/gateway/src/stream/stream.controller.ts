import { AcceptingGuard } from '@millrace/platform';
import { Body, Controller, Get, HttpCode, Post, Req, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { DescribeStreamStart, DescribeStreamStatus, DescribeStreamStop } from '../openapi/stream-routes';
import { Orchestrator } from './orchestrator';
import { StartStream } from './start-stream';
import { StreamStatus } from './stream-status';

@ApiTags('stream')
@Controller('stream')
export class StreamController {
  constructor(
    private readonly startStream: StartStream,
    private readonly streamStatus: StreamStatus,
    private readonly orchestrator: Orchestrator,
  ) {}

  @Post('start')
  @HttpCode(200)
  @UseGuards(AcceptingGuard)
  @DescribeStreamStart()
  async start(@Body() body: unknown, @Req() request: FastifyRequest): Promise<unknown> {
    const { queryIds } = await this.startStream.execute(body, request.id);
    return { status: 'started', queryIds };
  }

  @Post('stop')
  @HttpCode(200)
  @DescribeStreamStop()
  async stop(@Req() request: FastifyRequest): Promise<unknown> {
    const { queriesStopped } = await this.orchestrator.stopStream(request.id);
    return { status: 'stopped', queriesStopped };
  }

  @Get('status')
  @DescribeStreamStatus()
  status(): Promise<unknown> {
    return this.streamStatus.execute();
  }
}
