import { randomUUID } from 'node:crypto';
import { KEPT_TABLES, ServiceUnavailable, UPKEEP_OF, UPKEEP_OPERATIONS } from '@millrace/domain';
import type { KeptTable, UpkeepOperation } from '@millrace/domain';
import type { Queue } from 'bullmq';
import { z } from 'zod';
import { withinDeadline } from '../batch/bull-deadline';
import { OFF } from './upkeep-settings';

/** Payload of a job, and what can be asked for. */
export const upkeepJobSchema = z
  .strictObject({ table: z.enum(KEPT_TABLES), operation: z.enum(UPKEEP_OPERATIONS) })
  .refine(({ table, operation }) => UPKEEP_OF[table].some((known) => known === operation), {
    path: ['operation'],
    error: 'is not for this table',
  });
export type UpkeepJob = z.infer<typeof upkeepJobSchema>;

/** The registry is the record: jobs that ended are kept to be looked at. */
export const UPKEEP_JOB_OPTIONS = {
  attempts: 1,
  removeOnComplete: { count: 200 },
  removeOnFail: { count: 200 },
} as const;

/** A job that comes again and again. */
export interface UpkeepSchedule extends UpkeepJob {
  /** Also the id of the scheduler; may not contain a colon. */
  readonly name: string;
  /** Cron, in UTC. */
  readonly pattern: string;
}

export function upkeepJobName({ table, operation }: UpkeepJob): string {
  return `${table}-${operation}`;
}

/** Every operation of every table that has a time. */
export function upkeepSchedules(patterns: Readonly<Record<UpkeepOperation, string>>): UpkeepSchedule[] {
  return KEPT_TABLES.flatMap((table: KeptTable) =>
    UPKEEP_OF[table]
      .filter((operation) => patterns[operation] !== OFF)
      .map((operation) => {
        const job = { table, operation };
        return { ...job, name: upkeepJobName(job), pattern: patterns[operation] };
      }),
  );
}

/** Somebody waits for the answer. */
const ANSWER_LIMIT_MS = 2_000;

/** Puts jobs in the queue on request. */
export class RequestUpkeep {
  constructor(private readonly queue: Pick<Queue<UpkeepJob>, 'add' | 'getDeduplicationJobId'>) {}

  /**
   * A job for it; the one that waits or runs already, where somebody asked for the same.
   * @throws ServiceUnavailable when Redis is away.
   */
  async request(job: UpkeepJob): Promise<{ jobId: string }> {
    const name = upkeepJobName(job);
    // Its own: those that Redis counts begin anew where Redis has lost its data, and the registry knows them.
    const options = { ...UPKEEP_JOB_OPTIONS, jobId: randomUUID(), deduplication: { id: name } };
    try {
      // A question first: a job for a Redis that is away would be sent when it is back, after its refusal.
      await withinDeadline(this.queue.getDeduplicationJobId(name), ANSWER_LIMIT_MS);
      const { id } = await withinDeadline(this.queue.add(name, job, options));
      return { jobId: id ?? name };
    } catch (cause) {
      throw new ServiceUnavailable('The queue (Redis) cannot be reached', { cause });
    }
  }
}
