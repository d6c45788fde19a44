import { Logger } from '@nestjs/common';
import { summaryOf } from './spark/session-errors';

/** Repeats a task: each round starts `intervalMs` after the last one ended, so rounds never overlap. */
export class PeriodicTask {
  private readonly logger = new Logger(PeriodicTask.name);
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private isRunning = false;

  /** @param what names the task in the log when a round of it fails; the next round follows all the same. */
  constructor(
    private readonly what: string,
    private readonly intervalMs: number,
    private readonly task: () => Promise<void>,
  ) {}

  start(firstDelayMs = 0): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.schedule(firstDelayMs);
  }

  /** Resolves when the round that is under way has ended; no other follows. */
  async stop(): Promise<void> {
    this.isRunning = false;
    clearTimeout(this.timer);
    await this.round;
  }

  private schedule(delayMs: number): void {
    this.timer = setTimeout(() => {
      this.round = this.task()
        .catch((error: unknown) => {
          this.logger.warn(`${this.what} failed, tried again in ${this.intervalMs} ms: ${summaryOf(error)}`);
        })
        .finally(() => {
          if (this.isRunning) this.schedule(this.intervalMs);
        });
    }, delayMs);
  }
}
