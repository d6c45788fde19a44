import { setTimeout as delay } from 'node:timers/promises';
import type { AttemptKey, BatchProgress, BatchRegistry } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import { summaryOf } from '../spark/session-errors';

const INTERVAL_MS = 1_000;

/**
 * Stores how far an attempt is, once a second at most, and always the last that was told. Progress is a courtesy: a batch
 * never fails or waits for it.
 */
export class ProgressWriter {
  private readonly logger = new Logger(ProgressWriter.name);
  private latest: BatchProgress | undefined;
  private isWriting = false;

  constructor(
    private readonly registry: Pick<BatchRegistry, 'storeProgress'>,
    private readonly key: AttemptKey,
    private readonly intervalMs = INTERVAL_MS,
  ) {}

  write(progress: BatchProgress): void {
    this.latest = progress;
    if (!this.isWriting) void this.writeAll();
  }

  /** What comes while it waits is written next; what comes after the end of the attempt is refused by the registry. */
  private async writeAll(): Promise<void> {
    this.isWriting = true;
    while (this.latest !== undefined) {
      const progress = this.latest;
      this.latest = undefined;
      await this.registry.storeProgress(this.key, progress).catch((error: unknown) => {
        this.logger.debug({ ...this.key }, `Progress is not stored: ${summaryOf(error)}`);
      });
      await delay(this.intervalMs, undefined, { ref: false });
    }
    this.isWriting = false;
  }
}
