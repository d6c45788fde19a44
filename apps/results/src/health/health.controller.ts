import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readiness } from './readiness';

@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('live')
  live(): unknown {
    return { status: 'live' };
  }

  /** 503, as an error body, while a check fails. */
  @Get('ready')
  async ready(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    const { isReady, checks } = await this.readiness.execute();
    void reply.header('cache-control', 'no-store');
    if (isReady) return { status: 'ready', checks };
    void reply.code(503);
    const failing = Object.entries(checks).flatMap(([name, isWell]) => (isWell ? [] : [name]));
    return {
      status: 'not_ready',
      checks,
      error: 'SERVICE_UNAVAILABLE',
      message: `Not ready: ${failing.join(', ')}`,
      timestamp: new Date().toISOString(),
      requestId: request.id,
    };
  }
}
