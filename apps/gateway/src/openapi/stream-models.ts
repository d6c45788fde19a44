import { rejectsBodySchema, STREAM_MODES, streamedAnalysesSchema } from '@millrace/domain';
import { z } from 'zod';
import { zodModel } from './zod-model';

export class StreamStartModel extends zodModel(
  z.object({
    topic: z.string().meta({ example: 'transactions-stream' }),
    analyses: streamedAnalysesSchema.optional().meta({
      description: 'Kept up to date as well, each by a query of its own',
      example: ['revenue_by_category'],
    }),
    mode: z
      .enum(STREAM_MODES)
      .optional()
      .meta({ description: 'drain: process what is there, then stop', example: 'continuous' }),
  }),
) {}

export class StreamStartedModel extends zodModel(
  z.object({ status: z.literal('started'), queryIds: z.array(z.string()) }),
) {}

export class StreamContinueModel extends zodModel(
  z.object({ acceptGaps: z.array(z.string()).meta({ example: ['transactions-stream/0/1200-1450'] }) }),
) {}

export class StreamContinuedModel extends zodModel(
  z.object({
    status: z.literal('continued'),
    accepted: z.array(z.string()),
    queryIds: z.array(z.string()).meta({ description: 'Empty where the stream is stopped' }),
  }),
) {}

export class StreamStoppedModel extends zodModel(
  z.object({ status: z.literal('stopped'), queriesStopped: z.int().meta({ example: 2 }) }),
) {}

export class StreamRejectsModel extends zodModel(rejectsBodySchema) {}
