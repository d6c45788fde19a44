import type { BatchRecord } from '@millrace/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayConfig } from '../config';
import { GATEWAY_CONFIG } from '../ports';
import { EndOfBatch } from './end-of-batch';
import { preferredWait } from './prefer-wait';

/** Keeps a request as long as it prefers, and its client is there, for the end of a batch. */
@Injectable()
export class PreferredEnd {
  constructor(
    private readonly endOfBatch: EndOfBatch,
    @Inject(GATEWAY_CONFIG) private readonly config: Pick<GatewayConfig, 'eventConnections'>,
  ) {}

  /**
   * The ended batch; undefined when it has not ended in time, or nobody wants to wait. While as many wait as may, the
   * preference is not applied, which RFC 7240 allows.
   */
  async of(batchId: string, request: FastifyRequest, reply: FastifyReply): Promise<BatchRecord | undefined> {
    const seconds = preferredWait(request.headers['prefer']);
    if (seconds === undefined || this.endOfBatch.size >= this.config.eventConnections) return undefined;
    void reply.header('preference-applied', `wait=${String(seconds)}`);
    // A client that left before would never be heard to leave.
    if (seconds === 0 || reply.raw.destroyed) return undefined;
    const gone = new AbortController();
    reply.raw.once('close', () => {
      gone.abort();
    });
    return this.endOfBatch.wait(batchId, seconds * 1_000, gone.signal);
  }
}
