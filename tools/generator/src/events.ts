import type { Message } from 'kafkajs';
import type { TransactionEvent } from '@millrace/domain';
import type { GeneratorSettings } from './config';
import { LiveClock, PastClock } from './event-clock';
import type { EventClock } from './event-clock';
import { DUPLICATE_REACH, Faults } from './faults';
import { malform } from './malformed';
import { makePools } from './pools';
import { RandomFamily } from './random';
import { makeTransaction, transactionMix } from './transaction';
import { transactionJson } from './transaction-json';
import { Truth } from './truth';

/** Most places of one call of `make` whose repeated events keep the time at which they happened. */
const MAX_EVENTS_AT_ONCE = 200_000;

export type EventSettings = Pick<
  GeneratorSettings,
  'pools' | 'fraudRate' | 'seed' | 'faults' | 'startTime' | 'eventsPerSecond'
>;

export interface MadeEvents {
  readonly messages: Message[];
  readonly truth: Truth;
}

/**
 * The messages of a run, by their place in it. A message is a function of the settings, its place and the time of its event
 * alone: made again, in other portions or by another process, it is the same to the byte.
 */
export class Events {
  private readonly pools;
  private readonly mix;
  private readonly faults;
  private readonly clock: EventClock;
  private readonly draws;
  private readonly spoiling;

  constructor(settings: EventSettings) {
    const { seed, faults, startTime, eventsPerSecond } = settings;
    this.pools = makePools(settings.pools);
    this.mix = transactionMix(this.pools, settings.fraudRate);
    this.draws = RandomFamily.of('stream', seed);
    this.spoiling = RandomFamily.of('malformed', seed);
    this.faults = new Faults(RandomFamily.of('faults', seed), faults);
    const remembered = MAX_EVENTS_AT_ONCE + (faults.duplicate > 0 ? DUPLICATE_REACH : 0);
    this.clock =
      startTime === undefined
        ? new LiveClock(remembered)
        : new PastClock(startTime.getTime(), eventsPerSecond);
  }

  /** The messages at the places `from` to `to - 1`. */
  make(from: number, to: number, now: Date): MadeEvents {
    this.clock.reach(from, to, now);
    const truth = new Truth();
    const messages = Array.from({ length: to - from }, (_, at) => this.messageAt(from + at, truth));
    return { messages, truth };
  }

  private messageAt(index: number, truth: Truth): Message {
    const slot = this.faults.at(index);
    if (slot.kind === 'duplicate') {
      truth.addDuplicate(slot.isSoon);
      return validMessage(this.eventAt(slot.at, slot.lateByMs));
    }
    if (slot.kind === 'malformed') {
      const event = this.eventAt(index, 0);
      const { kind, value } = malform(this.spoiling.at(index), event);
      truth.addMalformed(kind);
      return { key: event.transaction_id, value };
    }
    const event = this.eventAt(index, slot.kind === 'late' ? slot.byMs : 0);
    truth.addEvent(event, slot.kind === 'late');
    return validMessage(event);
  }

  private eventAt(index: number, lateByMs: number): TransactionEvent {
    const time = new Date(this.clock.timeOf(index) - lateByMs);
    return makeTransaction(this.draws.at(index), this.pools, time, this.mix);
  }
}

/** Without a timestamp: Kafka's is the time of sending, so that what happened long ago is not deleted at once. */
function validMessage(event: TransactionEvent): Message {
  return { key: event.transaction_id, value: transactionJson(event) };
}
