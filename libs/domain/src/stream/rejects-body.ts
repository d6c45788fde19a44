import { z } from 'zod';

/** What `GET /stream/rejects` answers. */
export const rejectsBodySchema = z.object({
  total: z.int().meta({ description: 'Rejected events', example: 3 }),
  replayed: z
    .int()
    .meta({ description: 'How many of them `npm run rejects -- replay` has sent again', example: 2 }),
  reasons: z
    .array(
      z.object({
        reason: z.string().meta({ description: '`<field>: <what is wrong>`', example: 'quantity: below 1' }),
        count: z.int().meta({ example: 3 }),
        replayed: z.int().meta({ example: 2 }),
      }),
    )
    .meta({ description: 'Most first' }),
  samples: z
    .array(
      z.object({
        reason: z.string(),
        topic: z.string(),
        partition: z.int(),
        offset: z.int(),
        timestamp: z.string().nullable().meta({ description: "Kafka's" }),
        rejectedAt: z.string(),
        key: z.string().nullable().meta({ description: 'Base64' }),
        value: z.string().nullable().meta({ description: 'Base64; null for a tombstone' }),
        text: z.string().nullable().meta({ description: 'The value where it is UTF-8' }),
        replayedAt: z.string().nullable().meta({ description: 'When it was sent to its topic again' }),
        replayOf: z
          .object({ partition: z.int(), offset: z.int() })
          .nullable()
          .meta({ description: 'Where in the topic the event was first, if this is a replay of it' }),
      }),
    )
    .meta({ description: 'The last ones' }),
});

export type RejectsBody = z.infer<typeof rejectsBodySchema>;
