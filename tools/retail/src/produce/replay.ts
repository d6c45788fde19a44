import { setTimeout as pause } from 'node:timers/promises';
import { Pace } from '@millrace/generator';
import type { Delivery, Signals } from '@millrace/generator';
import type { ReplayAccount } from './account';
import type { ProduceSettings } from './config';
import type { RetailEvent } from './retail-event';

/** Of the rows of a send, where there is more than one: less than Kafka takes for a record batch (1 MiB). */
const MAX_BYTES_PER_SEND = 512 * 1024;

export interface Replay {
  readonly settings: Pick<ProduceSettings, 'eventsPerSecond' | 'limit'>;
  readonly delivery: Delivery;
  /** Is kept up to date, whatever happens. */
  readonly account: ReplayAccount;
  readonly signals: Signals;
}

/**
 * Sends the events at their rate until they end, or the limit or `stop` is reached, and returns once all that were sent are
 * acknowledged.
 * @throws KafkaUnavailable, or what `events` throw
 */
export async function replay(events: AsyncGenerator<RetailEvent>, of: Replay): Promise<void> {
  const { settings, delivery, account, signals } = of;
  const turns = new Turns(settings.eventsPerSecond, delivery.maxEventsPerSend, signals.stop);
  const portions = new Portions(events);
  let left = settings.limit ?? Infinity;
  let inFlight: Promise<void> = Promise.resolve();
  const isStopped = (): boolean => signals.stop.aborted;
  const send = async (portion: readonly RetailEvent[]): Promise<void> => {
    account.addSent(portion);
    const messages = portion.map(({ key, value }) => ({ key, value }));
    await delivery.send(messages, signals.giveUp);
    account.addAcknowledged(portion);
  };
  try {
    while (left > 0 && (await portions.hasMore()) && !isStopped()) {
      const portion = await portions.take(Math.min(await turns.next(), left));
      turns.taken(portion.length);
      left -= portion.length;
      // The next portion is read while Kafka writes this one.
      await inFlight;
      if (isStopped()) break;
      inFlight = send(portion);
      inFlight.catch(() => undefined);
    }
  } finally {
    await Promise.allSettled([inFlight, events.return(undefined)]);
  }
  await inFlight;
}

/** Events, some at a time. */
class Portions {
  private upcoming: Promise<IteratorResult<RetailEvent>> | undefined;

  constructor(private readonly events: AsyncGenerator<RetailEvent>) {}

  /**
   * Waits for the next event: all of a pass may have to be read and put in order before there is one.
   * @throws what the events ended with
   */
  async hasMore(): Promise<boolean> {
    return (await this.peek()).done !== true;
  }

  /** Up to so many events; fewer where they are long, or at their end, also where that is a failure: `hasMore` tells of it. */
  async take(count: number): Promise<RetailEvent[]> {
    const taken: RetailEvent[] = [];
    let bytes = 0;
    while (taken.length < count) {
      const next = await this.peek().catch(() => undefined);
      if (next === undefined || next.done === true) break;
      bytes += Buffer.byteLength(next.value.value);
      if (taken.length > 0 && bytes > MAX_BYTES_PER_SEND) break;
      this.upcoming = undefined;
      taken.push(next.value);
    }
    return taken;
  }

  private peek(): Promise<IteratorResult<RetailEvent>> {
    return (this.upcoming ??= this.events.next());
  }
}

/** Says how many events may be sent now. */
class Turns {
  private pace: Pace | undefined;

  /** @param eventsPerSecond undefined: as many as can be sent */
  constructor(
    private readonly eventsPerSecond: number | undefined,
    private readonly maxEvents: number,
    private readonly stop: AbortSignal,
  ) {}

  /** Waits until there is at least one; 0 after the stop. Time counts from the first call on. */
  async next(): Promise<number> {
    if (this.eventsPerSecond === undefined) return this.stop.aborted ? 0 : this.maxEvents;
    this.pace ??= new Pace(this.eventsPerSecond, false, new Date());
    while (!this.stop.aborted) {
      const due = this.pace.due(new Date());
      if (due > 0) return Math.min(due, this.maxEvents);
      const waitMs = this.pace.waitMs(new Date());
      await pause(waitMs, undefined, { signal: this.stop }).catch(() => undefined);
    }
    return 0;
  }

  taken(count: number): void {
    this.pace?.take(count);
  }
}
