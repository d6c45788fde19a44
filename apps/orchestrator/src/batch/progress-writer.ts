import type { AttemptKey, BatchProgress, BatchRegistry } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import { summaryOf } from '../spark/session-errors';

const MIN_INTERVAL_MS = 1_000;

/** Stores how far an attempt is, once a second at most. Progress is a courtesy: a batch never fails or waits for it. */
export class ProgressWriter {
  private readonly logger = new Logger(ProgressWriter.name);
  private lastWriteMs = -Infinity;
  private isWriting = false;

  constructor(
    private readonly registry: Pick<BatchRegistry, 'storeProgress'>,
    private readonly key: AttemptKey,
    private readonly now: () => Date,
  ) {}

  write(progress: BatchProgress): void {
    const nowMs = this.now().getTime();
    if (this.isWriting || nowMs - this.lastWriteMs < MIN_INTERVAL_MS) return;
    this.lastWriteMs = nowMs;
    this.isWriting = true;
    this.registry
      .storeProgress(this.key, progress)
      .catch((error: unknown) => {
        this.logger.debug({ ...this.key }, `Progress is not stored: ${summaryOf(error)}`);
      })
      .finally(() => {
        this.isWriting = false;
      });
  }
}
