import type { SparkSession } from '../../session/spark-session';
import type { Column } from '../column';
import * as fn from '../functions';
import type { LiveTable } from './live-case';

const { expr, lit } = fn;

/** A Saturday, and a time of it. */
const day = (spark: SparkSession) =>
  spark.sql(
    "SELECT DATE'2026-02-28' AS d, TIMESTAMP'2026-02-28 13:14:15.5' AS t, TIMESTAMP_NTZ'2026-02-28 13:14:15' AS n",
  );
const events = (spark: SparkSession) =>
  spark.sql(
    "SELECT * FROM VALUES (TIMESTAMP'2026-02-28 13:14:15'), (TIMESTAMP'2026-02-28 13:16:00') AS t(at)",
  );
const instant = (text: string) => expr(`TIMESTAMP'${text} UTC'`);
const text = (column: Column) => column.cast('string');

/** Dates, times and intervals. Times are compared as texts of the session's time zone, whatever that is. */
export const datetime: LiveTable = {
  add_months: { call: () => fn.add_months('d', 12), input: day, gives: '2027-02-28' },
  convert_timezone: {
    call: () => text(fn.convert_timezone(lit('UTC'), lit('Asia/Tokyo'), 'n')),
    input: day,
    gives: '2026-02-28 22:14:15',
  },
  curdate: { call: () => fn.curdate(), type: 'DATE' },
  current_date: { call: () => fn.current_date(), type: 'DATE' },
  current_timestamp: { call: () => fn.current_timestamp(), type: 'TIMESTAMP' },
  current_timezone: { call: () => fn.current_timezone(), type: 'STRING' },
  date_add: { call: () => fn.date_add('d', 1), input: day, gives: '2026-03-01' },
  date_diff: { call: () => fn.date_diff(fn.date_add('d', 3), 'd'), input: day, gives: 3 },
  date_format: { call: () => fn.date_format('t', 'dd.MM.yy HH:mm'), input: day, gives: '28.02.26 13:14' },
  date_from_unix_date: { call: () => fn.date_from_unix_date(lit(1)), gives: '1970-01-02' },
  date_part: { call: () => fn.date_part('SECONDS', 't'), input: day, gives: '15.500000' },
  date_sub: { call: () => fn.date_sub('d', 28), input: day, gives: '2026-01-31' },
  date_trunc: { call: () => text(fn.date_trunc('hour', 't')), input: day, gives: '2026-02-28 13:00:00' },
  dateadd: { call: () => fn.dateadd('d', 1), input: day, gives: '2026-03-01' },
  datediff: { call: () => fn.datediff('d', fn.make_date(2026, 2, 1)), input: day, gives: 27 },
  datepart: { call: () => fn.datepart('YEAR', 'd'), input: day, gives: 2026 },
  day: { call: () => fn.day('d'), input: day, gives: 28 },
  dayname: { call: () => fn.dayname('d'), input: day, gives: 'Sat' },
  dayofmonth: { call: () => fn.dayofmonth('d'), input: day, gives: 28 },
  dayofweek: { call: () => fn.dayofweek('d'), input: day, gives: 7 },
  dayofyear: { call: () => fn.dayofyear('d'), input: day, gives: 59 },
  extract: { call: () => fn.extract('DOY', 'd'), input: day, gives: 59 },
  from_unixtime: {
    call: () => fn.from_unixtime(fn.unix_timestamp('t'), 'HH:mm:ss'),
    input: day,
    gives: '13:14:15',
  },
  from_utc_timestamp: {
    call: () => text(fn.from_utc_timestamp('t', 'Asia/Tokyo')),
    input: day,
    gives: '2026-02-28 22:14:15.5',
  },
  hour: { call: () => fn.hour('t'), input: day, gives: 13 },
  last_day: { call: () => fn.last_day('d'), input: day, gives: '2026-02-28' },
  localtimestamp: { call: () => fn.localtimestamp(), type: 'TIMESTAMP_NTZ' },
  make_date: { call: () => fn.make_date(2026, 2, 28), gives: '2026-02-28' },
  make_dt_interval: {
    call: () => text(fn.make_dt_interval(1, 2, 3, 4)),
    gives: "INTERVAL '1 02:03:04' DAY TO SECOND",
  },
  make_interval: { call: () => text(fn.make_interval(1, undefined, 2)), gives: '1 years 14 days' },
  make_timestamp: {
    call: () => text(fn.make_timestamp(2026, 2, 28, 13, 14, lit(15.5))),
    gives: '2026-02-28 13:14:15.5',
  },
  make_timestamp_ltz: {
    call: () => fn.unix_seconds(fn.make_timestamp_ltz(1970, 1, 1, 1, 0, 0, lit('+01:00'))),
    gives: 0n,
  },
  make_timestamp_ntz: {
    call: () => text(fn.make_timestamp_ntz(2026, 2, 28, 13, 14, 15)),
    gives: '2026-02-28 13:14:15',
  },
  make_ym_interval: { call: () => text(fn.make_ym_interval(1, 2)), gives: "INTERVAL '1-2' YEAR TO MONTH" },
  minute: { call: () => fn.minute('t'), input: day, gives: 14 },
  month: { call: () => fn.month('d'), input: day, gives: 2 },
  monthname: { call: () => fn.monthname('d'), input: day, gives: 'Feb' },
  months_between: { call: () => fn.months_between('d', fn.make_date(2026, 1, 31)), input: day, gives: 1 },
  next_day: { call: () => fn.next_day('d', 'Mon'), input: day, gives: '2026-03-02' },
  now: { call: () => fn.now(), type: 'TIMESTAMP' },
  quarter: { call: () => fn.quarter('d'), input: day, gives: 1 },
  second: { call: () => fn.second('t'), input: day, gives: 15 },
  session_window: {
    query: async (spark) =>
      (await events(spark))
        .groupBy(fn.session_window('at', '5 minutes').as('w'))
        .agg(fn.count('*'))
        .select(text(fn.col('w.end'))),
    gives: '2026-02-28 13:21:00',
  },
  timestamp_add: {
    call: () => text(fn.timestamp_add('MONTH', 1, 't')),
    input: day,
    gives: '2026-03-28 13:14:15.5',
  },
  timestamp_diff: { call: () => fn.timestamp_diff('HOUR', 'd', 't'), input: day, gives: 13n },
  timestamp_micros: {
    call: () => fn.timestamp_micros(lit(1_000_000n)).eq(instant('1970-01-01 00:00:01')),
    gives: true,
  },
  timestamp_millis: {
    call: () => fn.timestamp_millis(lit(1_000n)).eq(instant('1970-01-01 00:00:01')),
    gives: true,
  },
  timestamp_seconds: {
    call: () => fn.timestamp_seconds(lit(1)).eq(instant('1970-01-01 00:00:01')),
    gives: true,
  },
  to_date: { call: () => fn.to_date(lit('28.02.2026'), 'dd.MM.yyyy'), gives: '2026-02-28' },
  to_timestamp: {
    call: () => text(fn.to_timestamp(lit('28.02.2026 13'), 'dd.MM.yyyy HH')),
    gives: '2026-02-28 13:00:00',
  },
  to_timestamp_ltz: {
    call: () => fn.to_timestamp_ltz(lit('1970-01-01 01:00:00+01:00')).eq(instant('1970-01-01 00:00:00')),
    gives: true,
  },
  to_timestamp_ntz: {
    call: () => text(fn.to_timestamp_ntz(lit('28.02.2026'), lit('dd.MM.yyyy'))),
    gives: '2026-02-28 00:00:00',
  },
  to_unix_timestamp: { call: () => fn.to_unix_timestamp(instant('1970-01-01 00:01:00')), gives: 60n },
  to_utc_timestamp: {
    call: () => text(fn.to_utc_timestamp('t', 'Asia/Tokyo')),
    input: day,
    gives: '2026-02-28 04:14:15.5',
  },
  trunc: { call: () => fn.trunc('d', 'month'), input: day, gives: '2026-02-01' },
  try_make_interval: { call: () => fn.try_make_interval(2_147_483_647), gives: null },
  try_make_timestamp: { call: () => fn.try_make_timestamp(2026, 2, 30, 0, 0, 0), gives: null },
  try_make_timestamp_ltz: {
    call: () => fn.try_make_timestamp_ltz(2026, 13, 1, 0, 0, 0, lit('UTC')),
    gives: null,
  },
  try_make_timestamp_ntz: { call: () => fn.try_make_timestamp_ntz(2026, 2, 28, 25, 0, 0), gives: null },
  try_to_timestamp: { call: () => fn.try_to_timestamp(lit('no time'), lit('yyyy')), gives: null },
  unix_date: { call: () => fn.unix_date(fn.make_date(1970, 1, 2)), gives: 1 },
  unix_micros: { call: () => fn.unix_micros(instant('1970-01-01 00:00:01')), gives: 1_000_000n },
  unix_millis: { call: () => fn.unix_millis(instant('1970-01-01 00:00:01')), gives: 1_000n },
  unix_seconds: { call: () => fn.unix_seconds(instant('1970-01-01 00:00:01')), gives: 1n },
  unix_timestamp: {
    call: () => fn.unix_timestamp(lit('1970-01-01T00:00:07Z'), "yyyy-MM-dd'T'HH:mm:ssX"),
    gives: 7n,
  },
  weekday: { call: () => fn.weekday('d'), input: day, gives: 5 },
  weekofyear: { call: () => fn.weekofyear('d'), input: day, gives: 9 },
  window: {
    query: async (spark) =>
      (await events(spark))
        .groupBy(fn.window('at', '1 minute', undefined, '30 seconds').as('w'))
        .agg(fn.count('*'))
        .select(text(fn.col('w.start')).as('start')),
    rows: [{ start: '2026-02-28 13:13:30' }, { start: '2026-02-28 13:15:30' }],
  },
  window_time: {
    query: async (spark) =>
      (await events(spark))
        .limit(1)
        .groupBy(fn.window('at', '1 hour'))
        .agg(fn.count('*'))
        .select(text(fn.window_time('window'))),
    gives: '2026-02-28 13:59:59.999999',
  },
  year: { call: () => fn.year('d'), input: day, gives: 2026 },
};
