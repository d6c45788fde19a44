// Mirrors org.apache.spark.sql.functions: date and timestamp functions, conversions.
import { present } from './arguments';
import { call, callWith, type ColumnOrName } from './call';
import type { Column } from './column';

/** The date of a text; a text that is none is an error under ANSI mode. @param format - a pattern such as `'dd.MM.yyyy'`. */
export function to_date(column: ColumnOrName, format?: string): Column {
  return callWith('to_date', [column], [format]);
}

/** The timestamp of a text; a text that is none is an error under ANSI mode. @param format - a pattern such as `'yyyy-MM-dd HH:mm'`. */
export function to_timestamp(column: ColumnOrName, format?: string): Column {
  return callWith('to_timestamp', [column], [format]);
}

/** As `to_timestamp`, with NULL where the text is no timestamp. @param format - a column of patterns: `lit('yyyy-MM-dd')`. */
export function try_to_timestamp(column: ColumnOrName, format?: ColumnOrName): Column {
  return call('try_to_timestamp', column, ...present(format));
}

/** As `to_timestamp`, always with the session's time zone. @param format - a column of patterns. */
export function to_timestamp_ltz(column: ColumnOrName, format?: ColumnOrName): Column {
  return call('to_timestamp_ltz', column, ...present(format));
}

/** As `to_timestamp`, without a time zone. @param format - a column of patterns. */
export function to_timestamp_ntz(column: ColumnOrName, format?: ColumnOrName): Column {
  return call('to_timestamp_ntz', column, ...present(format));
}

/** A date or timestamp as text. @param format - a pattern such as `'yyyy-MM-dd'`. */
export function date_format(column: ColumnOrName, format: string): Column {
  return callWith('date_format', [column], [format]);
}

/** Seconds since 1970 of a text or time; of now without a column. @param format - `'yyyy-MM-dd HH:mm:ss'` by default. */
export function unix_timestamp(column?: ColumnOrName, format?: string): Column {
  return callWith('unix_timestamp', column === undefined ? [] : [column], [format]);
}

/** As `unix_timestamp`. @param format - a column of patterns. */
export function to_unix_timestamp(column: ColumnOrName, format?: ColumnOrName): Column {
  return call('to_unix_timestamp', column, ...present(format));
}

/** The text of seconds since 1970, in the session's time zone. @param format - `'yyyy-MM-dd HH:mm:ss'` by default. */
export function from_unixtime(column: ColumnOrName, format?: string): Column {
  return callWith('from_unixtime', [column], [format]);
}

/** Days since 1970 of a date. */
export function unix_date(column: ColumnOrName): Column {
  return call('unix_date', column);
}

/** Seconds since 1970 of a timestamp, cut down. */
export function unix_seconds(column: ColumnOrName): Column {
  return call('unix_seconds', column);
}

/** Milliseconds since 1970 of a timestamp, cut down. */
export function unix_millis(column: ColumnOrName): Column {
  return call('unix_millis', column);
}

/** Microseconds since 1970 of a timestamp. */
export function unix_micros(column: ColumnOrName): Column {
  return call('unix_micros', column);
}

/** The date so many days after 1970-01-01. */
export function date_from_unix_date(days: ColumnOrName): Column {
  return call('date_from_unix_date', days);
}

/** The timestamp so many seconds after 1970, fractions included. */
export function timestamp_seconds(column: ColumnOrName): Column {
  return call('timestamp_seconds', column);
}

/** The timestamp so many milliseconds after 1970. */
export function timestamp_millis(column: ColumnOrName): Column {
  return call('timestamp_millis', column);
}

/** The timestamp so many microseconds after 1970. */
export function timestamp_micros(column: ColumnOrName): Column {
  return call('timestamp_micros', column);
}

/** Reads a time's digits as UTC and gives what the clocks of the zone show then. @param timeZone - `'Europe/Berlin'`, `'+02:00'`, ... */
export function from_utc_timestamp(timestamp: ColumnOrName, timeZone: Column | string): Column {
  return callWith('from_utc_timestamp', [timestamp], [timeZone]);
}

/** Reads a time's digits as those of the zone's clocks and gives UTC. @param timeZone - as in `from_utc_timestamp`. */
export function to_utc_timestamp(timestamp: ColumnOrName, timeZone: Column | string): Column {
  return callWith('to_utc_timestamp', [timestamp], [timeZone]);
}

/**
 * What the clocks of the target zone show when those of the source zone (the session's by default) show this TIMESTAMP_NTZ.
 * Zones are columns: `convert_timezone(lit('Asia/Tokyo'), 'time')`.
 */
export function convert_timezone(
  ...args:
    | readonly [targetZone: ColumnOrName, timestamp: ColumnOrName]
    | readonly [sourceZone: ColumnOrName, targetZone: ColumnOrName, timestamp: ColumnOrName]
): Column {
  return call('convert_timezone', ...args);
}
