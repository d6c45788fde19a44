import type { Random, RandomFamily } from './random';

/** Shares of what a run sends, 0 to 1 each. */
export interface FaultRates {
  /** Values that break the contract. */
  readonly malformed: number;
  /** Events that were sent before, sent again byte for byte. */
  readonly duplicate: number;
  /** Events that happened 11 minutes to 3 days before they are sent. */
  readonly late: number;
}

/** Above it the search for an event to send again could become long. */
export const MAX_FAULT_SHARE = 0.9;

/** How many events back one that is sent again may be. */
export const DUPLICATE_REACH = 1_000_000;
const SOON = 1000;
const SOON_SHARE = 0.8;

const MINUTE_MS = 60_000;
const LATE_MIN_MS = 11 * MINUTE_MS;
const LATE_MAX_MS = 3 * 24 * 60 * MINUTE_MS;
/** 11 minutes doubled so often lie within three days. */
const LATE_DOUBLINGS = 8;

/** What stands at one place of the run. `at` is the place of the event that is sent again. */
export type Slot =
  | { readonly kind: 'regular' }
  | { readonly kind: 'late'; readonly byMs: number }
  | { readonly kind: 'duplicate'; readonly at: number; readonly lateByMs: number; readonly isSoon: boolean }
  | { readonly kind: 'malformed' };

const REGULAR: Slot = { kind: 'regular' };
const MALFORMED: Slot = { kind: 'malformed' };

type FaultKind = Slot['kind'];

/**
 * Which places of a run hold which faults: a function of the seed and the place alone. The draws are apart from those of the
 * events, so a run with faults has the events of the run without them, but where a fault stands.
 */
export class Faults {
  constructor(
    private readonly draws: RandomFamily,
    private readonly rates: FaultRates,
  ) {}

  get areNone(): boolean {
    const { malformed, duplicate, late } = this.rates;
    return malformed + duplicate + late === 0;
  }

  at(index: number): Slot {
    if (this.areNone) return REGULAR;
    const random = this.draws.at(index);
    switch (this.kindOf(random)) {
      case 'regular':
        return REGULAR;
      case 'malformed':
        return MALFORMED;
      case 'late':
        return { kind: 'late', byMs: latenessOf(random) };
      case 'duplicate':
        return this.duplicateAt(index, random);
    }
  }

  private kindOf(random: Random): FaultKind {
    const { malformed, duplicate, late } = this.rates;
    const u = random.next();
    if (u < malformed) return 'malformed';
    if (u < malformed + duplicate) return 'duplicate';
    return u < malformed + duplicate + late ? 'late' : 'regular';
  }

  /** Of the event at a drawn distance, or of the next one after it that was valid and new. There may be none yet. */
  private duplicateAt(index: number, random: Random): Slot {
    const [nearest, farthest] = random.next() < SOON_SHARE ? [1, SOON] : [SOON + 1, DUPLICATE_REACH];
    if (index === 0) return REGULAR;
    const distance = random.integer(Math.min(nearest, index), Math.min(farthest, index));
    for (let at = index - distance; at < index; at++) {
      const earlier = this.draws.at(at);
      const kind = this.kindOf(earlier);
      if (kind === 'regular' || kind === 'late') {
        const lateByMs = kind === 'late' ? latenessOf(earlier) : 0;
        return { kind: 'duplicate', at, lateByMs, isSoon: index - at <= SOON };
      }
    }
    return REGULAR;
  }
}

/** Each doubling of the lateness is equally likely: some events are just too late for a window, some for everything. */
function latenessOf(random: Random): number {
  const from = LATE_MIN_MS << random.integer(0, LATE_DOUBLINGS);
  const to = Math.min(2 * from, LATE_MAX_MS);
  return Math.floor(from + random.next() * (to - from));
}
