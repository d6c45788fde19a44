import { runIdOf, type ListenerEvent } from './listener-events';

/**
 * Puts the start of a run before its other events. The start comes with the answer to the start command, everything else over the bus, so
 * the first micro-batch can overtake it: while a start is under way, events of runs not heard of before are held back.
 */
export class StartedFirst {
  private startsUnderWay = 0;
  private readonly knownRuns = new Set<string>();
  private held: ListenerEvent[] = [];

  constructor(private readonly deliver: (event: ListenerEvent) => void) {}

  /** An event of the bus. */
  push(event: ListenerEvent): void {
    if (this.startsUnderWay === 0 || this.knownRuns.has(runIdOf(event))) this.pass(event);
    else this.held.push(event);
  }

  /** Runs a start; what it gives to its argument is delivered first. */
  async during<T>(start: (started: (event: ListenerEvent) => void) => Promise<T>): Promise<T> {
    this.startsUnderWay += 1;
    try {
      return await start((event) => {
        this.pass(event);
        this.letGo((held) => runIdOf(held) === runIdOf(event));
      });
    } finally {
      this.startsUnderWay -= 1;
      if (this.startsUnderWay === 0) this.letGo(() => true);
    }
  }

  /** Forgets what was held and heard of. */
  clear(): void {
    this.held = [];
    this.knownRuns.clear();
  }

  private letGo(isFree: (event: ListenerEvent) => boolean): void {
    const free = this.held.filter(isFree);
    this.held = this.held.filter((event) => !isFree(event));
    for (const event of free) this.pass(event);
  }

  private pass(event: ListenerEvent): void {
    if (event.callback === 'onQueryTerminated') this.knownRuns.delete(runIdOf(event));
    else this.knownRuns.add(runIdOf(event));
    this.deliver(event);
  }
}
