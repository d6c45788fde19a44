import type { AttemptKey, BatchRecord, BatchRegistry } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import { summaryOf } from '../spark/session-errors';
import type { BatchComputation } from './compute-batch';
import { judgeFailure } from './failure-policy';

/** Runs one attempt of one batch: claim, compute, settle. Every change of state names the attempt. */
export class RunBatch {
  private readonly logger = new Logger(RunBatch.name);
  private readonly active = new Map<string, { abort: AbortController; ended: Promise<void> }>();

  constructor(
    private readonly registry: BatchRegistry,
    private readonly computation: BatchComputation,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** Batches that this process works on. */
  get activeBatchIds(): ReadonlySet<string> {
    return new Set(this.active.keys());
  }

  async execute(key: AttemptKey): Promise<void> {
    if (this.active.has(key.batchId)) return;
    const abort = new AbortController();
    const ended = this.attempt(key, abort.signal).finally(() => this.active.delete(key.batchId));
    this.active.set(key.batchId, { abort, ended: ended.catch(() => undefined) });
    await ended;
  }

  /** Waits for the running batches, at most `timeoutMs`; the rest is interrupted and handed back to the queue. */
  async drain(timeoutMs: number): Promise<{ handedBack: number }> {
    const all = Promise.all([...this.active.values()].map(({ ended }) => ended)).then(() => 'ended' as const);
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<'timeout'>((resolve) => {
      timer = setTimeout(resolve, timeoutMs, 'timeout');
    });
    const first = await Promise.race([all, timeout]);
    clearTimeout(timer);
    if (first === 'ended') return { handedBack: 0 };
    const rest = [...this.active.values()];
    for (const { abort } of rest) abort.abort(new Error('The service is shutting down'));
    await Promise.all(rest.map(({ ended }) => ended));
    return { handedBack: rest.length };
  }

  private async attempt(key: AttemptKey, signal: AbortSignal): Promise<void> {
    const batch = await this.registry.claim(key, this.now());
    if (batch === undefined) return;
    try {
      const outcome = await this.computation.compute(batch, signal);
      const isFirst = await this.registry.complete(key, { ...outcome, endTime: this.now() });
      this.logger.log(
        { ...key, rowCount: Number(outcome.rowCount) },
        isFirst ? 'Batch completed' : 'Batch was superseded',
      );
    } catch (error) {
      await this.settle(batch, error, signal);
    }
  }

  private async settle(batch: BatchRecord, error: unknown, signal: AbortSignal): Promise<void> {
    const errorMessage = summaryOf(error);
    const facts = { batchId: batch.batchId, attempt: batch.attempt, err: error };
    if (signal.aborted) {
      await this.registry.handBack(batch, {});
      this.logger.warn(facts, 'Batch handed back to the queue');
      return;
    }
    const verdict = judgeFailure(error, batch.failures);
    switch (verdict.kind) {
      case 'postpone':
        await this.registry.handBack(batch, { notBefore: this.after(verdict.delayMs) });
        break;
      case 'retry':
        await this.registry.handBack(batch, {
          failure: errorMessage,
          notBefore: this.after(verdict.delayMs),
        });
        break;
      case 'fail':
        await this.registry.fail(batch, { endTime: this.now(), errorMessage });
        break;
    }
    this.logger.warn({ ...facts, verdict: verdict.kind }, `Attempt failed: ${errorMessage}`);
  }

  private after(delayMs: number): Date {
    return new Date(this.now().getTime() + delayMs);
  }
}
