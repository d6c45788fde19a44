import { AcceptingGuard, InternalAuthGuard, parseBody } from '@millrace/platform';
import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
// Injected by its class, so a type-only import would lose it.
import { RequestUpkeep, upkeepJobSchema } from './upkeep-queue';

/** Asked by the gateway, which knows the tables by name. */
@Controller('internal/upkeep')
@UseGuards(InternalAuthGuard, AcceptingGuard)
export class UpkeepController {
  constructor(private readonly upkeep: RequestUpkeep) {}

  @Post()
  @HttpCode(202)
  request(@Body() body: unknown): Promise<{ jobId: string }> {
    return this.upkeep.request(parseBody(upkeepJobSchema, body));
  }
}
