import { isTerminal } from '@millrace/domain';
import { requireNoQuery } from '@millrace/platform';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FindBatch } from '../batch/find-batch';
import { DescribeAllEvents, DescribeBatchEvents } from './describe-batch-events';
import { EventStreams } from './event-streams';
import { FollowBatch } from './follow-batch';
import { lastEventIdOf } from './last-event-id';
import { WatchBatches } from './watch-batches';

@ApiTags('batch')
@Controller('batch')
export class BatchEventsController {
  constructor(
    private readonly findBatch: FindBatch,
    private readonly followBatch: FollowBatch,
    private readonly watchBatches: WatchBatches,
    private readonly streams: EventStreams,
  ) {}

  @Get('events')
  @DescribeAllEvents()
  async watch(
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    requireNoQuery(query);
    await this.streams.serve(request, reply, (sink) => this.watchBatches.execute(sink));
  }

  @Get(':batchId/events')
  @DescribeBatchEvents()
  async follow(
    @Param('batchId') reference: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const asked = lastEventIdOf(request);
    const record = await this.findBatch.execute(reference);
    // A larger id than there is comes from a registry that was lost: the client gets whatever happens from now on.
    const afterId = Math.min(asked ?? 0, record.lastEventId);
    const hasEnded = isTerminal(record.status) && afterId >= record.lastEventId;
    if (hasEnded) {
      // The one answer after which a browser does not connect again.
      void reply.code(204).header('cache-control', 'no-store').send();
      return;
    }
    await this.streams.serve(request, reply, (sink) => this.followBatch.execute(record, afterId, sink));
  }
}
