import { z } from 'zod';
import { ANALYSIS_NAMES } from '../analysis/analysis-catalog';
import type { AnalysisName } from '../analysis/analysis-catalog';
import type { AttemptKey } from './batch-registry';

export const BATCH_QUEUE = 'batches';
/** The analyses of full reports: a flow each, with one job for each analysis. */
export const ANALYSIS_QUEUE = 'analyses';

/** In seconds, as BullMQ counts it. */
const KEPT_ENDED_JOBS = { age: 7 * 24 * 3_600, count: 1_000 } as const;

/** The same from whoever adds a job. Ended ones are kept to be looked at; the registry is the record. */
export const BATCH_JOB_OPTIONS = {
  // Attempts are the registry's: each has a job of its own.
  attempts: 1,
  removeOnComplete: KEPT_ENDED_JOBS,
  removeOnFail: KEPT_ENDED_JOBS,
} as const;

/** BullMQ takes priorities from 1 (first) to this. */
const LOWEST_PRIORITY = 2_097_151;

/** The fair rank as a BullMQ priority. */
export function batchJobPriority(fairRank: number): number {
  return Math.min(Math.max(fairRank, 1), LOWEST_PRIORITY);
}

/** Payload of a BullMQ job: the row says the rest. */
export const batchJobSchema = z.strictObject({ batchId: z.string(), attempt: z.int().min(1) });

export type BatchJob = z.infer<typeof batchJobSchema>;

/** Payload of a member of a full report; the flow's parent has no analysis. */
export const analysisJobSchema = batchJobSchema.extend({ analysisType: z.enum(ANALYSIS_NAMES).optional() });

export type AnalysisJob = z.infer<typeof analysisJobSchema>;

/** One job an attempt: adding it again changes nothing. BullMQ job ids may not contain a colon. */
export function batchJobId(key: AttemptKey): string {
  return `${key.batchId}-${String(key.attempt)}`;
}

export function analysisJobId(key: AttemptKey, analysisType: AnalysisName): string {
  return `${batchJobId(key)}-${analysisType}`;
}
