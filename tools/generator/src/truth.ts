import type { TransactionEvent } from '@millrace/domain';
import { MALFORMED_KINDS } from './malformed';
import type { MalformedKind } from './malformed';

/** Events and the sum of their amounts, all of them and the completed ones. */
export interface Totals {
  readonly events: number;
  readonly amount: number;
  readonly completedEvents: number;
  readonly completedAmount: number;
}

const DIMENSIONS = ['category', 'payment_method', 'channel'] as const;
type Dimension = (typeof DIMENSIONS)[number];

/** What was produced. `sent` = `distinctValid` + `duplicates.total` + `malformed.total`. */
export interface Counts {
  readonly sent: number;
  /** Valid events, each once however often it was sent. What follows without another word is about these. */
  readonly distinctValid: number;
  readonly duplicates: { readonly total: number; readonly soon: number; readonly muchLater: number };
  readonly malformed: { readonly total: number; readonly byKind: Readonly<Record<MalformedKind, number>> };
  /** Happened 11 minutes to 3 days before they were sent. */
  readonly late: number;
  readonly fraudulent: number;
  /** ISO 8601, UTC; null where there is no event. */
  readonly firstEventTime: string | null;
  readonly lastEventTime: string | null;
  readonly totals: Readonly<Record<Dimension, Readonly<Record<string, Totals>>>>;
}

interface Sum {
  events: number;
  cents: number;
  completedEvents: number;
  completedCents: number;
}

/** What is counted. Plain data: it goes from thread to thread. */
export interface Tally {
  distinctValid: number;
  late: number;
  fraudulent: number;
  soonDuplicates: number;
  laterDuplicates: number;
  readonly malformed: Record<MalformedKind, number>;
  firstTime: string | null;
  lastTime: string | null;
  readonly sums: Readonly<Record<Dimension, Map<string, Sum>>>;
}

const emptyTally = (): Tally => ({
  distinctValid: 0,
  late: 0,
  fraudulent: 0,
  soonDuplicates: 0,
  laterDuplicates: 0,
  malformed: { truncated: 0, not_json: 0, wrong_type: 0, missing_field: 0, broken_rule: 0 },
  firstTime: null,
  lastTime: null,
  sums: { category: new Map(), payment_method: new Map(), channel: new Map() },
});

/** Counts what was made, to be compared with what is stored. Amounts are added up in cents, so the sums are exact. */
export class Truth {
  readonly tally = emptyTally();

  /** A valid event that was not sent before. */
  addEvent(event: TransactionEvent, isLate: boolean): void {
    const { tally } = this;
    tally.distinctValid++;
    if (isLate) tally.late++;
    if (event.is_fraudulent === true) tally.fraudulent++;
    this.spanTo(event.event_timestamp, event.event_timestamp);
    const cents = Math.round(event.total_amount * 100);
    const isCompleted = event.transaction_status === 'completed';
    const completed = isCompleted ? 1 : 0;
    for (const dimension of DIMENSIONS) {
      addTo(tally.sums[dimension], event[dimension], 1, cents, completed, completed * cents);
    }
  }

  addDuplicate(isSoon: boolean): void {
    if (isSoon) this.tally.soonDuplicates++;
    else this.tally.laterDuplicates++;
  }

  addMalformed(kind: MalformedKind): void {
    this.tally.malformed[kind]++;
  }

  add(other: Tally): void {
    const { tally } = this;
    tally.distinctValid += other.distinctValid;
    tally.late += other.late;
    tally.fraudulent += other.fraudulent;
    tally.soonDuplicates += other.soonDuplicates;
    tally.laterDuplicates += other.laterDuplicates;
    for (const kind of MALFORMED_KINDS) tally.malformed[kind] += other.malformed[kind];
    if (other.firstTime !== null && other.lastTime !== null) this.spanTo(other.firstTime, other.lastTime);
    for (const dimension of DIMENSIONS) {
      for (const [name, sum] of other.sums[dimension]) {
        addTo(tally.sums[dimension], name, sum.events, sum.cents, sum.completedEvents, sum.completedCents);
      }
    }
  }

  get counts(): Counts {
    const { distinctValid, soonDuplicates, laterDuplicates, ...tally } = this.tally;
    const duplicates = soonDuplicates + laterDuplicates;
    const malformed = Object.values(tally.malformed).reduce((sum, count) => sum + count, 0);
    return {
      sent: distinctValid + duplicates + malformed,
      distinctValid,
      duplicates: { total: duplicates, soon: soonDuplicates, muchLater: laterDuplicates },
      malformed: { total: malformed, byKind: { ...tally.malformed } },
      late: tally.late,
      fraudulent: tally.fraudulent,
      firstEventTime: tally.firstTime,
      lastEventTime: tally.lastTime,
      totals: {
        category: totalsOf(tally.sums.category),
        payment_method: totalsOf(tally.sums.payment_method),
        channel: totalsOf(tally.sums.channel),
      },
    };
  }

  /** Times of one form and zone compare as texts. */
  private spanTo(first: string, last: string): void {
    const { tally } = this;
    if (tally.firstTime === null || first < tally.firstTime) tally.firstTime = first;
    if (tally.lastTime === null || last > tally.lastTime) tally.lastTime = last;
  }
}

function addTo(
  sums: Map<string, Sum>,
  name: string,
  events: number,
  cents: number,
  completedEvents: number,
  completedCents: number,
): void {
  let sum = sums.get(name);
  if (sum === undefined)
    sums.set(name, (sum = { events: 0, cents: 0, completedEvents: 0, completedCents: 0 }));
  sum.events += events;
  sum.cents += cents;
  sum.completedEvents += completedEvents;
  sum.completedCents += completedCents;
}

function totalsOf(sums: ReadonlyMap<string, Sum>): Record<string, Totals> {
  const sorted = [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    sorted.map(([name, { events, cents, completedEvents, completedCents }]) => [
      name,
      { events, amount: cents / 100, completedEvents, completedAmount: completedCents / 100 },
    ]),
  );
}
