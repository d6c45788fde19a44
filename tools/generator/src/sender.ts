import type { KafkaDelivery } from './delivery';
import { Events } from './events';
import type { EventSettings } from './events';
import type { Tally } from './truth';

/** The places `from` to `to - 1` of a run, which are made and sent together. */
export interface Portion {
  readonly from: number;
  readonly to: number;
  /** When it is made. */
  readonly nowMs: number;
}

/** Makes events and sends them to Kafka. Several work on one run, each with portions of its own. */
export interface Sender {
  /** Most places in a portion. */
  readonly maxEvents: number;
  /** Whether messages may be stored twice. */
  readonly mayHaveDoubled: boolean;
  /**
   * Resolves with what was sent, once Kafka has acknowledged it. May be called again before, once.
   * @param missed the portions that others got since the last call: what is sent again may be of one of these.
   */
  produce(portion: Portion, missed: readonly Portion[]): Promise<Tally>;
  /** Ends the waiting for acknowledgements. */
  giveUp(): void;
  close(): Promise<void>;
}

/** A sender in this thread. Makes the next portion while Kafka writes the last one. */
export class LocalSender implements Sender {
  readonly maxEvents: number;
  private readonly events: Events;
  private readonly end = new AbortController();
  private inFlight: Promise<unknown> = Promise.resolve();

  constructor(
    settings: EventSettings,
    private readonly delivery: Pick<KafkaDelivery, 'send' | 'maxEventsPerSend' | 'mayHaveDoubled' | 'close'>,
  ) {
    this.events = new Events(settings);
    this.maxEvents = delivery.maxEventsPerSend;
  }

  get mayHaveDoubled(): boolean {
    return this.delivery.mayHaveDoubled;
  }

  async produce(portion: Portion, missed: readonly Portion[]): Promise<Tally> {
    for (const other of missed) this.events.skip(other.from, other.to, new Date(other.nowMs));
    const { messages, truth } = this.events.make(portion.from, portion.to, new Date(portion.nowMs));
    const before = this.inFlight;
    const sent = before.then(() => this.delivery.send(messages, this.end.signal));
    // Whoever asked for a portion hears of its failure; the next one fails with it.
    sent.catch(() => undefined);
    this.inFlight = sent;
    await sent;
    return truth.tally;
  }

  giveUp(): void {
    this.end.abort();
  }

  close(): Promise<void> {
    return this.delivery.close();
  }
}
