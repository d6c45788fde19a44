import { ServiceUnavailable } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import { PeriodicTask } from '../periodic-task';
import { summaryOf } from '../spark/session-errors';

/** Attempts in a row that lost Spark before no more jobs are taken. */
const MOST_LOST_IN_A_ROW = 5;
const ROUND_INTERVAL_MS = 1_000;
const FIRST_PROBE_DELAY_MS = 2_000;
const LONGEST_PROBE_DELAY_MS = 30_000;

export interface BreakerState {
  /** No job is taken until Spark has answered a query. */
  readonly isOpen: boolean;
  readonly openSince: Date | null;
  readonly lostInARow: number;
}

/**
 * Keeps a Spark that takes calls but loses every query from failing one batch after the other: after some attempts in a
 * row that lost Spark it opens, and closes when a trivial query succeeds.
 */
export class SparkBreaker {
  private readonly logger = new Logger(SparkBreaker.name);
  private readonly rounds = new PeriodicTask('Probing Spark', ROUND_INTERVAL_MS, () => this.round());
  private readonly listeners: (() => void)[] = [];
  private lostInARow = 0;
  private openSince: Date | null = null;
  private nextProbe = new Date(0);
  private probeDelayMs = FIRST_PROBE_DELAY_MS;

  /** @param probe runs a trivial query; rejects when Spark does not answer it in time. */
  constructor(
    private readonly probe: () => Promise<void>,
    private readonly now: () => Date = () => new Date(),
  ) {}

  get isOpen(): boolean {
    return this.openSince !== null;
  }

  get state(): BreakerState {
    return { isOpen: this.isOpen, openSince: this.openSince, lostInARow: this.lostInARow };
  }

  /** @throws ServiceUnavailable while it is open. */
  requireClosed(): void {
    if (this.isOpen)
      throw new ServiceUnavailable('Spark has lost one query after the other: nothing is started on it');
  }

  /** Called after each opening and closing. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  attemptEnded({ isSparkLost }: { readonly isSparkLost: boolean }): void {
    this.lostInARow = isSparkLost ? this.lostInARow + 1 : 0;
    if (!this.isOpen && this.lostInARow >= MOST_LOST_IN_A_ROW) this.open();
  }

  start(): void {
    this.rounds.start();
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  /** Asks Spark when it is open and the time for it has come; the pauses grow. */
  async round(): Promise<void> {
    if (!this.isOpen || this.now() < this.nextProbe) return;
    try {
      await this.probe();
      this.close();
    } catch (error) {
      this.probeDelayMs = Math.min(this.probeDelayMs * 2, LONGEST_PROBE_DELAY_MS);
      this.nextProbe = this.after(this.probeDelayMs);
      this.logger.warn(
        `Spark still answers no query, asked again in ${this.probeDelayMs} ms: ${summaryOf(error)}`,
      );
    }
  }

  private open(): void {
    this.openSince = this.now();
    this.probeDelayMs = FIRST_PROBE_DELAY_MS;
    this.nextProbe = this.after(FIRST_PROBE_DELAY_MS);
    this.logger.error(
      `${this.lostInARow} attempts in a row lost Spark: no batch is started until it answers a query again`,
    );
    this.tell();
  }

  private close(): void {
    this.openSince = null;
    this.lostInARow = 0;
    this.logger.log('Spark answers queries again: batches are started');
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  private after(delayMs: number): Date {
    return new Date(this.now().getTime() + delayMs);
  }
}
