import { GAP_REASONS, STREAM_MODES } from '@millrace/domain';
import { z } from 'zod';
import { timeSchema } from './error-models';
import { zodModel } from './zod-model';

/** RESTARTING: it ended without anybody's wish, and is started again by itself. FAILED: it is not, see `error` and `cure`. */
const QUERY_STATES = ['RUNNING', 'RESTARTING', 'STOPPED', 'FAILED', 'UNSEEN'] as const;

const lagSchema = z.object({
  total: z.int().meta({ example: 12 }),
  partitions: z.record(z.string(), z.int()).meta({ example: { '0': 12, '1': 0 } }),
});

const measures = {
  inputRowsPerSecond: z.number().nullable(),
  processedRowsPerSecond: z.number().nullable(),
  batchDurationMs: z.number().nullable(),
  stateRows: z.int().nullable().meta({ description: 'Keys that the query remembers' }),
  watermark: z.string().nullable(),
  lag: lagSchema.nullable().meta({ description: 'Messages of the topic that are not read yet' }),
  lagUnknown: z.string().nullable().meta({ description: 'Why `lag` of a query on a topic is null' }),
  versionsBehind: z
    .int()
    .nullable()
    .meta({ description: 'Versions of its table that the query has not read' }),
  newestIngestion: z.string().nullable(),
  freshnessSeconds: z
    .number()
    .nullable()
    .meta({ description: 'Age of the newest event that is readable: it grows while no event comes' }),
};

const querySchema = z.object({
  id: z.string(),
  runId: z.string(),
  name: z.string(),
  isActive: z.boolean(),
  state: z.enum(QUERY_STATES),
  status: z.string().nullable(),
  error: z.string().nullable(),
  cure: z.string().nullable().meta({ description: 'What to do about a query that is FAILED' }),
  restarts: z.int(),
  generation: z
    .int()
    .meta({ description: 'Of the checkpoint: one more for each time that gaps were accepted' }),
  ...measures,
  counts: z
    .record(z.string(), z.int())
    .nullable()
    .meta({
      description: 'Rows since the first start: received = stored + rejected + duplicate; windows: late',
      example: { offered: 1_010, received: 1_010, stored: 1_000, rejected: 7, duplicate: 3 },
    }),
  lastProgress: z.unknown().meta({ description: "Spark's progress of the last micro-batch" }),
  recentProgress: z.array(z.unknown()),
  updatedAt: timeSchema(),
});

const gapSchema = z.object({
  id: z.string().meta({ example: 'transactions-stream/0/1200-1450' }),
  query: z.string(),
  topic: z.string(),
  partition: z.int(),
  fromOffset: z.int(),
  untilOffset: z.int().nullable().meta({ description: 'Null: nobody can tell how many messages there were' }),
  reason: z.enum(GAP_REASONS),
  generation: z.int(),
  detectedAt: timeSchema(),
  acceptedAt: timeSchema().nullable().meta({ description: 'Null: it is open, and the stream waits' }),
});

const statusSchema = z.object({
  active: z.boolean(),
  topic: z.string().nullable(),
  mode: z.enum(STREAM_MODES).nullable(),
  queries: z.array(querySchema),
  gaps: z
    .array(gapSchema)
    .meta({ description: 'Messages that were gone before they were read: all there ever were' }),
});

export class StreamStatusModel extends zodModel(statusSchema) {}

export type StreamStatusBody = z.infer<typeof statusSchema>;
export type StreamQueryBody = z.infer<typeof querySchema>;
export type StreamGapBody = z.infer<typeof gapSchema>;
