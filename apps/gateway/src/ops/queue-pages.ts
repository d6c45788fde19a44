import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import type { ControllerHandlerReturnType } from '@bull-board/api/typings/app';
import { FastifyAdapter } from '@bull-board/fastify';
import { ANALYSIS_QUEUE, BATCH_QUEUE, UPKEEP_QUEUE } from '@millrace/domain';
import { errorAnswer, sendError } from '@millrace/platform';
import type { Queue } from 'bullmq';
import type { FastifyInstance } from 'fastify';

export const QUEUE_PAGES_PATH = '/ops/queues';

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  [BATCH_QUEUE]: 'One job for each attempt of a batch',
  [ANALYSIS_QUEUE]: 'One job for each analysis of a full report',
  [UPKEEP_QUEUE]: 'Upkeep of tables: OPTIMIZE, Z-ORDER and VACUUM, by their times or on request',
};

export interface QueuePagesOptions {
  readonly queues: readonly Queue[];
  /** Fails soon where Redis does not answer: the pages say so then instead of waiting for it. */
  readonly ping: () => Promise<void>;
  /** Jobs can only be looked at. */
  readonly readOnly: boolean;
}

/** Bull Board under `/ops/queues`, with our error bodies and nothing loaded from elsewhere. */
export function registerQueuePages(instance: FastifyInstance, options: QueuePagesOptions): void {
  const pages = new QueuePagesAdapter().setBasePath(QUEUE_PAGES_PATH);
  createBullBoard({
    queues: options.queues.map(
      (queue) =>
        new BullMQAdapter(queue, {
          readOnlyMode: options.readOnly,
          description: DESCRIPTIONS[queue.name] ?? '',
        }),
    ),
    serverAdapter: pages,
    options: { uiConfig: { boardTitle: 'Millrace queues', hideRedisDetails: true } },
  });
  void instance.register((scope, _options, done) => {
    scope.addHook('onRequest', async (request, reply) => {
      try {
        await options.ping();
        return undefined;
      } catch (error) {
        // Not thrown: the handler of errors below cannot set headers.
        sendError(reply, errorAnswer(error, request.id, new Date()));
        return reply;
      }
    });
    void scope.register(pages.registerPlugin(), { prefix: QUEUE_PAGES_PATH });
    done();
  });
}

class QueuePagesAdapter extends FastifyAdapter {
  override setErrorHandler(): this {
    return super.setErrorHandler((error) => {
      const { httpStatus, body } = errorAnswer(error, undefined, new Date());
      // Its type lists the statuses that its own handlers use; it sends any.
      return { status: httpStatus as NonNullable<ControllerHandlerReturnType['status']>, body: { ...body } };
    });
  }
}
