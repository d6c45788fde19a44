import { z } from 'zod';
import { ANALYSIS_NAMES } from '../analysis/analysis-catalog';
import { isBatchId } from './batch-id';

const count = () => z.int().min(0);
const batchId = () => z.string().refine(isBatchId).meta({ example: 'batch-20250115-a3f8e2b1' });

/** What results answers and the gateway documents: both have it from here. */
export const resultSchemaSchema = z.object({
  batchId: batchId(),
  result: z.enum(['raw', ...ANALYSIS_NAMES]),
  version: count().meta({ description: 'Of the Delta table' }),
  rowCount: count(),
  columns: z.array(
    z.object({
      name: z.string().meta({ example: 'total_amount' }),
      type: z.string().meta({ description: "As Spark's DDL spells it", example: 'double' }),
      nullable: z.boolean(),
    }),
  ),
  order: z
    .array(z.object({ column: z.string(), direction: z.enum(['asc', 'desc']) }))
    .meta({ description: 'In which its pages come' }),
});

const change = z.enum(['same', 'changed', 'new', 'vanished']);

const measureSchema = z.object({
  before: z.unknown(),
  after: z.unknown(),
  change: z.union([z.number(), z.string()]).nullable().optional().meta({ description: 'Only of numbers' }),
  changePercent: z
    .union([z.number(), z.string()])
    .nullable()
    .optional()
    .meta({ description: 'Only of numbers; null where nothing was before' }),
});

export const comparisonSchema = z.object({
  batchId: batchId(),
  base: batchId().meta({ description: 'The batch that it is compared with' }),
  analysisType: z.enum(ANALYSIS_NAMES),
  changes: z.record(change, count()).meta({ description: 'Groups of each change, in all' }),
  page: z.object({
    limit: count(),
    offset: count(),
    returned: count(),
    hasMore: z.boolean(),
    total: count(),
  }),
  data: z.array(
    z.object({
      key: z.record(z.string(), z.unknown()).meta({ example: { category: 'electronics' } }),
      change,
      measures: z.record(z.string(), measureSchema).meta({
        example: { transaction_count: { before: 100, after: 125, change: 25, changePercent: 25 } },
      }),
    }),
  ),
});

export type ResultSchemaBody = z.infer<typeof resultSchemaSchema>;
export type ComparisonBody = z.infer<typeof comparisonSchema>;
