import { FULL_REPORT } from '@millrace/domain';
import type {
  AttemptKey,
  BatchOutcome,
  BatchRecord,
  BatchRegistry,
  StepOutcome,
  TablePaths,
} from '@millrace/domain';
import { Logger } from '@nestjs/common';
import type { BatchComputation, StepRun } from '../compute/batch-computation';
import { AttemptAborted, abortReasonOf } from './attempt-aborted';
import type { AbortReason } from './attempt-aborted';
import { AttemptSuperseded } from './attempt-superseded';
import type { CancelBatch } from './cancel-batch';
import { endNow } from './end-now';
import { isSparkLost, isUnavailable, judgeFailure } from './failure-policy';
import { causeForLog, failureSentence } from './failure-sentence';
import { ProgressWriter } from './progress-writer';
import type { StopTimedOut } from './stop-timed-out';

/** Runs the members of a full report that have no outcome yet. */
export interface ReportMembers {
  run(batch: BatchRecord, raw: StepOutcome, run: StepRun): Promise<void>;
}

export interface RunBatchParts {
  readonly registry: BatchRegistry;
  readonly computation: BatchComputation;
  readonly members: ReportMembers;
  readonly cancelBatch: Pick<CancelBatch, 'finish'>;
  readonly stopTimedOut: Pick<StopTimedOut, 'finish'>;
  readonly paths: TablePaths;
  /** Told after each attempt that says something about Spark: not of one that was ended from outside. */
  readonly onAttemptEnded: (end: { readonly isSparkLost: boolean }) => void;
}

export interface RunBatchSettings {
  /** Longest time of an attempt whose batch names none. */
  readonly timeoutSeconds: number;
  /** How long the results of a completed batch are kept, and a failed one can be retried. */
  readonly retentionMs: number;
}

interface ActiveAttempt {
  readonly key: AttemptKey;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

/** Runs one attempt of one batch: claim, compute, settle. Every change of state names the attempt. */
export class RunBatch {
  private readonly logger = new Logger(RunBatch.name);
  private readonly active = new Map<string, ActiveAttempt>();
  private isDraining = false;

  constructor(
    private readonly parts: RunBatchParts,
    private readonly settings: RunBatchSettings,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** Batches that this process works on. */
  get activeBatchIds(): ReadonlySet<string> {
    return new Set(this.active.keys());
  }

  activeAttempt(batchId: string): AttemptKey | undefined {
    return this.active.get(batchId)?.key;
  }

  async execute({ batchId, attempt }: AttemptKey): Promise<void> {
    if (this.isDraining || this.active.has(batchId)) return;
    const key = { batchId, attempt };
    const abort = new AbortController();
    const ended = this.attempt(key, abort).finally(() => this.active.delete(batchId));
    this.active.set(batchId, { key, abort, ended: ended.catch(() => undefined) });
    await ended;
  }

  /** Ends the attempt that runs here, if one does; the first reason counts. */
  abort(batchId: string, reason: AbortReason): void {
    this.active.get(batchId)?.abort.abort(new AttemptAborted(reason));
  }

  /** Waits for the running batches, at most `timeoutMs`; the rest is interrupted and handed back to the queue. */
  async drain(timeoutMs: number): Promise<{ handedBack: number }> {
    this.isDraining = true;
    const all = Promise.all([...this.active.values()].map(({ ended }) => ended)).then(() => 'ended' as const);
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<'timeout'>((resolve) => {
      timer = setTimeout(resolve, timeoutMs, 'timeout');
    });
    const first = await Promise.race([all, timeout]);
    clearTimeout(timer);
    if (first === 'ended') return { handedBack: 0 };
    const rest = [...this.active.values()];
    for (const { key } of rest) this.abort(key.batchId, { kind: 'drain' });
    await Promise.all(rest.map(({ ended }) => ended));
    return { handedBack: rest.length };
  }

  private async attempt(key: AttemptKey, abort: AbortController): Promise<void> {
    const batch = await this.parts.registry.claim(key, this.now());
    if (batch === undefined) return;
    const limitSeconds = batch.timeoutSeconds ?? this.settings.timeoutSeconds;
    const timer = setTimeout(() => {
      this.abort(key.batchId, { kind: 'timeout', limitSeconds });
    }, limitSeconds * 1_000);
    try {
      await this.complete(batch, await this.compute(batch, abort.signal));
      this.parts.onAttemptEnded({ isSparkLost: false });
    } catch (error) {
      await this.settle(batch, error, abort.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  private async compute(
    batch: BatchRecord,
    signal: AbortSignal,
  ): Promise<Omit<BatchOutcome, 'endTime' | 'expiresAt'>> {
    const { registry, computation, members, paths } = this.parts;
    const progress = new ProgressWriter(registry, batch);
    const run: StepRun = {
      signal,
      onProgress: (seen) => {
        progress.write(seen);
      },
    };
    // It may have been ended while it was claimed, or between two steps.
    signal.throwIfAborted();
    const raw = await computation.computeRaw(batch, run);
    signal.throwIfAborted();
    let aggVersion: bigint | null = null;
    if (batch.analysisType === FULL_REPORT) {
      await members.run(batch, raw, run);
    } else {
      aggVersion = BigInt((await computation.computeAnalysis(batch, raw, batch.analysisType, run)).version);
    }
    await computation.storeInSinks(batch, run);
    return {
      rowCount: BigInt(raw.rowCount),
      maxEventTimestamp: raw.maxEventTimestamp ?? null,
      deltaRawPath: paths.raw(batch.batchId),
      deltaAggPath: paths.aggregated(batch.batchId),
      rawVersion: BigInt(raw.version),
      aggVersion,
    };
  }

  private async complete(
    { batchId, attempt }: BatchRecord,
    outcome: Omit<BatchOutcome, 'endTime' | 'expiresAt'>,
  ): Promise<void> {
    const key = { batchId, attempt };
    const isFirst = await this.parts.registry.complete(key, {
      ...outcome,
      ...endNow(this.now(), this.settings.retentionMs),
    });
    const facts = { ...key, rowCount: Number(outcome.rowCount) };
    this.logger.log(facts, isFirst ? 'Batch completed' : 'Batch was superseded');
  }

  private async settle(batch: BatchRecord, error: unknown, signal: AbortSignal): Promise<void> {
    const { registry, cancelBatch, stopTimedOut } = this.parts;
    const reason = abortReasonOf(signal);
    const facts = { batchId: batch.batchId, attempt: batch.attempt };
    switch (reason?.kind) {
      case undefined:
        await this.judge(batch, error);
        break;
      case 'drain':
        await registry.handBack(batch, {});
        this.logger.log(facts, 'Batch handed back: this process ends');
        break;
      case 'cancel':
        await cancelBatch.finish(batch);
        break;
      case 'timeout':
        await stopTimedOut.finish(batch, reason.limitSeconds);
        break;
      case 'superseded':
        this.logger.warn(facts, 'Batch was superseded');
        break;
    }
  }

  private async judge(batch: BatchRecord, error: unknown): Promise<void> {
    const { registry, onAttemptEnded } = this.parts;
    const facts = { batchId: batch.batchId, attempt: batch.attempt };
    if (error instanceof AttemptSuperseded) {
      this.logger.warn(facts, error.message);
      return;
    }
    // What was not even asked says nothing about Spark.
    if (!isUnavailable(error)) onAttemptEnded({ isSparkLost: isSparkLost(error) });
    const errorMessage = failureSentence(error);
    const verdict = judgeFailure(error, batch.failures);
    if (verdict.kind === 'fail') {
      await registry.fail(batch, { ...endNow(this.now(), this.settings.retentionMs), errorMessage });
      const cause = causeForLog(error);
      this.logger[cause.err === undefined ? 'warn' : 'error'](
        { ...facts, ...cause },
        `Batch failed: ${errorMessage}`,
      );
      return;
    }
    const then = verdict.kind === 'retry' ? 'the batch is tried again' : 'the batch is postponed';
    this.logger.warn(facts, `Attempt failed, ${then}: ${errorMessage}`);
    const notBefore = new Date(this.now().getTime() + verdict.delayMs);
    await registry.handBack(
      batch,
      verdict.kind === 'retry' ? { failure: errorMessage, notBefore } : { notBefore },
    );
  }
}
