import { FULL_REPORT, analysesOf } from '@millrace/domain';
import type { BatchProgress, BatchRecord, BatchStep } from '@millrace/domain';
import type { ExecutionProgress, StageProgress } from 'spark-connect-js';

/** Percent of a batch that its raw rows stand for; the analyses share the rest. */
const RAW_SHARE = { single: 80, fullReport: 40 } as const;
/** All of it is told by the batch's state. */
const MOST_PERCENT = 99;
const MIN_INTERVAL_MS = 500;
/** A stage of so many tasks is worth half of what a very large one is. */
const TYPICAL_TASKS = 4;

/**
 * How far one attempt of a batch is: what its steps add up to, those of earlier attempts too. Reports never fall; they come
 * twice a second at most, and when a step ends.
 */
export class BatchMeter {
  private readonly shares = new Map<BatchProgress['stage'], { readonly percent: number; done: number }>();
  private lastReportMs = -Infinity;

  constructor(
    batch: Pick<BatchRecord, 'analysisType' | 'executions'>,
    private readonly report: (progress: BatchProgress) => void,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    const { analysisType, executions } = batch;
    const isReport = analysisType === FULL_REPORT;
    const raw = isReport ? RAW_SHARE.fullReport : RAW_SHARE.single;
    const analyses = analysesOf(analysisType);
    const doneOf = (step: BatchStep) => (executions[step]?.outcome === undefined ? 0 : 1);
    this.shares.set('raw', { percent: raw, done: doneOf('raw') });
    for (const name of analyses) {
      const step = isReport ? (`aggregated/${name}` as const) : 'aggregated';
      this.shares.set(step, { percent: (100 - raw) / analyses.length, done: doneOf(step) });
    }
    this.shares.set('sinks', { percent: 0, done: 0 });
  }

  /**
   * @param done How much of the step is done, 0 to 1; less than it was before counts as no change.
   * @param inputRows Rows that the whole step reads, where that is known: those so far are told in proportion.
   */
  advance(stage: BatchProgress['stage'], done: number, inputRows: number | undefined): void {
    const share = this.shares.get(stage);
    if (share === undefined) return;
    const isEnd = done >= 1 && share.done < 1;
    share.done = Math.max(share.done, Math.min(done, 1));
    const now = this.nowMs();
    if (!isEnd && now - this.lastReportMs < MIN_INTERVAL_MS) return;
    this.lastReportMs = now;
    this.report({ stage, percent: this.percent(), rows: Math.round((inputRows ?? 0) * share.done) });
  }

  private percent(): number {
    let sum = 0;
    for (const { percent, done } of this.shares.values()) sum += percent * done;
    return Math.min(Math.floor(sum), MOST_PERCENT);
  }
}

/**
 * How much of an execution is done, 0 to 1. Spark tells of stages as they begin and not how many will come, so each one
 * takes its part, by its number of tasks, of what the others left; the rest is for the commit.
 */
export function shareDone({ stages }: Pick<ExecutionProgress, 'stages'>): number {
  return 1 - stages.reduce((left, stage) => left * (1 - shareOf(stage)), 1);
}

function shareOf({ numTasks, numCompletedTasks }: StageProgress): number {
  if (numTasks === 0) return 0;
  const worth = (0.5 * numTasks) / (numTasks + TYPICAL_TASKS);
  return worth * Math.min(numCompletedTasks / numTasks, 1);
}
