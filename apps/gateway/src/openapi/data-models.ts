import {
  ANALYSIS_NAMES,
  FULL_REPORT,
  comparisonSchema,
  resultSchemaSchema,
  transactionEventSchema,
} from '@millrace/domain';

import { z } from 'zod';
import { zodModel } from './zod-model';
import { batchStatusSchema } from './batch-models';
import { batchIdSchema } from './error-models';

export const pageSchema = z.object({
  limit: z.int(),
  offset: z.int(),
  returned: z.int(),
  hasMore: z.boolean(),
  total: z.int().meta({ description: 'Rows that fulfil the filters' }),
  nextCursor: z.string().optional().meta({ description: 'Of the next page, while there is one' }),
});

export class RawDataModel extends zodModel(
  z.object({
    batchId: batchIdSchema(),
    status: batchStatusSchema(),
    rowCount: z.int(),
    page: pageSchema,
    data: z.array(transactionEventSchema),
  }),
) {}

export const rowsSchema = () =>
  z.array(z.record(z.string(), z.unknown())).meta({
    description: 'Rows with the columns of the analysis, in its order',
    example: [
      {
        category: 'electronics',
        total_revenue: 4523891.45,
        avg_order_value: 287.34,
        transaction_count: 15742,
        total_units_sold: 28456,
        avg_discount_pct: 8.7,
        unique_customers: 12893,
      },
    ],
  });

export class AggregatedDataModel extends zodModel(
  z.object({
    batchId: batchIdSchema(),
    analysisType: z.enum(ANALYSIS_NAMES),
    page: pageSchema,
    data: rowsSchema(),
  }),
) {}

/** All analyses of a full report: a page of each. */
export class ReportDataModel extends zodModel(
  z.object({
    batchId: batchIdSchema(),
    analysisType: z.literal(FULL_REPORT),
    analyses: z.partialRecord(z.enum(ANALYSIS_NAMES), z.object({ page: pageSchema, data: rowsSchema() })),
  }),
) {}

export class ResultSchemaModel extends zodModel(resultSchemaSchema) {}

export class ComparisonModel extends zodModel(comparisonSchema) {}
