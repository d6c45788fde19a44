import { array, col, count, lit, max, sum } from '../functions/functions';
import type { SparkSession } from '../session/spark-session';
import { liveSession } from '../testing/live-session';
import { LongType, StringType, IntegerType, StructType } from '../types/data-type';
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

describe('two tables', () => {
  const ids = (...values: readonly number[]): DataFrame =>
    spark.createDataFrame(
      values.map((id) => ({ id })),
      new StructType().add('id', LongType),
    );
  const valuesOf = async (frame: DataFrame) =>
    (await frame.orderBy('id').collect()).map(({ id }) => Number(id));

  it('are combined as sets and as bags', async () => {
    const [a, b] = [ids(1, 1, 1, 2), ids(1, 1, 3)];
    await expect(valuesOf(a.union(b))).resolves.toEqual([1, 1, 1, 1, 1, 2, 3]);
    await expect(valuesOf(a.intersect(b))).resolves.toEqual([1]);
    await expect(valuesOf(a.intersectAll(b))).resolves.toEqual([1, 1]);
    await expect(valuesOf(a.subtract(b))).resolves.toEqual([2]);
    await expect(valuesOf(a.exceptAll(b))).resolves.toEqual([1, 2]);
  });

  it('are joined on columns, on conditions, and where no row matches', async () => {
    const [a, b] = [ids(1, 2), ids(2, 3).withColumn('x', lit('b'))];
    await expect(a.join(b, 'id', 'outer').orderBy('id').collect()).resolves.toEqual([
      { id: 1n, x: null },
      { id: 2n, x: 'b' },
      { id: 3n, x: 'b' },
    ]);
    await expect(valuesOf(a.join(b, 'id', 'anti'))).resolves.toEqual([1]);
    const conditions = [a.col('id').lt(b.col('id')), b.col('x').eq('b')];
    await expect(a.join(b, conditions).count()).resolves.toBe(3);
  });

  it('are joined laterally: the right side sees the row of the left', async () => {
    const left = ids(1, 2).as('l');
    const right = spark
      .range(3)
      .toDF('n')
      .filter(col('n').lt(col('l.id').outer()));
    await expect(left.lateralJoin(right).orderBy('id', 'n').collect()).resolves.toEqual([
      { id: 1n, n: 0n },
      { id: 2n, n: 0n },
      { id: 2n, n: 1n },
    ]);
    await expect(left.lateralJoin(right, col('n').gt(0), 'left').orderBy('id').collect()).resolves.toEqual([
      { id: 1n, n: null },
      { id: 2n, n: 1n },
    ]);
  });
});

describe('functions that give a table', () => {
  it('are tables, of constants or of a column of the left side of a lateral join', async () => {
    const rows = async (frame: DataFrame) => (await frame.collect()).map((row) => Object.values(row));
    const two = array(lit(1), lit(2));
    await expect(rows(spark.tvf.explode(two))).resolves.toEqual([[1], [2]]);
    await expect(rows(spark.tvf.posexplode(two))).resolves.toEqual([
      [0, 1],
      [1, 2],
    ]);
    await expect(rows(spark.tvf.stack(2, lit('a'), lit('b')))).resolves.toEqual([['a'], ['b']]);
    await expect(rows(spark.tvf.json_tuple(lit('{"a": 1}'), lit('a')))).resolves.toEqual([['1']]);
    expect(await spark.tvf.sql_keywords().count()).toBeGreaterThan(300);
    const tagged = spark
      .range(2)
      .select('id', array('id', lit(9)).as('tags'))
      .as('t');
    const exploded = tagged.lateralJoin(spark.tvf.explode(col('t.tags').outer())).select('id', 'col');
    await expect(rows(exploded.orderBy('id', 'col'))).resolves.toEqual([
      [0n, 0n],
      [0n, 9n],
      [1n, 1n],
      [1n, 9n],
    ]);
  });
});

describe('subqueries', () => {
  it('give a value', async () => {
    const dearest = sales.agg(max('price').as('m')).scalar();
    await expect(sales.filter(col('price').eq(dearest)).select('country').collect()).resolves.toEqual([
      { country: 'de' },
    ]);
    const shares = sales.select(
      'price',
      col('price')
        .divide(sales.agg(sum('price')).scalar())
        .as('share'),
    );
    await expect(shares.orderBy('price').first()).resolves.toEqual({ price: 1n, share: 1 / 15 });
  });

  it('tell whether there are rows, for each row outside', async () => {
    const countries = sales.select('country').distinct().as('c');
    const of2025 = sales.filter(
      sales
        .col('year')
        .eq(2025)
        .and(sales.col('country').eq(col('c.country').outer())),
    );
    await expect(countries.filter(of2025.exists()).collect()).resolves.toEqual([{ country: 'fr' }]);
    await expect(countries.filter(of2025.exists().not()).collect()).resolves.toEqual([{ country: 'de' }]);
  });

  it('may come from SQL, and stand in subqueries and on both sides of a join', async () => {
    const one = (await spark.sql('SELECT 1 AS one')).scalar();
    const inner = spark.range(3).filter(col('id').eq(one)).agg(count('*').as('n'));
    const outer = spark.range(3).filter(col('id').eq(inner.scalar()));
    await expect(outer.collect()).resolves.toEqual([{ id: 1n }]);
    await expect(outer.join(spark.range(3).withColumn('one', one), 'id').collect()).resolves.toEqual([
      { id: 1n, one: 1 },
    ]);
  });
});
