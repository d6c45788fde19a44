import type { AnalysisName, BatchProgress, BatchRecord, StepOutcome } from '@millrace/domain';

/** What the attempt that runs a step wants to be asked and told. */
export interface StepRun {
  /** Aborted: the step ends with the reason, and its execution is interrupted. */
  readonly signal: AbortSignal;
  /** Of the whole batch; at most twice a second, never falling within a step. */
  onProgress(progress: BatchProgress): void;
}

/** Turns a claimed batch into tables, step by step. Every step may be asked for again: it commits once. */
export interface BatchComputation {
  /**
   * Writes `raw`: the selected rows of one pinned snapshot, or of the stored offsets. Comes back at once when an earlier
   * attempt has written them.
   * @throws AttemptSuperseded when the batch has gone on without this attempt.
   */
  computeRaw(batch: BatchRecord, run: StepRun): Promise<StepOutcome>;
  /**
   * Writes one analysis of exactly the raw rows: `aggregated`, or `aggregated/<name>` of a full report.
   * @throws AttemptSuperseded when the batch has gone on without this attempt.
   */
  computeAnalysis(
    batch: BatchRecord,
    raw: StepOutcome,
    analysis: AnalysisName,
    run: StepRun,
  ): Promise<StepOutcome>;
  /**
   * Stores the analyses in the extra sinks of the batch, all of them at once: the last thing before it is completed, so that
   * no rows show of a batch that was not computed to its end. May be repeated.
   * @throws AttemptSuperseded when the batch has gone on without this attempt.
   */
  storeInSinks(batch: BatchRecord, run: StepRun): Promise<void>;
  /**
   * Interrupts every stored execution of the batch that has no outcome, and comes back when Spark runs none of them.
   * @throws Error when Spark cannot be reached: ask again later.
   */
  stopExecutions(batch: BatchRecord): Promise<void>;
}
