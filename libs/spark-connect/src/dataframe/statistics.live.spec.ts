import { col, count, max } from '../functions/functions';
import type { SparkSession } from '../session/spark-session';
import { liveSession, sharedFolder } from '../testing/live-session';
import { DoubleType, LongType, StringType, StructType } from '../types/data-type';
import type { DataFrame } from './dataframe';
import { Observation } from './observation';

jest.setTimeout(120_000);

let spark: SparkSession;
let gaps: DataFrame;
let points: DataFrame;

beforeAll(() => {
  spark = liveSession().build();
  const schema = new StructType().add('n', LongType).add('x', DoubleType).add('s', StringType);
  gaps = spark.createDataFrame(
    [
      { n: 1, x: 1.5, s: 'a' },
      { n: null, x: NaN, s: 'b' },
      { n: null, x: null, s: null },
    ],
    schema,
  );
  points = spark
    .range(0, 100, 1, 2)
    .select(col('id').as('x'), col('id').multiply(2).as('y'), col('id').mod(2).as('odd'));
});

afterAll(async () => {
  await spark.release();
  await spark.close();
});

describe('NULL and NaN', () => {
  it('are dropped by any, by all, by how many and in which columns', async () => {
    const left = async (frame: DataFrame) => (await frame.collect()).map(({ s }) => s);
    await expect(left(gaps.na.drop())).resolves.toEqual(['a']);
    await expect(left(gaps.na.drop({ how: 'all' }))).resolves.toEqual(['a', 'b']);
    await expect(left(gaps.dropna({ thresh: 2 }))).resolves.toEqual(['a']);
    await expect(left(gaps.na.drop({ subset: ['s'] }))).resolves.toEqual(['a', 'b']);
  });

  it('are filled by type, by column, or by a record', async () => {
    await expect(gaps.na.fill(0).collect()).resolves.toEqual([
      { n: 1n, x: 1.5, s: 'a' },
      { n: 0n, x: 0, s: 'b' },
      { n: 0n, x: 0, s: null },
    ]);
    await expect(gaps.fillna(0.5, ['x']).select('n', 'x').collect()).resolves.toEqual([
      { n: 1n, x: 1.5 },
      { n: null, x: 0.5 },
      { n: null, x: 0.5 },
    ]);
    await expect(gaps.fillna({ n: 7n, s: 'none' }).tail(1)).resolves.toEqual([{ n: 7n, x: null, s: 'none' }]);
  });

  it('and other values are replaced', async () => {
    await expect(gaps.na.replace('a', null).select('s').first()).resolves.toEqual({ s: null });
    await expect(gaps.replace({ a: 'z', b: 'y' }, ['s']).select('s').take(2)).resolves.toEqual([
      { s: 'z' },
      { s: 'y' },
    ]);
    const numbers = new Map([
      [1, 10],
      [1.5, 2],
    ]);
    await expect(gaps.na.replace(numbers).select('n', 'x').first()).resolves.toEqual({ n: 10n, x: 2 });
    await expect(spark.range(1).selectExpr('true AS b').na.replace(true, false).first()).resolves.toEqual({
      b: false,
    });
  });
});

describe('statistics', () => {
  it('of two columns are numbers', async () => {
    await expect(points.stat.corr('x', 'y')).resolves.toBeCloseTo(1, 10);
    await expect(points.cov('x', 'y')).resolves.toBeCloseTo(1683.33, 2);
    await expect(spark.range(2).selectExpr('id', '1 AS one').corr('id', 'one')).rejects.toMatchObject({
      errorClass: 'DIVIDE_BY_ZERO',
    });
  });

  it('of the order are quantiles, exact where no error is allowed', async () => {
    await expect(points.stat.approxQuantile('x', [0, 0.5, 1], 0)).resolves.toEqual([0, 49, 99]);
    await expect(points.stat.approxQuantile(['x', 'y'], [1], 0)).resolves.toEqual([[99], [198]]);
    await expect(gaps.filter('n IS NULL').approxQuantile('n', [0.5], 0)).resolves.toEqual([]);
  });

  it('of values are counts and frequent items', async () => {
    const pairs = await points
      .withColumn('half', col('x').lt(50))
      .stat.crosstab('odd', 'half')
      .orderBy('odd_half')
      .collect();
    expect(pairs).toEqual([
      { odd_half: '0', false: 25n, true: 25n },
      { odd_half: '1', false: 25n, true: 25n },
    ]);
    const [items] = await points.stat.freqItems(['odd'], 0.4).collect();
    expect(items?.['odd_freqItems']).toEqual(expect.arrayContaining([0n, 1n]));
  });

  it('of all columns are a table', async () => {
    const described = await points.describe('x').collect();
    expect(described).toContainEqual({ summary: 'max', x: '99' });
    await expect(points.select('x').summary('count', '50%').collect()).resolves.toEqual([
      { summary: 'count', x: '100' },
      { summary: '50%', x: '49' },
    ]);
  });

  it('choose a sample of each value', async () => {
    const some = points.stat.sampleBy(col('odd'), new Map([[1n, 1]]), 5);
    await expect(some.select('odd').distinct().collect()).resolves.toEqual([{ odd: 1n }]);
    await expect(some.count()).resolves.toBe(50);
    await expect(gaps.sampleBy('s', { a: 1 }).select('s').collect()).resolves.toEqual([{ s: 'a' }]);
  });
});

describe('an observation', () => {
  it('tells the metrics of the action it was made for, a result or a write', async () => {
    const [ofResult, ofWrite] = [new Observation('rows'), new Observation('rows')];
    const folder = await sharedFolder();
    try {
      const written = points.observe(ofWrite, count('*').as('n'), max('x').as('last'));
      await written.write.format('parquet').save(`${folder.path}/t`);
      await points.filter(col('x').lt(10)).observe(ofResult, count('*').as('n')).collect();
      await expect(ofResult.get()).resolves.toEqual({ n: 10n });
      await expect(ofWrite.get()).resolves.toEqual({ n: 100n, last: 99n });
    } finally {
      await folder.remove();
    }
  });

  it('inside a join is found, too, and told to the action as well', async () => {
    const observation = new Observation();
    const seen: unknown[] = [];
    const left = points.observe(observation, count('*').as('n'));
    await left.join(points.limit(1), 'x').collect({ onObservedMetrics: (metrics) => seen.push(metrics) });
    await expect(observation.get()).resolves.toEqual({ n: 100n });
    expect(seen).toEqual([{ name: observation.name, values: { n: 100n } }]);
  });
});
