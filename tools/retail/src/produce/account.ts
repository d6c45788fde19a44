import type { RetailEvent } from './retail-event';

/** What a run has sent. */
export interface ReplayFigures {
  /** Events that were handed to Kafka. */
  readonly sent: number;
  readonly acknowledged: number;
  /** They may be stored or not. */
  readonly unacknowledged: number;
  /** The earliest of those acknowledged, as it was sent; null where none has a time that can be read. */
  readonly firstEventTime: string | null;
  readonly lastEventTime: string | null;
}

interface Moment {
  readonly text: string;
  readonly ms: number;
}

/** Counts what was sent. */
export class ReplayAccount {
  acknowledged = 0;
  private sent = 0;
  private first: Moment | undefined;
  private last: Moment | undefined;

  addSent(events: readonly RetailEvent[]): void {
    this.sent += events.length;
  }

  addAcknowledged(events: readonly RetailEvent[]): void {
    this.acknowledged += events.length;
    for (const { eventTime: text, eventMs: ms } of events) {
      if (ms === undefined) continue;
      if (this.first === undefined || ms < this.first.ms) this.first = { text, ms };
      if (this.last === undefined || ms > this.last.ms) this.last = { text, ms };
    }
  }

  get figures(): ReplayFigures {
    const { sent, acknowledged, first, last } = this;
    return {
      sent,
      acknowledged,
      unacknowledged: sent - acknowledged,
      firstEventTime: first?.text ?? null,
      lastEventTime: last?.text ?? null,
    };
  }
}
