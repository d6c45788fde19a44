// Mirrors org.apache.spark.sql.functions: windows of time.
import { call, callWith, type ColumnOrName } from './call';
import type { Column } from './column';

/**
 * The window of event time that a row falls into, a struct of `start` and `end` (not included), for `groupBy`. With a shorter
 * `slideDuration` windows overlap, and the row falls into several. Durations are texts such as `'5 minutes'`, without months or years.
 * @param startTime - by how much the windows are moved against 1970-01-01 00:00 UTC.
 */
export function window(
  timeColumn: ColumnOrName,
  windowDuration: string,
  slideDuration = windowDuration,
  startTime = '0 second',
): Column {
  return callWith('window', [timeColumn], [windowDuration, slideDuration, startTime]);
}

/** A window that ends after `gapDuration` without events, for `groupBy`. A column gives each row a gap of its own. */
export function session_window(timeColumn: ColumnOrName, gapDuration: Column | string): Column {
  return callWith('session_window', [timeColumn], [gapDuration]);
}

/** The event time of a window column (its last microsecond), for a second aggregation over windows. */
export function window_time(windowColumn: ColumnOrName): Column {
  return call('window_time', windowColumn);
}
