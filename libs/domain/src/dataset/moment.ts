import { z } from 'zod';

const SECOND_MS = 1000;
const UNITS_MS: Readonly<Record<string, number>> = {
  s: SECOND_MS,
  m: 60 * SECOND_MS,
  h: 3600 * SECOND_MS,
  d: 86_400 * SECOND_MS,
  w: 7 * 86_400 * SECOND_MS,
};

const RELATIVE = /^([+-]\d{1,6})([smhdw])$/;
const date = z.iso.date();
const datetime = z.iso.datetime({ offset: true });

/** Milliseconds after the reference time; undefined: the moment is absolute. */
function relativeMs(moment: string): number | undefined {
  if (moment === 'now') return 0;
  const [, count, unit] = RELATIVE.exec(moment) ?? [];
  return count === undefined ? undefined : Number(count) * (UNITS_MS[unit ?? ''] ?? 0);
}

function isMoment(text: string): boolean {
  return relativeMs(text) !== undefined || date.safeParse(text).success || datetime.safeParse(text).success;
}

/** A point in time, absolute or relative to the reference time. */
export const momentSchema = z.string().refine(isMoment, {
  error:
    'must be now, a time before or after it like -30d or +2h (s, m, h, d, w), a date like 2025-01-31, or a time with its zone like 2025-01-31T08:00:00Z',
});

export const isRelative = (moment: string): boolean => relativeMs(moment) !== undefined;

/**
 * The time of a moment in milliseconds since 1970; a date is its midnight (UTC).
 * @param referenceMs what `now` means.
 */
export function momentMs(moment: string, referenceMs: number): number {
  const offsetMs = relativeMs(moment);
  return offsetMs === undefined ? Date.parse(moment) : referenceMs + offsetMs;
}
