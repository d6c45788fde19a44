import { setTimeout as delay } from 'node:timers/promises';
import type { BatchRecord, BatchRegistry } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import type { BatchComputation } from '../compute/batch-computation';
import { summaryOf } from '../spark/session-errors';
import { endNow } from './end-now';
import { retryVerdict } from './failure-policy';
import { awayAtLimitSentence, timeoutSentence } from './failure-sentence';

const MOST_TRIES = 5;

/**
 * The end of an attempt that took too long: FAILED when Spark works on nothing of it any more. While Spark is away that is no
 * fault of the batch, most likely: it is tried again, a few times, since it may be what keeps Spark from answering.
 */
export class StopTimedOut {
  private readonly logger = new Logger(StopTimedOut.name);

  constructor(
    private readonly registry: BatchRegistry,
    private readonly computation: Pick<BatchComputation, 'stopExecutions'>,
    private readonly retentionMs: number,
    private readonly now: () => Date = () => new Date(),
    private readonly retryDelayMs = 2_000,
  ) {}

  async finish(
    { batchId, attempt, failures }: Pick<BatchRecord, 'batchId' | 'attempt' | 'failures'>,
    limitSeconds: number,
  ): Promise<void> {
    const key = { batchId, attempt };
    const isStopped = await this.stop(batchId);
    const verdict = isStopped ? ({ kind: 'fail' } as const) : retryVerdict(failures);
    const errorMessage = isStopped ? timeoutSentence(limitSeconds) : awayAtLimitSentence(limitSeconds);
    if (verdict.kind === 'retry') {
      const notBefore = new Date(this.now().getTime() + verdict.delayMs);
      await this.registry.handBack(key, { failure: errorMessage, notBefore });
      this.logger.warn(key, `Attempt failed, the batch is tried again: ${errorMessage}`);
    } else if (await this.registry.fail(key, { ...endNow(this.now(), this.retentionMs), errorMessage })) {
      this.logger.warn(key, `Batch failed: ${errorMessage}`);
    }
  }

  /** False when Spark did not confirm it: it stays away, and a batch must not wait for it here for ever. */
  private async stop(batchId: string): Promise<boolean> {
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      try {
        // Read again: the executions of this attempt were stored after it was claimed.
        const batch = await this.registry.find(batchId);
        if (batch !== undefined) await this.computation.stopExecutions(batch);
        return true;
      } catch (error) {
        this.logger.warn({ batchId, tries }, `Stopping what Spark still does failed: ${summaryOf(error)}`);
        if (tries < MOST_TRIES) await delay(this.retryDelayMs);
      }
    }
    return false;
  }
}
