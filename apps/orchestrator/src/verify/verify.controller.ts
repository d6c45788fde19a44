import { consistencyRequestSchema } from '@millrace/domain';
import type { ConsistencyBody } from '@millrace/domain';
import { AcceptingGuard, InternalAuthGuard, parseBody } from '@millrace/platform';
import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
// Injected by its class, so a type-only import would lose it.
import { VerifyConsistency } from './verify-consistency';

@Controller('internal/verify')
@UseGuards(InternalAuthGuard, AcceptingGuard)
export class VerifyController {
  constructor(private readonly verifyConsistency: VerifyConsistency) {}

  @Post('consistency')
  @HttpCode(200)
  consistency(@Body() body: unknown): Promise<ConsistencyBody> {
    return this.verifyConsistency.execute(parseBody(consistencyRequestSchema, body).analysis);
  }
}
