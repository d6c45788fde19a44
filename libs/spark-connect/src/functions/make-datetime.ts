// Mirrors org.apache.spark.sql.functions: date and timestamp functions that make a value of its parts.
import { leading, numeric, present, type ColumnOrNumber } from './arguments';
import { call, type ColumnOrName } from './call';
import type { Column } from './column';

/** A date of its parts; one that does not exist is an error under ANSI mode. */
export function make_date(year: ColumnOrNumber, month: ColumnOrNumber, day: ColumnOrNumber): Column {
  return call('make_date', numeric(year), numeric(month), numeric(day));
}

/** A timestamp of its parts, seconds with fractions; one that does not exist is an error under ANSI mode. @param timeZone - a column of zones; the session's by default. */
export function make_timestamp(
  year: ColumnOrNumber,
  month: ColumnOrNumber,
  day: ColumnOrNumber,
  hour: ColumnOrNumber,
  minute: ColumnOrNumber,
  second: ColumnOrNumber,
  timeZone?: ColumnOrName,
): Column {
  return call('make_timestamp', ...present(year, month, day, hour, minute, second, timeZone));
}

/** As `make_timestamp`, with NULL for one that does not exist. */
export function try_make_timestamp(
  year: ColumnOrNumber,
  month: ColumnOrNumber,
  day: ColumnOrNumber,
  hour: ColumnOrNumber,
  minute: ColumnOrNumber,
  second: ColumnOrNumber,
  timeZone?: ColumnOrName,
): Column {
  return call('try_make_timestamp', ...present(year, month, day, hour, minute, second, timeZone));
}

/** As `make_timestamp`, always with the session's time zone, whatever the default timestamp type is. */
export function make_timestamp_ltz(
  year: ColumnOrNumber,
  month: ColumnOrNumber,
  day: ColumnOrNumber,
  hour: ColumnOrNumber,
  minute: ColumnOrNumber,
  second: ColumnOrNumber,
  timeZone?: ColumnOrName,
): Column {
  return call('make_timestamp_ltz', ...present(year, month, day, hour, minute, second, timeZone));
}

/** As `make_timestamp_ltz`, with NULL for one that does not exist. */
export function try_make_timestamp_ltz(
  year: ColumnOrNumber,
  month: ColumnOrNumber,
  day: ColumnOrNumber,
  hour: ColumnOrNumber,
  minute: ColumnOrNumber,
  second: ColumnOrNumber,
  timeZone?: ColumnOrName,
): Column {
  return call('try_make_timestamp_ltz', ...present(year, month, day, hour, minute, second, timeZone));
}

/** As `make_timestamp`, without a time zone. */
export function make_timestamp_ntz(
  year: ColumnOrNumber,
  month: ColumnOrNumber,
  day: ColumnOrNumber,
  hour: ColumnOrNumber,
  minute: ColumnOrNumber,
  second: ColumnOrNumber,
): Column {
  return call('make_timestamp_ntz', ...present(year, month, day, hour, minute, second));
}

/** As `make_timestamp_ntz`, with NULL for one that does not exist. */
export function try_make_timestamp_ntz(
  year: ColumnOrNumber,
  month: ColumnOrNumber,
  day: ColumnOrNumber,
  hour: ColumnOrNumber,
  minute: ColumnOrNumber,
  second: ColumnOrNumber,
): Column {
  return call('try_make_timestamp_ntz', ...present(year, month, day, hour, minute, second));
}

/** A calendar interval of its parts, 0 where left out; an overflow is an error under ANSI mode. */
export function make_interval(
  years?: ColumnOrNumber,
  months?: ColumnOrNumber,
  weeks?: ColumnOrNumber,
  days?: ColumnOrNumber,
  hours?: ColumnOrNumber,
  minutes?: ColumnOrNumber,
  seconds?: ColumnOrNumber,
): Column {
  return call('make_interval', ...leading([years, months, weeks, days, hours, minutes, seconds]));
}

/** As `make_interval`, with NULL on overflow. */
export function try_make_interval(
  years?: ColumnOrNumber,
  months?: ColumnOrNumber,
  weeks?: ColumnOrNumber,
  days?: ColumnOrNumber,
  hours?: ColumnOrNumber,
  minutes?: ColumnOrNumber,
  seconds?: ColumnOrNumber,
): Column {
  return call('try_make_interval', ...leading([years, months, weeks, days, hours, minutes, seconds]));
}

/** An INTERVAL DAY TO SECOND of its parts, 0 where left out; an overflow is an error. */
export function make_dt_interval(
  days?: ColumnOrNumber,
  hours?: ColumnOrNumber,
  minutes?: ColumnOrNumber,
  seconds?: ColumnOrNumber,
): Column {
  return call('make_dt_interval', ...leading([days, hours, minutes, seconds]));
}

/** An INTERVAL YEAR TO MONTH of its parts, 0 where left out; an overflow is an error. */
export function make_ym_interval(years?: ColumnOrNumber, months?: ColumnOrNumber): Column {
  return call('make_ym_interval', ...leading([years, months]));
}
