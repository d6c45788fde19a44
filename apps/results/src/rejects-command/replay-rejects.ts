import type { DeltaTables, Snapshot } from '@millrace/delta';
import type { RejectReplays } from '@millrace/domain';
import { kafkaTimeOf } from '../rejects/reject-row';
import type { RejectPlace, RejectRow } from '../rejects/reject-row';
import { reasonOf } from '../rejects/rejects-body';
import { EventRefused } from './event-sender';
import type { EventSender, OutgoingEvent } from './event-sender';
import { matchingRejects } from './matching-rejects';
import type { RejectChunk, RejectSelection } from './matching-rejects';

export interface ReplayPorts {
  readonly tables: Pick<DeltaTables, 'readPage' | 'countRows'>;
  readonly replays: Pick<RejectReplays, 'begin' | 'end' | 'find'>;
  readonly sender: EventSender;
}

export interface ReplayPlan {
  readonly selection: RejectSelection;
  /** Most events that are sent. */
  readonly limit: number;
  readonly isDryRun: boolean;
  /** Aborted: nothing more is sent. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: { what: string; done: number; total: number }) => void;
  readonly now: () => Date;
}

export interface ReasonTally {
  readonly reason: string;
  matching: number;
  /** By an earlier run. */
  sentBefore: number;
  /** By this one; of a dry run those that it would send. */
  sent: number;
}

export interface ReplaySummary {
  readonly isDryRun: boolean;
  readonly isInterrupted: boolean;
  readonly isLimited: boolean;
  /** In the order in which they were met. */
  readonly reasons: readonly ReasonTally[];
  /** What the brokers do not take. */
  readonly refused: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly offset: number;
    readonly message: string;
  }[];
}

/** So much goes into one request; an event that is larger goes alone. Less than brokers take by default, which is a MiB. */
const MOST_BYTES = 256 * 1024;

type Event = OutgoingEvent & { readonly kafkaTime: Date; readonly reason: string };

/**
 * Sends the rejected events that are meant and were not sent before. Each is noted before it is sent and after: what a
 * crash leaves in between, one request at most, the next run sends again, and the stream stores it once.
 */
export class ReplayRejects {
  private readonly reasons = new Map<string, ReasonTally>();
  private readonly refused: ReplaySummary['refused'][number][] = [];
  private left: number;

  constructor(
    private readonly ports: ReplayPorts,
    private readonly plan: ReplayPlan,
  ) {
    this.left = plan.limit;
  }

  async run(snapshot: Snapshot): Promise<ReplaySummary> {
    const { selection, signal, onProgress, isDryRun } = this.plan;
    for await (const chunk of matchingRejects(this.ports.tables, snapshot, selection)) {
      if (signal.aborted || this.left === 0) break;
      await (isDryRun ? this.foresee(chunk) : this.replay(chunk));
      onProgress({ what: 'rejects looked at', done: chunk.done, total: chunk.total });
    }
    return {
      isDryRun,
      isInterrupted: signal.aborted,
      isLimited: this.left === 0,
      reasons: [...this.reasons.values()],
      refused: this.refused,
    };
  }

  private async foresee({ places }: RejectChunk): Promise<void> {
    const known = await this.ports.replays.find(places);
    const sentBefore = new Set(known.filter(({ sent }) => sent !== null).map(keyOf));
    for (const place of places) {
      const isSent = sentBefore.has(keyOf({ ...place, kafkaTime: kafkaTimeOf(place) }));
      if (this.left === 0) return;
      this.count(place, isSent ? 'sentBefore' : 'sent');
      if (!isSent) this.left -= 1;
    }
  }

  private async replay(chunk: RejectChunk): Promise<void> {
    const { replays } = this.ports;
    const events = (await chunk.rows()).map(eventOf);
    const known = await replays.find(events);
    const sentBefore = new Set(known.filter(({ sent }) => sent !== null).map(keyOf));
    const unsent = events.filter((event) => !sentBefore.has(keyOf(event)));
    for (const event of events) if (sentBefore.has(keyOf(event))) this.count(event, 'sentBefore');
    for (const request of requestsOf(unsent.slice(0, this.left))) {
      if (this.plan.signal.aborted) return;
      await this.send(request);
    }
  }

  private async send(request: readonly Event[]): Promise<void> {
    const { replays, sender } = this.ports;
    const time = this.plan.now();
    // Whoever has no lease on the replays any more finds here that somebody else has sent them.
    const events = await replays.begin(request, time);
    try {
      const copies = await sender.send(events);
      await replays.end(
        events.flatMap((event, index) => {
          const copy = copies[index];
          return copy === undefined ? [] : [{ ...event, sent: { time, ...copy } }];
        }),
      );
    } catch (error) {
      if (!(error instanceof EventRefused)) throw error;
      for (const { topic, partition, offset } of events)
        this.refused.push({ topic, partition, offset, message: error.message });
      return;
    }
    this.left -= events.length;
    for (const event of events) this.count(event, 'sent');
  }

  private count({ reason }: Pick<RejectPlace, 'reason'>, what: 'sent' | 'sentBefore'): void {
    const name = reasonOf(reason);
    const tally = this.reasons.get(name) ?? { reason: name, matching: 0, sentBefore: 0, sent: 0 };
    tally.matching += 1;
    tally[what] += 1;
    this.reasons.set(name, tally);
  }
}

function eventOf(row: RejectRow): Event {
  const { topic, partition, offset, reason } = row;
  return {
    topic,
    partition,
    offset,
    reason: reasonOf(reason),
    kafkaTime: kafkaTimeOf(row),
    key: bytesOf(row.key),
    value: bytesOf(row.value),
  };
}

/** By partition, so that a request succeeds or fails as a whole. */
function requestsOf(events: readonly Event[]): readonly (readonly Event[])[] {
  const requests: Event[][] = [];
  const open = new Map<string, { request: Event[]; bytes: number }>();
  for (const event of events) {
    const target = `${event.topic} ${event.partition}`;
    const bytes = (event.key?.length ?? 0) + (event.value?.length ?? 0);
    const begun = open.get(target);
    if (begun !== undefined && begun.bytes + bytes <= MOST_BYTES) {
      begun.request.push(event);
      begun.bytes += bytes;
      continue;
    }
    const request = [event];
    requests.push(request);
    open.set(target, { request, bytes });
  }
  return requests;
}

const bytesOf = (base64: string | null): Buffer | null =>
  base64 === null ? null : Buffer.from(base64, 'base64');

const keyOf = ({
  topic,
  partition,
  offset,
  kafkaTime,
}: Pick<Event, 'topic' | 'partition' | 'offset' | 'kafkaTime'>) =>
  JSON.stringify([topic, partition, offset, kafkaTime.getTime()]);
