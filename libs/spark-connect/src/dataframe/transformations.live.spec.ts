import { col, sum } from '../functions/functions';
import type { SparkSession } from '../session/spark-session';
import { liveSession } from '../testing/live-session';
import { DoubleType, IntegerType, LongType, StringType, StructType } from '../types/data-type';
import type { DataFrame } from './dataframe';

jest.setTimeout(120_000);

let spark: SparkSession;
let sales: DataFrame;

beforeAll(() => {
  spark = liveSession().build();
  const schema = new StructType().add('country', StringType).add('year', IntegerType).add('price', LongType);
  sales = spark.createDataFrame(
    [
      { country: 'fr', year: 2024, price: 1 },
      { country: 'fr', year: 2025, price: 2 },
      { country: 'de', year: 2024, price: 4 },
      { country: 'de', year: 2024, price: 8 },
    ],
    schema,
  );
});

afterAll(async () => {
  await spark.release();
  await spark.close();
});

describe('groups', () => {
  it('are summed by name, by record and by column alike', async () => {
    const groups = sales.groupBy('country');
    const expected = [
      { country: 'de', sum: 12n },
      { country: 'fr', sum: 3n },
    ];
    for (const summed of [groups.sum('price'), groups.agg({ price: 'sum' }), groups.agg(sum('price'))]) {
      await expect(summed.toDF('country', 'sum').orderBy('country').collect()).resolves.toEqual(expected);
    }
    await expect(groups.agg({ '*': 'count', year: 'mean' }).orderBy('country').collect()).resolves.toEqual([
      { country: 'de', 'count(1)': 2n, 'avg(year)': 2024 },
      { country: 'fr', 'count(1)': 2n, 'avg(year)': 2024.5 },
    ]);
  });

  it('of grouping sets are one after the other', async () => {
    const sets = sales.groupingSets([['country'], ['year'], []], 'country', 'year').agg(sum('price').as('s'));
    await expect(sets.orderBy('s', 'country', 'year').collect()).resolves.toEqual([
      { country: null, year: 2025, s: 2n },
      { country: 'fr', year: null, s: 3n },
      { country: 'de', year: null, s: 12n },
      { country: null, year: 2024, s: 13n },
      { country: null, year: null, s: 15n },
    ]);
    await expect(sales.rollup('country', 'year').count().count()).resolves.toBe(6);
    await expect(sales.cube('country', 'year').count().count()).resolves.toBe(8);
  });

  it('become columns by pivot, with values given or found', async () => {
    const expected = [
      { country: 'de', '2024': 12n, '2025': null },
      { country: 'fr', '2024': 1n, '2025': 2n },
    ];
    const groups = sales.groupBy('country');
    for (const pivoted of [groups.pivot('year'), groups.pivot(col('year'), [2024, 2025])]) {
      await expect(pivoted.sum('price').orderBy('country').collect()).resolves.toEqual(expected);
    }
  });
});

describe('a table', () => {
  it('is unpivoted and transposed', async () => {
    const wide = spark.createDataFrame(
      [{ id: 1, a: 10, b: 20 }],
      new StructType().add('id', IntegerType).add('a', IntegerType).add('b', IntegerType),
    );
    const long = [
      { id: 1, name: 'a', value: 10 },
      { id: 1, name: 'b', value: 20 },
    ];
    await expect(wide.unpivot('id', undefined, 'name', 'value').orderBy('name').collect()).resolves.toEqual(
      long,
    );
    await expect(wide.melt(['id'], ['a'], 'name', 'value').collect()).resolves.toEqual(long.slice(0, 1));
    await expect(wide.transpose('id').orderBy('key').collect()).resolves.toEqual([
      { key: 'a', '1': 10 },
      { key: 'b', '1': 20 },
    ]);
  });

  it('tells its columns by regular expression, metadata and JSON', async () => {
    await expect(sales.select(sales.colRegex('`(c|y).*`')).columns()).resolves.toEqual(['country', 'year']);
    const described = await sales.withMetadata('price', { unit: 'EUR' }).schema();
    expect(described.field('price')?.metadata).toEqual({ unit: 'EUR' });
    const [json] = await sales.limit(1).toJSON().collect();
    expect(Object.values(json ?? {})).toEqual(['{"country":"fr","year":2024,"price":1}']);
  });

  it('is cast to a schema, or refused where it does not fit', async () => {
    const fitting = new StructType().add('price', DoubleType).add('country', StringType);
    await expect(sales.to(fitting).first()).resolves.toEqual({ price: 1, country: 'fr' });
    await expect(sales.to(new StructType().add('country', LongType)).schema()).rejects.toMatchObject({
      errorClass: 'INVALID_COLUMN_OR_FIELD_DATA_TYPE',
    });
  });

  it('keeps a collation on its way to the server and back', async () => {
    const schema = new StructType().add('s', { kind: 'string', collation: 'UTF8_LCASE' });
    const frame = spark.createDataFrame([{ s: 'A' }, { s: 'b' }], schema);
    expect((await frame.schema()).field('s')?.dataType).toEqual({ kind: 'string', collation: 'UTF8_LCASE' });
    await expect(frame.filter(col('s').eq('a')).count()).resolves.toBe(1);
  });
});

describe('a sample', () => {
  it('is the same for the same seed and differs for another', async () => {
    const ids = spark.range(0, 1_000, 1, 2);
    const chosen = async (seed: number) => (await ids.sample(0.3, { seed }).collect()).map(({ id }) => id);
    expect(await chosen(7)).toEqual(await chosen(7));
    expect(await chosen(7)).not.toEqual(await chosen(8));
  });

  it('without a seed is one plan, however often it is read', async () => {
    const once = spark.range(0, 1_000, 1, 2).sample(0.5);
    expect(await once.collect()).toEqual(await once.collect());
  });

  it('with replacement has rows twice', async () => {
    const drawn = spark.range(100).sample(2, { withReplacement: true, seed: 1 });
    expect(await drawn.count()).toBeGreaterThan(await drawn.distinct().count());
  });

  it('of each part is every row once', async () => {
    const parts = spark.range(0, 1_000, 1, 2).randomSplit([1, 2, 1], 3);
    const counts = await Promise.all(parts.map((part) => part.count()));
    expect(counts.reduce((all, one) => all + one, 0)).toBe(1_000);
    expect(counts[1]).toBeGreaterThan(400);
    const [first = spark.range(0), ...others] = parts;
    const united = others.reduce((all, one) => all.union(one), first);
    await expect(united.distinct().count()).resolves.toBe(1_000);
  });
});
