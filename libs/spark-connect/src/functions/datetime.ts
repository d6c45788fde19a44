import type { Column } from './column';
import { callFunction, callWith, lit, type ColumnOrName } from './core';

/**
 * A tumbling window over event time, or a sliding one when `slideDuration` is shorter: a struct of `start` and `end`.
 * Durations are texts such as `'5 minutes'`.
 */
export function window(
  timeColumn: ColumnOrName,
  windowDuration: string,
  slideDuration?: string,
  startTime?: string,
): Column {
  const slide = startTime === undefined ? slideDuration : (slideDuration ?? windowDuration);
  return callWith('window', [timeColumn], [windowDuration, slide, startTime]);
}

/** A window that ends after `gapDuration` without events. */
export function sessionWindow(timeColumn: ColumnOrName, gapDuration: string | Column): Column {
  return typeof gapDuration === 'string'
    ? callWith('session_window', [timeColumn], [gapDuration])
    : callFunction('session_window', timeColumn, gapDuration);
}

/** The event time of a window column, for a second aggregation over windows. */
export function windowTime(windowColumn: ColumnOrName): Column {
  return callFunction('window_time', windowColumn);
}

export function toDate(column: ColumnOrName, format?: string): Column {
  return callWith('to_date', [column], [format]);
}

export function toTimestamp(column: ColumnOrName, format?: string): Column {
  return callWith('to_timestamp', [column], [format]);
}

/** As `toTimestamp`, with NULL where the text is no timestamp. */
export function tryToTimestamp(column: ColumnOrName, format?: string): Column {
  return callWith('try_to_timestamp', [column], [format]);
}

/** Days from `start` to `end`. */
export function dateDiff(end: ColumnOrName, start: ColumnOrName): Column {
  return callFunction('datediff', end, start);
}

export function dateAdd(start: ColumnOrName, days: Column | number): Column {
  return typeof days === 'number'
    ? callWith('date_add', [start], [days])
    : callFunction('date_add', start, days);
}

/** @param unit - `'hour'`, `'day'`, `'month'`, ... */
export function dateTrunc(unit: string, column: ColumnOrName): Column {
  return callFunction('date_trunc', lit(unit), column);
}

export function dateFormat(column: ColumnOrName, format: string): Column {
  return callWith('date_format', [column], [format]);
}

export function year(column: ColumnOrName): Column {
  return callFunction('year', column);
}

export function month(column: ColumnOrName): Column {
  return callFunction('month', column);
}

export function dayofmonth(column: ColumnOrName): Column {
  return callFunction('dayofmonth', column);
}

/** 1 is Sunday. */
export function dayofweek(column: ColumnOrName): Column {
  return callFunction('dayofweek', column);
}

export function hour(column: ColumnOrName): Column {
  return callFunction('hour', column);
}

export function minute(column: ColumnOrName): Column {
  return callFunction('minute', column);
}

export function currentTimestamp(): Column {
  return callFunction('current_timestamp');
}

export function currentDate(): Column {
  return callFunction('current_date');
}

export function unixMicros(column: ColumnOrName): Column {
  return callFunction('unix_micros', column);
}

export function unixMillis(column: ColumnOrName): Column {
  return callFunction('unix_millis', column);
}

export function unixTimestamp(column: ColumnOrName, format?: string): Column {
  return callWith('unix_timestamp', [column], [format]);
}

export function timestampMicros(column: ColumnOrName): Column {
  return callFunction('timestamp_micros', column);
}

export function timestampMillis(column: ColumnOrName): Column {
  return callFunction('timestamp_millis', column);
}
