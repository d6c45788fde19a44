import { trafficFactor } from './traffic';

/** Longest pause between two looks at the clock, and how often a fast stream sends. */
const TICK_MS = 50;
/** An event a thousandth short is due: fractions add up with rounding. */
const ROUNDING = 1e-3;

/** Tells how many events are due, at a steady rate or one that follows the hour of the day. */
export class Pace {
  private credit = 0;
  private lastMs: number;

  constructor(
    private readonly eventsPerSecond: number,
    private readonly followsTimeOfDay: boolean,
    start: Date,
  ) {
    this.lastMs = start.getTime();
  }

  /** Events due since the last call. After a long pause the missed ones are not made up for, beyond one second's worth. */
  due(now: Date): number {
    const rate = this.rateAt(now);
    const elapsedMs = Math.max(0, now.getTime() - this.lastMs);
    this.lastMs = now.getTime();
    this.credit = Math.min(this.credit + (elapsedMs * rate) / 1000, Math.max(1, rate));
    const due = Math.floor(this.credit + ROUNDING);
    this.credit = Math.max(0, this.credit - due);
    return due;
  }

  /** How long to wait before asking again. */
  waitMs(now: Date): number {
    const untilNextMs = ((1 - this.credit) * 1000) / this.rateAt(now);
    // A second at most: the rate may rise at the next full hour.
    return Math.min(1000, Math.max(TICK_MS, untilNextMs));
  }

  private rateAt(now: Date): number {
    return this.eventsPerSecond * (this.followsTimeOfDay ? trafficFactor(now) : 1);
  }
}
