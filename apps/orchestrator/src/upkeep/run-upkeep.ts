import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { UpkeepEnd, UpkeepMetrics, UpkeepRegistry } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import { isSparkLost, isUnavailable } from '../batch/failure-policy';
import { isDeltaConflict, summaryOf } from '../spark/session-errors';
import type { TableUpkeep } from './table-upkeep';
import type { UpkeepJob } from './upkeep-queue';

/** A job as it was taken from the queue. */
export interface TakenUpkeep extends UpkeepJob {
  readonly jobId: string;
  /** How often it was taken, this time included. */
  readonly starts: number;
}

/** How a job ended here; a failure is thrown. */
export type UpkeepVerdict =
  | { readonly kind: 'completed'; readonly metrics: UpkeepMetrics }
  | { readonly kind: 'skipped'; readonly reason: string }
  /** It is left for later. */
  | { readonly kind: 'postponed'; readonly reason: string; readonly delayMs: number };

export interface UpkeepTiming {
  /** Pause before a second execution where a commit of the stream was in the way; doubled each time. */
  readonly conflictPauseMs: number;
  /** After this an operation is given up. */
  readonly longestRunMs: number;
}

/** Executions of one run, each but the first after a conflict. */
export const MOST_EXECUTIONS = 6;
/** An operation that takes Spark down each time must not be tried for ever; its next time comes anyway. */
export const MOST_STARTS = 5;
const POSTPONED_MS = 30_000;
const AFTER_DRAIN_MS = 1_000;
const TIMING: UpkeepTiming = { conflictPauseMs: 2_000, longestRunMs: 6 * 3_600_000 };

// An interrupt ends Spark's jobs; what is past its last job, and only commits, cannot be called back.
const MAY_BE_COMMITTED =
  'what it had finished may be committed all the same (DESCRIBE HISTORY tells), which changes no rows';
const INTERRUPTED = `Interrupted: the orchestrator was stopped; it is done again after its next start; ${MAY_BE_COMMITTED}`;
const ABANDONED = `The orchestrator ended before it was over; it was stopped in Spark; ${MAY_BE_COMMITTED}`;

/** Another orchestrator has taken over and ended this run. */
class UpkeepSuperseded extends Error {}

/** Carries out one job at a time, and records it. An operation that is done twice does no harm: the second finds less to do. */
export class RunUpkeep {
  private readonly logger = new Logger(RunUpkeep.name);
  private readonly ending = new AbortController();
  private active: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly registry: UpkeepRegistry,
    private readonly tables: TableUpkeep,
    private readonly timing: UpkeepTiming = TIMING,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** @throws Error when it failed, and another attempt would fail too. */
  execute(job: TakenUpkeep): Promise<UpkeepVerdict> {
    const verdict = this.run(job);
    this.active = verdict.catch(() => undefined);
    return verdict;
  }

  /** Interrupts what runs; resolves when it has ended. */
  async drain(): Promise<void> {
    this.ending.abort();
    await this.active;
  }

  private async run(job: TakenUpkeep): Promise<UpkeepVerdict> {
    const { table, operation, jobId } = job;
    if (this.ending.signal.aborted) return postponed(INTERRUPTED, AFTER_DRAIN_MS);
    const runId = randomUUID();
    try {
      await this.endAbandoned();
      const exists = await this.tables.exists(table);
      const isFirst = await this.registry.begin({ runId, jobId, table, operation, startTime: this.now() });
      if (!isFirst) return postponed('Another operation on this table has not ended', POSTPONED_MS);
      if (!exists) return await this.skip(runId, job);
      const metrics = await this.carryOut(runId, job);
      await this.end(runId, { status: 'COMPLETED', endTime: this.now(), metrics });
      this.logger.log({ table, operation, ...metrics }, 'Upkeep completed');
      return { kind: 'completed', metrics };
    } catch (error) {
      return await this.judge(runId, job, error);
    }
  }

  /** What a process left behind that died while it waited. Only one orchestrator acts, and it carries out one job at a time. */
  private async endAbandoned(): Promise<void> {
    for (const run of await this.registry.running()) {
      await this.tables.stop(run);
      await this.end(run.runId, { status: 'FAILED', endTime: this.now(), errorMessage: ABANDONED });
      this.logger.warn({ table: run.table, operation: run.operation }, ABANDONED);
    }
  }

  private async skip(runId: string, { table, operation }: TakenUpkeep): Promise<UpkeepVerdict> {
    const reason = `There is no table ${table} yet`;
    await this.end(runId, { status: 'SKIPPED', endTime: this.now(), errorMessage: reason });
    this.logger.log({ table, operation }, `Upkeep skipped: ${reason}`);
    return { kind: 'skipped', reason };
  }

  /** Commits of the stream come in between: the operation starts anew on the newest version, a few times. */
  private async carryOut(runId: string, { table, operation }: TakenUpkeep): Promise<UpkeepMetrics> {
    const signal = AbortSignal.any([this.ending.signal, AbortSignal.timeout(this.timing.longestRunMs)]);
    for (let executions = 1; ; executions += 1) {
      try {
        return await this.tables.carryOut(table, operation, {
          signal,
          nextExecution: (sessionId) => this.nextExecution(runId, sessionId),
        });
      } catch (error) {
        if (!isDeltaConflict(error) || executions >= MOST_EXECUTIONS) throw error;
        this.logger.warn({ table, operation, executions }, `Tried again: ${summaryOf(error)}`);
        await pause(this.timing.conflictPauseMs * 2 ** (executions - 1), undefined, { signal });
      }
    }
  }

  /** Stored before it is sent, so that whoever comes after this process can stop it. */
  private async nextExecution(runId: string, sessionId: string): Promise<string> {
    const operationId = randomUUID();
    if (!(await this.registry.storeExecution(runId, { operationId, sessionId }))) {
      throw new UpkeepSuperseded('Another orchestrator has taken over');
    }
    return operationId;
  }

  private async judge(runId: string, { table, operation, starts }: TakenUpkeep, error: unknown) {
    const isDrained = this.ending.signal.aborted;
    const reason = isDrained ? INTERRUPTED : summaryOf(error);
    await this.noteFailure(runId, reason);
    if (isDrained) return postponed(reason, AFTER_DRAIN_MS);
    // What was not even asked says nothing about Spark, and is tried for as long as it takes.
    if (isUnavailable(error)) return postponed(reason, POSTPONED_MS);
    if (isSparkLost(error) && starts < MOST_STARTS) {
      this.logger.warn({ table, operation, starts }, `Upkeep lost Spark and is left for later: ${reason}`);
      return postponed(reason, POSTPONED_MS * starts);
    }
    this.logger.error({ table, operation, err: error }, `Upkeep failed: ${reason}`);
    throw error;
  }

  /** It may be the registry that is away: then the run is found RUNNING by the next one, and ended. */
  private async noteFailure(runId: string, errorMessage: string): Promise<void> {
    try {
      await this.end(runId, { status: 'FAILED', endTime: this.now(), errorMessage });
    } catch (error) {
      this.logger.warn(`The failure of an upkeep is not recorded: ${summaryOf(error)}`);
    }
  }

  private async end(runId: string, end: UpkeepEnd): Promise<void> {
    await this.registry.end(runId, end);
  }
}

function postponed(reason: string, delayMs: number): UpkeepVerdict {
  return { kind: 'postponed', reason, delayMs };
}
