import type { CsvRow } from './csv-rows';

const TIME_COLUMNS = ['order_ts', 'order_time', 'order_date', 'timestamp', 'event_time'];

/** A date, with or without its separators, perhaps with a time of day, perhaps with an offset from UTC. */
const TIME =
  /^(\d{4})([-/]?)(\d{2})\2(\d{2})(?:[T ]\s*(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;
const EPOCH_SECONDS = /^\d{10}$/;
const EPOCH_MILLISECONDS = /^\d{13}$/;
const MINUTE_MS = 60_000;

/** When the row happened, as it says itself; undefined where each column that could say it is absent or blank. */
export function timeTextOf(row: CsvRow): string | undefined {
  const column = TIME_COLUMNS.find((name) => (row.get(name) ?? '') !== '');
  return column === undefined ? undefined : row.get(column);
}

/**
 * Milliseconds since the epoch of `2025-01-31`, `20250131`, `2025-01-31T08:00:00+05:30` and their like, or of so many seconds
 * or milliseconds. UTC where no offset is named. Undefined where the text is no time.
 */
export function epochMsOf(text: string): number | undefined {
  if (EPOCH_SECONDS.test(text)) return Number(text) * 1000;
  if (EPOCH_MILLISECONDS.test(text)) return Number(text);
  const [whole, year, , month, day, hour, minute, second, fraction, offset] = TIME.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const date = [year, month, day].join('-');
  const ms = Date.parse(`${date}T${timeOfDay(hour, minute, second, fraction)}Z`);
  // Date.parse takes the 31st of a month that has 30 days for the 1st of the next.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date) return undefined;
  return ms - offsetMs(offset);
}

const timeOfDay = (hour = '00', minute = '00', second = '00', fraction = ''): string =>
  `${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}`;

function offsetMs(offset: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})?$/.exec(offset ?? '') ?? [];
  if (sign === undefined) return 0;
  const ms = (Number(hours) * 60 + Number(minutes ?? 0)) * MINUTE_MS;
  return sign === '-' ? -ms : ms;
}

/** Midnight (UTC) in milliseconds since the epoch, of a date without a time of day; undefined of anything else. */
export function midnightOf(text: string): number | undefined {
  return /^\d{4}([-/]?)\d{2}\1\d{2}$/.test(text) ? epochMsOf(text) : undefined;
}
