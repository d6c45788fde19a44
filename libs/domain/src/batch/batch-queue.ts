import { z } from 'zod';
import type { AttemptKey } from './batch-registry';

export const BATCH_QUEUE = 'batches';

/** In seconds, as BullMQ counts it. */
const KEPT_ENDED_JOBS = { age: 7 * 24 * 3_600, count: 1_000 } as const;

/** The same from whoever adds a job. Ended ones are kept to be looked at; the registry is the record. */
export const BATCH_JOB_OPTIONS = {
  // Attempts are the registry's: each has a job of its own.
  attempts: 1,
  removeOnComplete: KEPT_ENDED_JOBS,
  removeOnFail: KEPT_ENDED_JOBS,
} as const;

/** Payload of a BullMQ job: the row says the rest. */
export const batchJobSchema = z.strictObject({ batchId: z.string(), attempt: z.int().min(1) });

export type BatchJob = z.infer<typeof batchJobSchema>;

/** One job an attempt: adding it again changes nothing. BullMQ job ids may not contain a colon. */
export function batchJobId(key: AttemptKey): string {
  return `${key.batchId}-${String(key.attempt)}`;
}
