import { randomUUID } from 'node:crypto';
import { ANALYSIS_NAMES, batchJobId } from '@millrace/domain';
import type {
  AnalysisName,
  AttemptKey,
  BatchRecord,
  BatchRegistry,
  BatchStep,
  StepOutcome,
} from '@millrace/domain';
import { Logger } from '@nestjs/common';
import type { BatchComputation, StepRun } from '../compute/batch-computation';
import { PeriodicTask } from '../periodic-task';
import { summaryOf } from '../spark/session-errors';
import { AttemptSuperseded } from './attempt-superseded';
import { judgeFailure } from './failure-policy';
import { causeForLog, failureSentence } from './failure-sentence';
import { MemberRuns } from './member-runs';
import { MembersFailed } from './members-failed';
import type { ReportMembers } from './run-batch';

/** The queue of the members of full reports. */
export interface MemberQueue {
  /** Adds the flow of an attempt: a job for each of these members, and their parent. */
  add(batch: BatchRecord, members: readonly AnalysisName[]): Promise<void>;
  /** Adds what is missing of these members: Redis has lost them, or their jobs have ended without doing their work. */
  ensure(batch: BatchRecord, members: readonly AnalysisName[]): Promise<void>;
  /** Takes back what waits of the flow. */
  discard(key: AttemptKey): Promise<void>;
}

interface Report {
  readonly batch: BatchRecord;
  readonly raw: StepOutcome;
  readonly run: StepRun;
  /** For good, with the reason. */
  readonly failed: Map<AnalysisName, string>;
  /** The failure that ended the attempt: it may pass. */
  ended: Error | undefined;
  /** Why no more members were started. A failure of one that ran tells more, and comes first. */
  held: Error | undefined;
}

const LOOK_INTERVAL_MS = 2_000;
/** For a member that failed before anything was sent to Spark. */
const NO_SESSION = '00000000-0000-0000-0000-000000000000';

/**
 * Runs the members of full reports. Each member has a job in Redis, so that it is seen and retried alone, and so that few
 * run at once; but the report waits for the runs in this process, never for Redis: a flow that Redis loses is added again.
 */
export class RunMembers implements ReportMembers {
  private readonly logger = new Logger(RunMembers.name);
  private readonly reports = new Map<string, MemberRuns>();

  constructor(
    private readonly registry: BatchRegistry,
    private readonly computation: Pick<BatchComputation, 'computeAnalysis'>,
    private readonly queue: MemberQueue,
    /** @throws ServiceUnavailable while no job is taken, because Spark could do nothing with it. */
    private readonly requireSpark: () => void,
    private readonly lookIntervalMs = LOOK_INTERVAL_MS,
  ) {}

  /**
   * Waits for every member without an outcome; not for those that would have to wait for Spark.
   * @throws MembersFailed when some failed for good; the failure that may pass when there was one.
   */
  async run(batch: BatchRecord, raw: StepOutcome, run: StepRun): Promise<void> {
    const missing = ANALYSIS_NAMES.filter((name) => batch.executions[stepOf(name)]?.outcome === undefined);
    const report: Report = { batch, raw, run, failed: new Map(), ended: undefined, held: undefined };
    const runs: MemberRuns = new MemberRuns(missing, (member) => this.compute(report, runs, member));
    this.reports.set(batchJobId(batch), runs);
    try {
      await this.wait(report, runs);
    } finally {
      this.reports.delete(batchJobId(batch));
    }
    const ending = report.ended ?? report.held;
    if (ending !== undefined) throw ending;
    if (report.failed.size > 0) throw new MembersFailed(report.failed);
  }

  /** The run of a member whose report waits here; undefined when none does. */
  start(key: AttemptKey, member: AnalysisName): Promise<void> | undefined {
    return this.reports.get(batchJobId(key))?.start(member);
  }

  private async wait(report: Report, runs: MemberRuns): Promise<void> {
    const { batch, run } = report;
    const onAbort = () => {
      if (runs.notStarted.length > 0) report.ended ??= asError(run.signal.reason);
      runs.close();
    };
    run.signal.addEventListener('abort', onAbort, { once: true });
    if (run.signal.aborted) onAbort();
    let isAdded = false;
    const look = new PeriodicTask('Looking after a report', this.lookIntervalMs, async () => {
      const members = runs.notStarted;
      if (members.length === 0 || this.holds(report, runs)) return;
      isAdded = (await this.enqueue(batch, members, isAdded)) || isAdded;
    });
    look.start();
    try {
      await runs.done;
    } finally {
      run.signal.removeEventListener('abort', onAbort);
      await look.stop();
    }
    if (report.ended !== undefined || report.held !== undefined) this.discard(batch);
  }

  /** While Spark is away nobody takes the jobs of members: a report that waited for them would only use its time up. */
  private holds(report: Report, runs: MemberRuns): boolean {
    try {
      this.requireSpark();
      return false;
    } catch (error) {
      report.held = asError(error);
      runs.close();
      return true;
    }
  }

  private async enqueue(
    batch: BatchRecord,
    members: readonly AnalysisName[],
    isAdded: boolean,
  ): Promise<boolean> {
    try {
      await (isAdded ? this.queue.ensure(batch, members) : this.queue.add(batch, members));
      return true;
    } catch (error) {
      const { batchId, attempt } = batch;
      this.logger.warn({ batchId, attempt }, `The analyses wait for the queue: ${summaryOf(error)}`);
      return false;
    }
  }

  /** Best effort: a job that is delivered all the same finds no report that waits for it. */
  private discard({ batchId, attempt }: AttemptKey): void {
    this.queue.discard({ batchId, attempt }).catch((error: unknown) => {
      this.logger.debug({ batchId, attempt }, `Jobs of the report stay in the queue: ${summaryOf(error)}`);
    });
  }

  /** @throws Error with a sentence for people, which becomes the reason of the failed job. */
  private async compute(report: Report, runs: MemberRuns, member: AnalysisName): Promise<void> {
    const { batch, raw, run } = report;
    try {
      await this.computation.computeAnalysis(batch, raw, member, run);
    } catch (error) {
      const sentence = failureSentence(error);
      try {
        if (!isFinal(error, run.signal)) throw error;
        await this.storeFailure(batch, member, sentence);
        report.failed.set(member, sentence);
        const { batchId, attempt } = batch;
        this.logger.warn({ batchId, attempt, member, ...causeForLog(error) }, `Analysis failed: ${sentence}`);
      } catch (ending) {
        report.ended ??= asError(ending);
        runs.close();
      }
      throw new Error(sentence, { cause: error });
    }
  }

  private async storeFailure(batch: BatchRecord, member: AnalysisName, errorMessage: string): Promise<void> {
    const stored = (await this.registry.find(batch.batchId))?.executions[stepOf(member)];
    const execution = stored ?? { operationId: randomUUID(), sessionId: NO_SESSION };
    if (!(await this.registry.storeExecution(batch, stepOf(member), { ...execution, errorMessage }))) {
      throw new AttemptSuperseded(batch);
    }
  }
}

/** Whether it is the failure of this analysis, which another attempt would meet again. */
function isFinal(error: unknown, signal: AbortSignal): boolean {
  if (signal.aborted || error instanceof AttemptSuperseded) return false;
  return judgeFailure(error, 0).kind === 'fail';
}

function stepOf(member: AnalysisName): BatchStep {
  return `aggregated/${member}`;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
