import type { BatchRecord, BatchRegistry } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import type { BatchComputation } from '../compute/batch-computation';
import { summaryOf } from '../spark/session-errors';
import { isUnavailable } from './failure-policy';

/** The end of a batch that somebody asked to cancel: CANCELLED only when Spark works on nothing of it any more. */
export class CancelBatch {
  private readonly logger = new Logger(CancelBatch.name);

  constructor(
    private readonly registry: BatchRegistry,
    private readonly computation: Pick<BatchComputation, 'stopExecutions'>,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** Does not throw: what does not work now (Spark is away, say) is tried again by the next round of the reconciler. */
  async finish({ batchId, attempt }: Pick<BatchRecord, 'batchId' | 'attempt'>): Promise<void> {
    try {
      // Read again: the executions of this attempt were stored after it was claimed.
      const batch = await this.registry.find(batchId);
      if (batch?.attempt !== attempt) return;
      await this.computation.stopExecutions(batch);
      if (await this.registry.cancel(batch, this.now()))
        this.logger.log({ batchId, attempt }, 'Batch cancelled');
    } catch (error) {
      // This comes every two seconds for each batch; the log has one line already that Spark is down.
      const level = isUnavailable(error) ? 'debug' : 'warn';
      this.logger[level]({ batchId, attempt }, `Cancelling waits, and is tried again: ${summaryOf(error)}`);
    }
  }
}
