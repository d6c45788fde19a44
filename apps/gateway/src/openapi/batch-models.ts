import {
  ANALYSIS_NAMES,
  BATCH_SOURCES,
  BATCH_STATUSES,
  deltaBatchRequestSchema,
  EXTRA_SINKS,
  kafkaBatchRequestSchema,
  REQUESTABLE_ANALYSES,
} from '@millrace/domain';

import { z } from 'zod';
import { zodModel } from './zod-model';
import { rerunBodySchema } from '../batch/rerun-request';
import { batchIdSchema, errorMembers, timeSchema } from './error-models';

export const batchStatusSchema = () => z.enum(BATCH_STATUSES).meta({ example: 'COMPLETED' });

export class DeltaBatchRequestModel extends zodModel(deltaBatchRequestSchema) {}
export class KafkaBatchRequestModel extends zodModel(kafkaBatchRequestSchema) {}
export class RerunRequestModel extends zodModel(rerunBodySchema) {}

const linksSchema = z.object({
  status: z.string(),
  data: z.string(),
  aggregated: z.string(),
  events: z.string(),
});

export class BatchAcceptedModel extends zodModel(
  z.object({
    batchId: batchIdSchema(),
    status: z.literal('PENDING'),
    links: linksSchema,
    twin: z
      .object({ batchId: batchIdSchema(), links: z.object({ status: z.string() }) })
      .optional()
      .meta({ description: 'An equal batch of the same client that has not ended yet: was this one meant?' }),
  }),
) {}

const offsetsSchema = z.record(z.string(), z.int());

const memberSchema = z.object({
  analysisType: z.enum(ANALYSIS_NAMES),
  status: z
    .enum(BATCH_STATUSES)
    .meta({ description: 'CANCELLED also where the report ended before this analysis did' }),
  rowCount: z.int().nullable(),
  errorMessage: z.string().nullable(),
});

const progressSchema = z.object({
  stage: z.string().meta({ description: 'raw, aggregated, aggregated/<analysis> of a full report, sinks' }),
  percent: z.number().min(0).max(100),
  rows: z.int().meta({ description: 'Input rows that Spark has read so far in this stage' }),
});

const requesterSchema = z.object({
  client: z.string(),
  address: z.string(),
  userAgent: z.string().nullable(),
  requestId: z.string(),
});

/** What was asked for. */
const requestMembers = {
  analysisType: z.enum(REQUESTABLE_ANALYSES),
  source: z.enum(BATCH_SOURCES),
  topic: z.string().nullable(),
  startOffset: z.string().nullable().meta({ description: 'As asked for' }),
  endOffset: z.string().nullable().meta({ description: 'As asked for' }),
  sourceOffsets: z
    .object({ start: offsetsSchema, end: offsetsSchema })
    .nullable()
    .meta({ description: 'What the offsets were when the batch was accepted; the ends are not read' }),
  startDate: z.string().nullable().meta({ example: '2025-01-01' }),
  endDate: z.string().nullable().meta({ example: '2025-01-15' }),
  afterEventTimestamp: z
    .string()
    .nullable()
    .meta({ description: 'Only events later than this: where the batch before ended' }),
  filters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullable(),
  sourcePath: z.string().nullable(),
  sourceVersion: z.int().nullable().meta({ description: 'The Delta version that the batch reads' }),
  labels: z.record(z.string(), z.string()),
  sinks: z.array(z.enum(EXTRA_SINKS)),
  timeoutSeconds: z.int().nullable(),
  webhookUrl: z.string().nullable().meta({ description: 'Without user part and query' }),
  rerunOf: z.string().nullable().meta({ description: 'The batch that this one repeats' }),
  requestedBy: requesterSchema,
};

export const batchRecordSchema = z.object({
  batchId: batchIdSchema(),
  uuid: z.uuid(),
  status: batchStatusSchema(),
  ...requestMembers,
  submitTime: timeSchema(),
  startTime: timeSchema().nullable(),
  endTime: timeSchema().nullable(),
  cancelRequested: timeSchema().nullable().meta({ description: 'CANCELLED follows once Spark has stopped' }),
  progress: progressSchema.nullable(),
  rowCount: z.int().nullable(),
  maxEventTimestamp: z.string().nullable().meta({ description: 'The latest event that the batch read' }),
  deltaRawPath: z.string().nullable(),
  deltaAggPath: z.string().nullable(),
  expiresAt: timeSchema()
    .nullable()
    .meta({ description: 'From then on the results may be deleted, and a failed batch not be retried' }),
  resultsDeleted: timeSchema().nullable(),
  attempt: z.int().min(1),
  errorMessage: z.string().nullable(),
  members: z.array(memberSchema).nullable().meta({ description: 'The analyses of a full report' }),
});

export class BatchRecordModel extends zodModel(batchRecordSchema) {}

const statusMembers = {
  queuePosition: z.int().min(1).nullable().meta({ description: '1: the next one. Null unless it waits' }),
};

export class BatchStatusModel extends zodModel(batchRecordSchema.extend(statusMembers)) {}

export class FailedBatchModel extends zodModel(
  batchRecordSchema.extend({ ...statusMembers, ...errorMembers }),
) {}

export class BatchListModel extends zodModel(
  z.object({
    total: z.int().meta({ description: 'All batches that match, not only those listed' }),
    batches: z.array(batchRecordSchema),
    nextCursor: z.string().nullable().meta({ description: 'Null on the last page' }),
    next: z.string().nullable().meta({ description: 'Path of the next page, with the same filters' }),
  }),
) {}
