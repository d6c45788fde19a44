import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { batchStatusBody } from './batch-status-answer';
import { PreferredEnd } from './preferred-end';
import type { Submitted } from './register-batch';

const statusLink = (batchId: string) => `/batch/status/${batchId}`;

/** 202 with the id and where to look; the ended batch itself where the client preferred to wait for it. */
@Injectable()
export class AnswerSubmission {
  constructor(private readonly preferredEnd: PreferredEnd) {}

  async execute(submitted: Submitted, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { batchId } = submitted.record;
    void reply.code(202).header('location', statusLink(batchId));
    if (submitted.isReplay) void reply.header('idempotency-replayed', 'true');
    const ended = await this.preferredEnd.of(batchId, request, reply);
    if (ended === undefined) return acceptedBody(submitted);
    // The submission succeeded, also where the batch did not: its status says so.
    void reply.code(200);
    return batchStatusBody(ended);
  }
}

/** The same when it is sent again, whatever has become of the batch since. */
function acceptedBody({ record: { batchId }, twin }: Submitted): unknown {
  return {
    batchId,
    status: 'PENDING',
    links: {
      status: statusLink(batchId),
      data: `/batch/data/${batchId}`,
      aggregated: `/batch/data/${batchId}/aggregated`,
      events: `/batch/${batchId}/events`,
    },
    ...(twin !== null && { twin: { batchId: twin, links: { status: statusLink(twin) } } }),
  };
}
