// Mirrors org.apache.spark.sql.functions: date and timestamp functions.
import { numeric, type ColumnOrNumber } from './arguments';
import { call, callWith, internalCall, type ColumnOrName } from './call';
import type { Column } from './column';
import { lit } from './core';

/** The time the query started, as TIMESTAMP. */
export function current_timestamp(): Column {
  return call('current_timestamp');
}

/** As `current_timestamp`. */
export function now(): Column {
  return call('now');
}

/** The time the query started on the clock of the session's time zone, as TIMESTAMP_NTZ. */
export function localtimestamp(): Column {
  return call('localtimestamp');
}

/** The date the query started, in the session's time zone. */
export function current_date(): Column {
  return call('current_date');
}

/** As `current_date`. */
export function curdate(): Column {
  return call('curdate');
}

/** The session's time zone, e.g. `Europe/Berlin`. */
export function current_timezone(): Column {
  return call('current_timezone');
}

/** The year. */
export function year(column: ColumnOrName): Column {
  return call('year', column);
}

/** The quarter of the year, 1 to 4. */
export function quarter(column: ColumnOrName): Column {
  return call('quarter', column);
}

/** The month, 1 to 12. */
export function month(column: ColumnOrName): Column {
  return call('month', column);
}

/** The ISO week, 1 to 53: week 1 is the first with more than three days. */
export function weekofyear(column: ColumnOrName): Column {
  return call('weekofyear', column);
}

/** The day of the month, from 1. */
export function day(column: ColumnOrName): Column {
  return call('day', column);
}

/** As `day`. */
export function dayofmonth(column: ColumnOrName): Column {
  return call('dayofmonth', column);
}

/** The day of the week: 1 is Sunday, 7 Saturday. */
export function dayofweek(column: ColumnOrName): Column {
  return call('dayofweek', column);
}

/** The day of the week: 0 is Monday, 6 Sunday. */
export function weekday(column: ColumnOrName): Column {
  return call('weekday', column);
}

/** The day of the year, from 1. */
export function dayofyear(column: ColumnOrName): Column {
  return call('dayofyear', column);
}

/** The hour, 0 to 23, in the session's time zone. */
export function hour(column: ColumnOrName): Column {
  return call('hour', column);
}

/** The minute, 0 to 59, in the session's time zone. */
export function minute(column: ColumnOrName): Column {
  return call('minute', column);
}

/** The whole second, 0 to 59. */
export function second(column: ColumnOrName): Column {
  return call('second', column);
}

/** The English name of the day, e.g. `Mon`. */
export function dayname(column: ColumnOrName): Column {
  return call('dayname', column);
}

/** The English name of the month, e.g. `Jan`. */
export function monthname(column: ColumnOrName): Column {
  return call('monthname', column);
}

/** A part of a date, time or interval. @param field - `'YEAR'`, `'DOY'`, `'SECONDS'` (with microseconds), ... */
export function extract(field: Column | string, source: ColumnOrName): Column {
  return call('extract', lit(field), source);
}

/** As `extract`. */
export function date_part(field: Column | string, source: ColumnOrName): Column {
  return call('date_part', lit(field), source);
}

/** As `extract`. */
export function datepart(field: Column | string, source: ColumnOrName): Column {
  return call('datepart', lit(field), source);
}

/** The date so many days later. */
export function date_add(start: ColumnOrName, days: ColumnOrNumber): Column {
  return call('date_add', start, numeric(days));
}

/** As `date_add`. */
export function dateadd(start: ColumnOrName, days: ColumnOrNumber): Column {
  return call('dateadd', start, numeric(days));
}

/** The date so many days earlier. */
export function date_sub(start: ColumnOrName, days: ColumnOrNumber): Column {
  return call('date_sub', start, numeric(days));
}

/** The date so many months later, or the last day of a shorter month. */
export function add_months(start: ColumnOrName, months: ColumnOrNumber): Column {
  return call('add_months', start, numeric(months));
}

/** Days from `start` to `end`. */
export function date_diff(end: ColumnOrName, start: ColumnOrName): Column {
  return call('date_diff', end, start);
}

/** As `date_diff`. */
export function datediff(end: ColumnOrName, start: ColumnOrName): Column {
  return call('datediff', end, start);
}

/** Months from `start` to `end`, a part of a month counted by 31 days. @param roundOff - to 8 digits, the server's default. */
export function months_between(end: ColumnOrName, start: ColumnOrName, roundOff?: boolean): Column {
  return callWith('months_between', [end, start], [roundOff]);
}

/** The timestamp so many units later. @param unit - `'YEAR'`, `'HOUR'`, `'MICROSECOND'`, ... */
export function timestamp_add(unit: string, quantity: ColumnOrNumber, timestamp: ColumnOrName): Column {
  return internalCall('timestampadd', lit(unit), numeric(quantity), timestamp);
}

/** Whole units from `start` to `end`. @param unit - as in `timestamp_add`. */
export function timestamp_diff(unit: string, start: ColumnOrName, end: ColumnOrName): Column {
  return internalCall('timestampdiff', lit(unit), start, end);
}

/** The timestamp cut down to a unit. @param unit - `'hour'`, `'day'`, `'week'` (Monday), `'month'`, ... */
export function date_trunc(unit: string, column: ColumnOrName): Column {
  return call('date_trunc', lit(unit), column);
}

/** The date cut down to a unit. @param unit - `'year'`, `'quarter'`, `'month'` or `'week'` (Monday); NULL for others. */
export function trunc(column: ColumnOrName, unit: string): Column {
  return callWith('trunc', [column], [unit]);
}

/** The last day of the month. */
export function last_day(column: ColumnOrName): Column {
  return call('last_day', column);
}

/** The first such day after the date. @param dayOfWeek - `'Mon'`, `'Tuesday'`, ...; another text is an error under ANSI mode. */
export function next_day(column: ColumnOrName, dayOfWeek: Column | string): Column {
  return callWith('next_day', [column], [dayOfWeek]);
}
