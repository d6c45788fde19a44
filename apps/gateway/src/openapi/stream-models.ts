import { z } from 'zod';
import { zodModel } from './zod-model';
import { timeSchema } from './error-models';

export class StreamStartModel extends zodModel(
  z.object({ topic: z.string().meta({ example: 'transactions-stream' }) }),
) {}

export class StreamStartedModel extends zodModel(
  z.object({ status: z.literal('started'), queryIds: z.array(z.string()) }),
) {}

export class StreamStoppedModel extends zodModel(
  z.object({ status: z.literal('stopped'), queriesStopped: z.int().meta({ example: 2 }) }),
) {}

export class StreamStatusModel extends zodModel(
  z.object({
    active: z.boolean(),
    topic: z.string().nullable(),
    queries: z.array(
      z.object({
        id: z.string(),
        runId: z.string(),
        name: z.string(),
        isActive: z.boolean(),
        status: z.string().nullable(),
        lastProgress: z.unknown().meta({ description: "Spark's progress of the last micro-batch" }),
        recentProgress: z.array(z.unknown()),
        error: z.string().nullable(),
        restarts: z.int(),
        updatedAt: timeSchema(),
      }),
    ),
  }),
) {}
