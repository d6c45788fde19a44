import { HOURLY_TRAFFIC, Random, Weighted } from '@millrace/generator';
import type { CsvRow } from './csv-rows';
import { epochMsOf, midnightOf, timeTextOf } from './event-time';

const HOUR_MS = 3_600_000;

const hours = new Weighted(HOURLY_TRAFFIC.map((weight, hour) => [hour, weight] as const));

/** What is sent of a row. */
export interface RetailEvent {
  /** The order id; null where the row has none. */
  readonly key: string | null;
  /** The JSON text. */
  readonly value: string;
  /** As it stands in the value. */
  readonly eventTime: string;
  /** Milliseconds since the epoch; undefined where the time cannot be read. */
  readonly eventMs: number | undefined;
}

/** @param spreadsDay a date without a time of day gets one. */
export function eventOf(row: CsvRow, spreadsDay: boolean, now: () => Date): RetailEvent {
  const key = row.get('order_id') ?? '';
  const said = timeTextOf(row) ?? now().toISOString();
  const eventTime = spreadsDay ? withTimeOfDay(said, key === '' ? textOf(row) : key) : said;
  return {
    key: key === '' ? null : key,
    value: JSON.stringify({ ...Object.fromEntries(row), event_time: eventTime }),
    eventTime,
    eventMs: epochMsOf(eventTime),
  };
}

const textOf = (row: CsvRow): string => [...row].flat().join('\0');

/** A time of day by the traffic of the hours, always the same for the same order. */
function withTimeOfDay(time: string, order: string): string {
  const midnight = midnightOf(time);
  if (midnight === undefined) return time;
  const random = Random.of('retail-time-of-day', order);
  const ofDay = hours.pick(random) * HOUR_MS + random.integer(0, HOUR_MS - 1);
  return new Date(midnight + ofDay).toISOString();
}
