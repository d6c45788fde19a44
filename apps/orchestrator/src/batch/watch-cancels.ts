import type { BatchChanges, BatchRegistry } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import { summaryOf } from '../spark/session-errors';
import type { RunBatch } from './run-batch';

/**
 * Ends running attempts as soon as the registry tells that somebody asked for it. A change that is missed is seen by the
 * next round of the reconciler.
 */
export class WatchCancels {
  private readonly logger = new Logger(WatchCancels.name);
  /** Batches that are being looked at; true when they have changed again meanwhile. */
  private readonly looking = new Map<string, boolean>();
  private unsubscribe: (() => void) | undefined;

  constructor(
    private readonly changes: BatchChanges,
    private readonly registry: Pick<BatchRegistry, 'find'>,
    private readonly runBatch: Pick<RunBatch, 'abort' | 'activeAttempt'>,
  ) {}

  start(): void {
    this.unsubscribe ??= this.changes.onChange((batchId) => {
      if (this.runBatch.activeAttempt(batchId) === undefined) return;
      if (this.looking.has(batchId)) this.looking.set(batchId, true);
      else void this.lookUntilQuiet(batchId);
    });
  }

  stop(): Promise<void> {
    this.unsubscribe?.();
    this.unsubscribe = undefined;
    return Promise.resolve();
  }

  private async lookUntilQuiet(batchId: string): Promise<void> {
    do {
      this.looking.set(batchId, false);
      await this.look(batchId);
    } while (this.looking.get(batchId) === true);
    this.looking.delete(batchId);
  }

  private async look(batchId: string): Promise<void> {
    try {
      const batch = await this.registry.find(batchId);
      const active = this.runBatch.activeAttempt(batchId);
      if (batch === undefined || active === undefined) return;
      if (batch.attempt !== active.attempt) {
        // An attempt that starts only now is newer than the row that was read.
        if (batch.attempt > active.attempt) this.runBatch.abort(batchId, { kind: 'superseded' });
      } else if (batch.cancelRequested !== null && batch.status === 'RUNNING') {
        this.runBatch.abort(batchId, { kind: 'cancel' });
      }
    } catch (error) {
      this.logger.warn({ batchId }, `Looking for a cancel failed, the next round does: ${summaryOf(error)}`);
    }
  }
}
