import { z } from 'zod';
import type { AttemptKey } from './batch-registry';

export const BATCH_QUEUE = 'batches';

/** Payload of a BullMQ job: the row says the rest. */
export const batchJobSchema = z.strictObject({ batchId: z.string(), attempt: z.int().min(1) });

export type BatchJob = z.infer<typeof batchJobSchema>;

/** One job an attempt: adding it again changes nothing. BullMQ job ids may not contain a colon. */
export function batchJobId(key: AttemptKey): string {
  return `${key.batchId}-${String(key.attempt)}`;
}
