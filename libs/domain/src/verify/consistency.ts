import { z } from 'zod';
import { STREAMED_ANALYSES } from '../analysis/streamed-analysis';

/** What `POST /verify/consistency` takes. */
export const consistencyRequestSchema = z.strictObject({
  analysis: z
    .enum(STREAMED_ANALYSES, { error: `must be one of: ${STREAMED_ANALYSES.join(', ')}` })
    .meta({ description: 'Kept by the stream', example: 'revenue_by_category' }),
});

const cellSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const toleranceSchema = z.union([
  z.strictObject({ relative: z.number().meta({ example: 1e-11 }) }),
  z.strictObject({ absolute: z.number().meta({ example: 0.01 }) }),
]);

/** What it answers. */
export const consistencyBodySchema = z.object({
  analysis: z.enum(STREAMED_ANALYSES),
  version: z
    .int()
    .meta({ description: 'Of stream/transactions: the batch read exactly it, the stream had', example: 812 }),
  tableVersion: z.int().meta({ description: "Of the stream's own table, as it was compared", example: 95 }),
  rows: z.int().meta({ description: 'Groups that either of them has', example: 10 }),
  cells: z.int().meta({ description: 'Compared, without those of the groups themselves', example: 60 }),
  equal: z.boolean(),
  different: z.int().meta({ description: 'Cells', example: 0 }),
  differences: z
    .array(
      z.object({
        key: z.record(z.string(), cellSchema).meta({ description: 'The group' }),
        column: z.string(),
        stream: cellSchema.meta({ description: 'Null also where the stream lacks the group' }),
        batch: cellSchema.meta({ description: 'Null also where the batch lacks the group' }),
      }),
    )
    .meta({ description: 'The first 20' }),
  tolerance: z.record(z.string(), toleranceSchema).meta({
    description:
      'By column; the others are compared exactly. A sum of doubles depends on the order of the rows, which no two computations share',
    example: { total_revenue: { relative: 1e-11 } },
  }),
});

export type ConsistencyBody = z.infer<typeof consistencyBodySchema>;
export type Tolerance = z.infer<typeof toleranceSchema>;
