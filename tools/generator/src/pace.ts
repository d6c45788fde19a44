import { trafficFactor } from './traffic';

/** Longest pause between two looks at the clock, and how often a fast stream sends. */
const TICK_MS = 50;
/** An event a millionth short is due: times are whole milliseconds, and fractions add up with rounding. */
const ROUNDING = 1e-6;
/** What a pause of Kafka or of this machine delays is made up for; what a longer one delays never happened. */
const LONGEST_BACKLOG_MS = 10_000;

/** Tells how many events are due, at a steady rate or one that follows the hour of the day. */
export class Pace {
  /** Events that should have been made and were not; a fraction below one is on its way. */
  private owed = 0;
  private lastMs: number;

  constructor(
    private readonly eventsPerSecond: number,
    private readonly followsTimeOfDay: boolean,
    start: Date,
  ) {
    this.lastMs = start.getTime();
  }

  /** Events due and not yet taken. */
  due(now: Date): number {
    const rate = this.rateAt(now);
    const elapsedMs = Math.max(0, now.getTime() - this.lastMs);
    this.lastMs = now.getTime();
    const backlog = Math.max(1, (rate * LONGEST_BACKLOG_MS) / 1000);
    this.owed = Math.min(this.owed + (elapsedMs * rate) / 1000, backlog);
    return Math.max(0, Math.floor(this.owed + ROUNDING));
  }

  /** So many were made. What is left of the due ones stays due. */
  take(count: number): void {
    this.owed -= count;
  }

  /** How long to wait before asking again. */
  waitMs(now: Date): number {
    const untilNextMs = ((1 - this.owed) * 1000) / this.rateAt(now);
    // A second at most: the rate may rise at the next full hour.
    return Math.min(1000, Math.max(TICK_MS, untilNextMs));
  }

  private rateAt(now: Date): number {
    return this.eventsPerSecond * (this.followsTimeOfDay ? trafficFactor(now) : 1);
  }
}
