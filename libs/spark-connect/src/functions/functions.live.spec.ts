import type { SparkSession } from '../session/spark-session';
import { liveSession } from '../testing/live-session';
import { LongType, StringType, StructType } from '../types/data-type';
import type { Column } from './column';
import { functions as f } from './functions';
import { Window } from './window';

jest.setTimeout(60_000);

let spark: SparkSession;

beforeAll(() => {
  spark = liveSession().build();
});

afterAll(async () => {
  await spark.release();
  await spark.close();
});

const input = () =>
  spark.range(4).withColumns({
    t: f.concat(f.lit('text '), f.col('id').cast('string')),
    at: f.timestampMicros(f.lit(1_767_225_600_123_456n)),
    d: f.toDate(f.lit('2026-01-01')),
    x: f.col('id').cast('double').plus(0.5),
    a: f.array('id', 'id'),
    j: f.lit('{"k":7}'),
    m: f.createMap(f.lit('k'), f.lit(1)),
  });

const plain: Record<string, Column> = {
  coalesce: f.coalesce('t', 'j'),
  isNull: f.isNull('t'),
  isNotNull: f.isNotNull('t'),
  not: f.not(f.isNull('t')),
  tryCast: f.tryCast('t', LongType),
  when: f.when(f.col('id').gt(1), 'x').when(f.col('id').gt(0), 'y').otherwise(null),
  litAs: f.litAs(1, 'short'),
  arrayContains: f.arrayContains('a', 1n),
  arrayDistinct: f.arrayDistinct('a'),
  elementAt: f.elementAt('a', 1),
  fromJson: f.fromJson('j', new StructType().add('k', LongType), { mode: 'PERMISSIVE' }),
  fromJsonDdl: f.fromJson('j', 'k BIGINT'),
  getJsonObject: f.getJsonObject('j', '$.k'),
  size: f.size('m'),
  sortArray: f.sortArray('a', false),
  struct: f.struct('id', 't'),
  toJson: f.toJson(f.struct('id', 't')),
  currentDate: f.currentDate(),
  currentTimestamp: f.currentTimestamp(),
  dateAdd: f.dateAdd('d', 1),
  dateAddColumn: f.dateAdd('d', f.lit(1)),
  dateDiff: f.dateDiff('d', 'd'),
  dateFormat: f.dateFormat('at', 'yyyy-MM'),
  dateTrunc: f.dateTrunc('hour', 'at'),
  dayofmonth: f.dayofmonth('d'),
  dayofweek: f.dayofweek('d'),
  hour: f.hour('at'),
  minute: f.minute('at'),
  month: f.month('d'),
  year: f.year('d'),
  toDate: f.toDate(f.lit('2026'), 'yyyy'),
  toTimestamp: f.toTimestamp('d'),
  tryToTimestamp: f.tryToTimestamp('t', 'yyyy'),
  unixMicros: f.unixMicros('at'),
  unixMillis: f.unixMillis('at'),
  unixTimestamp: f.unixTimestamp('at'),
  timestampMillis: f.timestampMillis('id'),
  abs: f.abs('x'),
  ceil: f.ceil('x'),
  floor: f.floor('x'),
  greatest: f.greatest('x', 'id'),
  least: f.least('x', 'id'),
  monotonicallyIncreasingId: f.monotonicallyIncreasingId(),
  pow: f.pow('x', 'id'),
  rand: f.rand(1),
  round: f.round('x', 1),
  sqrt: f.sqrt('x'),
  tryDivide: f.tryDivide('x', 'id'),
  concatWs: f.concatWs('-', 't', 'j'),
  length: f.length('t'),
  lower: f.lower('t'),
  upper: f.upper('t'),
  trim: f.trim('t'),
  md5: f.md5('t'),
  sha2: f.sha2('t', 256),
  xxhash64: f.xxhash64('t', 'id'),
  regexpExtract: f.regexpExtract('t', '(\\d+)', 1),
  regexpReplace: f.regexpReplace('t', '\\d', '#'),
  split: f.split('t', ' '),
  substring: f.substring('t', 1, 2),
  methods: f
    .col('t')
    .like('t%')
    .and(f.col('t').rlike('^t'))
    .or(f.col('t').startsWith('t'))
    .and(f.col('t').endsWith('1'))
    .and(f.col('t').contains('x')),
  substr: f.col('t').substr(1, 2),
  isin: f.col('id').isin(1, 2n),
  between: f.col('id').between(1, 2),
  nullSafe: f.col('id').eqNullSafe(null),
  neq: f.col('id').neq(1),
  arithmetic: f.col('id').minus(1).multiply(2).divide(3).mod(4).negate(),
  isNaN: f.col('x').isNaN(),
  getItem: f.col('m').getItem('k'),
  cast: f.col('id').cast(StringType),
};

const overWindow = Window.partitionBy('d').orderBy(f.desc('id'), 'x');
const windowed: Record<string, Column> = {
  rowNumber: f.rowNumber().over(overWindow),
  rank: f.rank().over(overWindow),
  denseRank: f.denseRank().over(overWindow),
  ntile: f.ntile(2).over(overWindow),
  lag: f.lag('id').over(overWindow),
  lead: f.lead('id', 2).over(overWindow),
  running: f.sum('id').over(overWindow.rowsBetween('unboundedPreceding', 'currentRow')),
  nearby: f.sum('id').over(overWindow.rowsBetween(-1, 1)),
};

const aggregates: Record<string, Column> = {
  count: f.count('*'),
  countColumn: f.count('t'),
  countDistinct: f.countDistinct('t', 'j'),
  approxCountDistinct: f.approxCountDistinct('t', 0.1),
  countIf: f.countIf(f.col('id').gt(1)),
  sum: f.sum('id'),
  trySum: f.trySum('id'),
  sumDistinct: f.sumDistinct('id'),
  avg: f.avg('x'),
  min: f.min('at'),
  max: f.max('at'),
  minBy: f.minBy('t', 'id'),
  maxBy: f.maxBy('t', 'id'),
  first: f.first('t'),
  last: f.last('t', true),
  collectList: f.collectList('id'),
  collectSet: f.collectSet('t'),
  stddev: f.stddev('x'),
  variance: f.variance('x'),
  median: f.median('x'),
  percentile: f.percentile('x', 0.9),
  percentileApprox: f.percentileApprox('x', 0.9),
};

describe('every function is one the server knows and accepts with these arguments', () => {
  it('in a projection', async () => {
    const [row] = await input().withColumns(plain).limit(1).collect();
    expect(row).toMatchObject({
      elementAt: 0n,
      fromJson: { k: 7n },
      size: 1,
      concatWs: 'text 0-{"k":7}',
      hour: 0,
    });
  });

  it('over a window', async () => {
    const rows = await input().withColumns(windowed).orderBy('rowNumber').collect();
    expect(rows.map((row) => [row['rank'], row['running'], row['nearby']])).toEqual([
      [1, 3n, 5n],
      [2, 5n, 6n],
      [3, 6n, 3n],
      [4, 6n, 1n],
    ]);
  });

  it('as an aggregate', async () => {
    const named = Object.entries(aggregates).map(([name, column]) => column.as(name));
    const [first, ...rest] = named;
    if (first === undefined) throw new Error('no aggregates');
    const [row] = await input()
      .agg(first, ...rest)
      .collect();
    expect(row).toMatchObject({
      count: 4n,
      countIf: 2n,
      sum: 6n,
      avg: 2,
      maxBy: 'text 3',
      collectList: [0n, 1n, 2n, 3n],
    });
  });

  it('as a generator or a window of time', async () => {
    await expect(input().select(f.explode('a')).count()).resolves.toBe(8);
    await expect(input().select(f.explodeOuter('a')).count()).resolves.toBe(8);
    const byWindow = input()
      .groupBy(f.window('at', '10 minutes', '5 minutes', '1 minute'))
      .count();
    await expect(byWindow.select(f.windowTime('window')).count()).resolves.toBe(2);
    await expect(input().groupBy(f.sessionWindow('at', '5 minutes')).count().count()).resolves.toBe(1);
  });
});
