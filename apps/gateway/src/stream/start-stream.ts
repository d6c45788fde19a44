import { Inject, Injectable } from '@nestjs/common';
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
    });
  }

  /** @throws StreamAlreadyRunning */
  async execute(body: unknown, requestId: string): Promise<{ queryIds: string[] }> {
    const { topic } = parseBody(this.bodySchema, body ?? {});
    return this.orchestrator.startStream(topic, requestId);
  }
}
