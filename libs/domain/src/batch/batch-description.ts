import { z } from 'zod';
import { REQUESTABLE_ANALYSES } from '../analysis/analysis-catalog';
import { BATCH_SOURCES, EXTRA_SINKS } from './batch-record';
import type { BatchRecord } from './batch-record';
import { isBatchId } from './batch-id';

const offsetsSchema = z.record(z.string(), z.int());

/**
 * The request of a batch as its commits in Delta carry it (`userMetadata`): enough to rebuild its row. Whoever reads the
 * tables reads this as well, so what may be a secret of the client is not in it: the webhook's URL, the idempotency key.
 */
export const batchDescriptionSchema = z.object({
  batchId: z.string().refine(isBatchId),
  uuid: z.uuid(),
  analysisType: z.enum(REQUESTABLE_ANALYSES),
  source: z.enum(BATCH_SOURCES),
  topic: z.string().nullable(),
  startOffset: z.string().nullable(),
  endOffset: z.string().nullable(),
  sourceOffsets: z.object({ start: offsetsSchema, end: offsetsSchema }).nullable(),
  startDate: z.string().nullable(),
  endDate: z.string().nullable(),
  afterEventTimestamp: z.string().nullable(),
  filters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullable(),
  sourcePath: z.string().nullable(),
  sourceVersion: z.int().nullable(),
  labels: z.record(z.string(), z.string()),
  sinks: z.array(z.enum(EXTRA_SINKS)),
  timeoutSeconds: z.int().nullable(),
  rerunOf: z.string().nullable(),
  requestedBy: z.object({
    client: z.string(),
    address: z.string(),
    userAgent: z.string().nullable(),
    requestId: z.string(),
  }),
  fingerprint: z.string(),
  submitTime: z.iso.datetime(),
  startTime: z.iso.datetime().nullable(),
});

export type BatchDescription = z.infer<typeof batchDescriptionSchema>;

export function describeBatch(record: BatchRecord): BatchDescription {
  return batchDescriptionSchema.parse({
    ...record,
    sourceVersion: record.sourceVersion === null ? null : Number(record.sourceVersion),
    submitTime: record.submitTime.toISOString(),
    startTime: record.startTime?.toISOString() ?? null,
  });
}
