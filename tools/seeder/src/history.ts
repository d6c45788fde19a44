import { createHash } from 'node:crypto';
import type { TransactionEvent } from '@millrace/domain';
import { Random, makePools, makeTransaction, transactionMix } from '@millrace/generator';
import { categoryFactors, historyDays, timesOfDay } from './calendar';
import type { HistorySettings } from './config';

/** An event as the tables store it. */
export type StoredTransaction = TransactionEvent & {
  readonly processing_timestamp: string;
  /** YYYY-MM-DD, from the event's timestamp (UTC). */
  readonly event_date: string;
};

const DAY_MS = 86_400_000;
/** The slowest event took so long to be stored. */
const MAX_LAG_MS = 3000;

/** To be raised when the same settings shall make other rows than before. */
const ROWS_VERSION = 2;

export const isoDate = (date: Date): string => date.toISOString().slice(0, 10);

/** Names the rows: equal for settings that make equal rows. */
export function historyId(settings: HistorySettings): string {
  const { totalRecords, days, endDate, seed, fraudRate, pools } = settings;
  const facts = [ROWS_VERSION, seed, totalRecords, days, isoDate(endDate), fraudRate];
  return createHash('sha256')
    .update(JSON.stringify([...facts, pools.customers, pools.products, pools.stores]))
    .digest('hex')
    .slice(0, 16);
}

/** The rows of the history, ascending by time. One row at a time: a history of any size needs no memory of its own. */
export function* makeHistory(settings: HistorySettings): Generator<StoredTransaction, void> {
  const pools = makePools(settings.pools);
  const id = historyId(settings);
  for (const { date, records } of historyDays(settings)) {
    const eventDate = isoDate(date);
    const random = Random.of('history', id, eventDate);
    const mix = transactionMix(pools, settings.fraudRate, categoryFactors(date));
    for (const timeMs of timesOfDay(random, date, records)) {
      const event = makeTransaction(random, pools, new Date(timeMs), mix);
      // Before the day is over: of yesterday's last rows none was stored in the future.
      const storedAt = new Date(Math.min(timeMs + random.integer(200, MAX_LAG_MS), date.getTime() + DAY_MS));
      // Not a copy: of 33 fields that would cost more than making the event.
      yield Object.assign(event, { processing_timestamp: storedAt.toISOString(), event_date: eventDate });
    }
  }
}

/** Cuts rows into arrays of at most `size`. */
export function* chunksOf<T>(rows: Iterable<T>, size: number): Generator<T[], void> {
  let chunk: T[] = [];
  for (const row of rows) {
    chunk.push(row);
    if (chunk.length === size) {
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
}
