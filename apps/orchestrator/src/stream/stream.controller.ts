import { STREAM_MODES, streamedAnalysesSchema } from '@millrace/domain';
import { AcceptingGuard, InternalAuthGuard, parseBody } from '@millrace/platform';
import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { z } from 'zod';
// Injected by its class, so a type-only import would lose it.
import { StreamSupervisor } from './stream-supervisor';

const startSchema = z.strictObject({
  topic: z.string().min(1),
  analyses: streamedAnalysesSchema.default([]),
  mode: z.enum(STREAM_MODES).default('continuous'),
});
const continueSchema = z.strictObject({ acceptGaps: z.array(z.string()).min(1) });

/** Called by the gateway, which has checked the topic against the allow-list. */
@Controller('internal/stream')
@UseGuards(InternalAuthGuard, AcceptingGuard)
export class StreamController {
  constructor(private readonly supervisor: StreamSupervisor) {}

  @Post('start')
  @HttpCode(200)
  start(@Body() body: unknown): Promise<{ queryIds: string[] }> {
    return this.supervisor.start(parseBody(startSchema, body));
  }

  @Post('continue')
  @HttpCode(200)
  continue(@Body() body: unknown): Promise<{ accepted: string[]; queryIds: string[] }> {
    return this.supervisor.continueBehind(parseBody(continueSchema, body).acceptGaps);
  }

  @Post('stop')
  @HttpCode(200)
  stop(): Promise<{ queriesStopped: number }> {
    return this.supervisor.stop();
  }
}
