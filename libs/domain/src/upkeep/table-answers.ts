import { z } from 'zod';
import { NAMED_TABLES } from './table-name';
import { UPKEEP_OPERATIONS, UPKEEP_STATUSES } from './upkeep-registry';

const time = () => z.iso.datetime().meta({ example: '2025-01-15T14:32:07.123Z' });
const count = () => z.int().min(0);
const tableName = () => z.string().meta({ example: 'transactions' });

/** What results answers and the gateway documents: both have it from here. */
export const upkeepRunSchema = z.object({
  runId: z.string().meta({ example: '0d3c5f0e-8a55-4c1b-9a53-0f6f5b1f9a11' }),
  jobId: z.string().meta({ description: 'The job in the queue that asked for it' }),
  operation: z.enum(UPKEEP_OPERATIONS),
  status: z.enum(UPKEEP_STATUSES).meta({ description: 'SKIPPED: there was no such table' }),
  executions: count().meta({
    description: 'Times it was sent to Spark: more than once where commits of the stream were in the way',
    example: 1,
  }),
  startTime: time(),
  endTime: time().nullable(),
  durationMs: count().nullable().meta({ example: 4_210 }),
  metrics: z
    .record(z.string(), z.number())
    .nullable()
    .meta({
      description: 'What Delta told of it',
      example: { filesAdded: 3, filesRemoved: 480, bytesAdded: 9_437_184, bytesRemoved: 12_582_912 },
    }),
  errorMessage: z.string().nullable(),
});

export const upkeepRunsSchema = z.object({
  table: tableName(),
  operations: z.array(z.enum(UPKEEP_OPERATIONS)).meta({ description: 'What can be asked for' }),
  runs: z.array(upkeepRunSchema).meta({ description: 'Newest first' }),
});

export const tableListSchema = z.object({
  tables: z.array(
    z.object({
      name: z.enum(NAMED_TABLES),
      description: z.string(),
      upkeep: z.array(z.enum(UPKEEP_OPERATIONS)).meta({ description: 'What can be asked for' }),
    }),
  ),
  results: z.array(z.string()).meta({
    description: 'How the tables of batches are named',
    example: ['<batchId>.raw'],
  }),
});

const partitionSchema = z.object({
  values: z.record(z.string(), z.string().nullable()).meta({
    description: 'By partition column, as Delta writes them',
    example: { event_date: '2025-01-15' },
  }),
  files: count(),
  bytes: count(),
});

export const tableDetailSchema = z.object({
  name: tableName(),
  description: z.string(),
  version: count().meta({ description: 'The newest', example: 5_211 }),
  lastCommit: z
    .object({ time: time(), operation: z.string().nullable().meta({ example: 'STREAMING UPDATE' }) })
    .nullable(),
  files: count().meta({ example: 34 }),
  bytes: count(),
  rows: count(),
  columns: z.array(z.object({ name: z.string(), type: z.string(), nullable: z.boolean() })),
  partitionColumns: z.array(z.string()),
  partitionCount: count(),
  partitions: z
    .array(partitionSchema)
    .meta({ description: 'At most the 400 that come last in the order of their values' }),
  properties: z.record(z.string(), z.string()).meta({ example: { 'delta.checkpointInterval': '100' } }),
  upkeep: z.array(upkeepRunSchema).meta({ description: 'The last runs, newest first' }),
});

const commitSchema = z.object({
  version: count(),
  time: time().nullable(),
  operation: z.string().nullable().meta({ example: 'OPTIMIZE' }),
  operationParameters: z.record(z.string(), z.string()),
  operationMetrics: z.record(z.string(), z.string()).meta({ example: { numRemovedFiles: '480' } }),
  userMetadata: z
    .record(z.string(), z.unknown())
    .nullable()
    .meta({ description: 'What Millrace wrote beside the commit, of which batch or micro-batch it is, say' }),
});

export const tableHistorySchema = z.object({
  name: tableName(),
  history: z
    .array(commitSchema)
    .meta({ description: 'Newest first; commits that Delta has cleaned up are not in it' }),
});

export type UpkeepRunBody = z.infer<typeof upkeepRunSchema>;
export type UpkeepRunsBody = z.infer<typeof upkeepRunsSchema>;
export type TableListBody = z.infer<typeof tableListSchema>;
export type TableDetailBody = z.infer<typeof tableDetailSchema>;
export type TableHistoryBody = z.infer<typeof tableHistorySchema>;
