import { Logger } from '@nestjs/common';

/** Repeats a task: each round starts `intervalMs` after the last one ended, so rounds never overlap. */
export class PeriodicTask {
  private readonly logger = new Logger(PeriodicTask.name);
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private isRunning = false;

  /** @param task handles its failures itself; what it throws all the same is logged and the next round follows. */
  constructor(
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
          this.logger.error(error);
        })
        .finally(() => {
          if (this.isRunning) this.schedule(this.intervalMs);
        });
    }, delayMs);
  }
}
