import {
  ANALYSIS_NAMES,
  BATCH_STATUSES,
  deltaBatchRequestSchema,
  ERROR_CODES,
  transactionEventSchema,
} from '@millrace/domain';
import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';

const EXAMPLE_ID = 'batch-20250115-a3f8e2b1';
const time = () => z.iso.datetime().meta({ example: '2025-01-15T14:32:07.123Z' });
const batchId = () => z.string().meta({ example: EXAMPLE_ID });
const batchStatus = () => z.enum(BATCH_STATUSES).meta({ example: 'COMPLETED' });

const errorMembers = {
  error: z.enum(ERROR_CODES).meta({ description: 'Code to tell failures apart by' }),
  message: z.string().meta({ description: 'One sentence for people' }),
  timestamp: time(),
  requestId: z.string().optional().meta({ description: 'As in the X-Request-Id header and in the log' }),
};

export class ErrorModel extends createZodDto(
  z.object({
    ...errorMembers,
    batchId: batchId().optional(),
    status: z.string().optional().meta({ description: 'State of the batch, where it is the reason' }),
    errorMessage: z.string().optional(),
    details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
) {}

export class BatchRequestModel extends createZodDto(deltaBatchRequestSchema) {}

export class BatchAcceptedModel extends createZodDto(
  z.object({
    batchId: batchId(),
    status: z.literal('PENDING'),
    links: z.object({ status: z.string(), data: z.string(), aggregated: z.string() }),
  }),
) {}

const batchRecordSchema = z.object({
  batchId: batchId(),
  uuid: z.uuid(),
  status: batchStatus(),
  analysisType: z.enum(ANALYSIS_NAMES),
  source: z.enum(['delta', 'kafka', 'seed']),
  topic: z.string().nullable(),
  startOffset: z.string().nullable(),
  endOffset: z.string().nullable(),
  startDate: z.string().nullable().meta({ example: '2025-01-01' }),
  endDate: z.string().nullable().meta({ example: '2025-01-15' }),
  filters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullable(),
  sourcePath: z.string().nullable(),
  sourceVersion: z.int().nullable().meta({ description: 'The Delta version that the batch read' }),
  submitTime: time(),
  startTime: time().nullable(),
  endTime: time().nullable(),
  rowCount: z.int().nullable(),
  deltaRawPath: z.string().nullable(),
  deltaAggPath: z.string().nullable(),
  attempt: z.int(),
  errorMessage: z.string().nullable(),
});

export class BatchRecordModel extends createZodDto(batchRecordSchema) {}

export class FailedBatchModel extends createZodDto(batchRecordSchema.extend(errorMembers)) {}

export class BatchListModel extends createZodDto(
  z.object({
    total: z.int().meta({ description: 'All batches that match, not only those listed' }),
    batches: z.array(batchRecordSchema),
  }),
) {}

const pageSchema = z.object({
  limit: z.int(),
  offset: z.int(),
  returned: z.int(),
  hasMore: z.boolean(),
});

export class RawDataModel extends createZodDto(
  z.object({
    batchId: batchId(),
    status: batchStatus(),
    rowCount: z.int(),
    page: pageSchema,
    data: z.array(transactionEventSchema),
  }),
) {}

export class AggregatedDataModel extends createZodDto(
  z.object({
    batchId: batchId(),
    analysisType: z.enum(ANALYSIS_NAMES),
    page: pageSchema,
    data: z.array(z.record(z.string(), z.unknown())).meta({
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
    }),
  }),
) {}

export class StreamStartModel extends createZodDto(
  z.object({ topic: z.string().meta({ example: 'transactions-stream' }) }),
) {}

export class StreamStartedModel extends createZodDto(
  z.object({ status: z.literal('started'), queryIds: z.array(z.string()) }),
) {}

export class StreamStoppedModel extends createZodDto(
  z.object({ status: z.literal('stopped'), queriesStopped: z.int().meta({ example: 2 }) }),
) {}

export class StreamStatusModel extends createZodDto(
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
        updatedAt: time(),
      }),
    ),
  }),
) {}

const uptime = () => z.string().meta({ example: '2h 34m' });

export class HealthModel extends createZodDto(
  z.object({ status: z.literal('healthy'), spark: z.literal(true), uptime: uptime() }),
) {}

export class UnhealthyModel extends createZodDto(
  z.object({ status: z.literal('unhealthy'), spark: z.literal(false), uptime: uptime(), ...errorMembers }),
) {}

export class LiveModel extends createZodDto(z.object({ status: z.literal('live') })) {}

const checks = () => z.object({ postgres: z.boolean(), redis: z.boolean(), accepting: z.boolean() });

export class ReadyModel extends createZodDto(z.object({ status: z.literal('ready'), checks: checks() })) {}

export class NotReadyModel extends createZodDto(
  z.object({ status: z.literal('not_ready'), checks: checks(), ...errorMembers }),
) {}

export class StoppingModel extends createZodDto(z.object({ status: z.literal('shutting_down') })) {}
