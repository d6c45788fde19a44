import { InvalidSettings, formatCount } from '@millrace/generator';
import type { Random } from '@millrace/generator';
import type { RetailEvent } from './retail-event';

/** Most rows that are held in memory to put them in another order. */
export const MAX_HELD_EVENTS = 1_000_000;
/** The same for their JSON: rows may be long. */
const MAX_HELD_CHARACTERS = 256 * 1024 * 1024;

/** How many may be held; smaller in specs. */
export interface HoldLimits {
  readonly events: number;
  readonly characters: number;
}

const LIMITS: HoldLimits = { events: MAX_HELD_EVENTS, characters: MAX_HELD_CHARACTERS };

/** All events at once. @throws InvalidSettings where they are too many to hold. */
export async function held(
  events: AsyncIterable<RetailEvent>,
  limits: HoldLimits = LIMITS,
): Promise<RetailEvent[]> {
  const all: RetailEvent[] = [];
  let characters = 0;
  for await (const event of events) {
    all.push(event);
    characters += event.value.length;
    if (all.length <= limits.events && characters <= limits.characters) continue;
    throw new InvalidSettings(
      `--order time and shuffle hold all rows in memory, at most ${formatCount(limits.events)} of them and ` +
        `${formatCount(limits.characters)} characters of JSON, and these are more: use --order file, or fewer files at a time (--input)`,
    );
  }
  return all;
}

/** By time, and where that is the same as they came. Those whose time cannot be read come last. */
export function inOrderOfTime(events: readonly RetailEvent[]): RetailEvent[] {
  return events.toSorted((a, b) => {
    const [first, second] = [a.eventMs ?? Infinity, b.eventMs ?? Infinity];
    // Not their difference: that of two infinities is no number.
    return first === second ? 0 : first < second ? -1 : 1;
  });
}

/** Each order as likely as any other (Fisher and Yates). */
export function shuffled(events: readonly RetailEvent[], random: Random): RetailEvent[] {
  const all = [...events];
  for (let last = all.length - 1; last > 0; last--) {
    const chosen = random.integer(0, last);
    const [a, b] = [all[last], all[chosen]];
    if (a === undefined || b === undefined) continue;
    all[last] = b;
    all[chosen] = a;
  }
  return all;
}
