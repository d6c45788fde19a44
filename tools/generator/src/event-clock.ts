/** When events happen, by their number in the run. */
export interface EventClock {
  /** The events `from` to `to - 1` are being made now. */
  reach(from: number, to: number, now: Date): void;
  /** Milliseconds since the epoch, of an event that is being made or was made not too long ago. */
  timeOf(index: number): number;
}

/** Events happen when they are made. Remembers the times of the newest ones, for those that are sent again. */
export class LiveClock implements EventClock {
  private readonly times: Float64Array;

  /** @param remembered how many events back `timeOf` may be asked, the ones being made included. */
  constructor(remembered: number) {
    this.times = new Float64Array(remembered);
  }

  reach(from: number, to: number, now: Date): void {
    const { times } = this;
    const nowMs = now.getTime();
    for (let index = from; index < to; index++) times[index % times.length] = nowMs;
  }

  timeOf(index: number): number {
    return this.times[index % this.times.length] ?? 0;
  }
}

/** Events happened in the past, at an even rate, whenever they are made: the same times in every run. */
export class PastClock implements EventClock {
  constructor(
    private readonly startMs: number,
    private readonly eventsPerSecond: number,
  ) {}

  reach(): void {
    // The past does not depend on now.
  }

  timeOf(index: number): number {
    return this.startMs + Math.floor((index * 1000) / this.eventsPerSecond);
  }
}
