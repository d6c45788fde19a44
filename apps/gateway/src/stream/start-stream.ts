import { Inject, Injectable } from '@nestjs/common';
import { STREAM_MODES, streamedAnalysesSchema } from '@millrace/domain';
import { parseBody } from '@millrace/platform';
import { z } from 'zod';
import type { GatewayConfig } from '../config';
import { GATEWAY_CONFIG } from '../ports';
import { Orchestrator } from './orchestrator';

/** Starts the streaming queries on a topic of the allow-list. */
@Injectable()
export class StartStream {
  private readonly bodySchema;

  constructor(
    private readonly orchestrator: Orchestrator,
    @Inject(GATEWAY_CONFIG) { streamTopics }: GatewayConfig,
  ) {
    this.bodySchema = z.strictObject({
      topic: z.enum(streamTopics, { error: `must be one of: ${streamTopics.join(', ')}` }),
      analyses: streamedAnalysesSchema.optional(),
      mode: z.enum(STREAM_MODES, { error: `must be one of: ${STREAM_MODES.join(', ')}` }).optional(),
    });
  }

  /** @throws StreamAlreadyRunning */
  async execute(body: unknown, requestId: string): Promise<{ queryIds: string[] }> {
    return this.orchestrator.startStream(parseBody(this.bodySchema, body ?? {}), requestId);
  }
}
