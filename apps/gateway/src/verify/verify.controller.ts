import { consistencyRequestSchema } from '@millrace/domain';
import type { ConsistencyBody } from '@millrace/domain';
import { AcceptingGuard, parseBody } from '@millrace/platform';
import { Body, Controller, HttpCode, Post, Req, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
// Injected by its class, so a type-only import would lose it.
import { Orchestrator } from '../stream/orchestrator';
import { DescribeConsistency } from './describe-verify';

@ApiTags('verify')
@Controller('verify')
export class VerifyController {
  constructor(private readonly orchestrator: Orchestrator) {}

  @Post('consistency')
  @HttpCode(200)
  @UseGuards(AcceptingGuard)
  @DescribeConsistency()
  consistency(@Body() body: unknown, @Req() request: FastifyRequest): Promise<ConsistencyBody> {
    const { analysis } = parseBody(consistencyRequestSchema, body ?? {});
    return this.orchestrator.verifyConsistency(analysis, request.id);
  }
}
