import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DescribeHealth, DescribeLive, DescribeReady } from '../openapi/health-routes';
import { healthAnswer, readinessAnswer } from './health-answer';
import { Readiness } from './readiness';
import { SparkHealth } from './spark-health';

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(
    private readonly sparkHealth: SparkHealth,
    private readonly readiness: Readiness,
  ) {}

  @Get()
  @DescribeHealth()
  health(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): unknown {
    const { httpStatus, body } = healthAnswer(this.sparkHealth, process.uptime(), request.id);
    void reply.code(httpStatus).header('cache-control', 'no-store');
    return body;
  }

  @Get('live')
  @DescribeLive()
  live(): unknown {
    return { status: 'live' };
  }

  @Get('ready')
  @DescribeReady()
  async ready(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    const { httpStatus, body } = readinessAnswer(await this.readiness.execute(), request.id);
    void reply.code(httpStatus).header('cache-control', 'no-store');
    return body;
  }
}
