import type { Delivery } from './delivery';
import { Events } from './events';
import type { EventSettings } from './events';
import type { Tally } from './truth';

/** The places `from` to `to - 1` of a run, which are made and sent together. */
export interface Portion {
  readonly from: number;
  readonly to: number;
  /** When it is made. */
  readonly now: Date;
}

/** Makes events and sends them to Kafka: the next portion is made while Kafka writes the last one. */
export class Sender {
  /** Most places in a portion. */
  readonly maxEvents: number;
  private readonly events: Events;
  private readonly end = new AbortController();
  private inFlight: Promise<unknown> = Promise.resolve();

  constructor(
    settings: EventSettings,
    private readonly delivery: Delivery,
  ) {
    this.events = new Events(settings);
    this.maxEvents = delivery.maxEventsPerSend;
  }

  /** Whether messages may be stored twice. */
  get mayHaveDoubled(): boolean {
    return this.delivery.mayHaveDoubled;
  }

  /** Resolves with what was sent, once Kafka has acknowledged it. May be called again before. */
  async produce({ from, to, now }: Portion): Promise<Tally> {
    const { messages, truth } = this.events.make(from, to, now);
    const sent = this.inFlight.then(() => this.delivery.send(messages, this.end.signal));
    // Whoever asked for a portion hears of its failure; the next one fails with it.
    sent.catch(() => undefined);
    this.inFlight = sent;
    await sent;
    return truth.tally;
  }

  /** Ends the waiting for acknowledgements. */
  giveUp(): void {
    this.end.abort();
  }

  close(): Promise<void> {
    return this.delivery.close();
  }
}
