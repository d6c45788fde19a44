import { col, lit, struct } from '../functions/functions';
import type { SparkSession } from '../session/spark-session';
import { liveSession, sharedFolder } from '../testing/live-session';
import {
  ArrayType,
  BinaryType,
  DateType,
  DecimalType,
  DoubleType,
  LongType,
  MapType,
  StringType,
  StructType,
  TimestampType,
} from './data-type';
import type { AsNullable } from './nullable-columns';
import type { RowOf } from './row';
import { Timestamp } from './timestamp';

jest.setTimeout(120_000);

let spark: SparkSession;

beforeAll(() => {
  spark = liveSession().build();
});

afterAll(async () => {
  await spark.release();
  await spark.close();
});

const Sale = new StructType()
  .add('id', LongType, false)
  .add('name', StringType)
  .add('price', new DecimalType(6, 2))
  .add('share', DoubleType)
  .add('on', DateType)
  .add('at', TimestampType)
  .add('bytes', BinaryType)
  .add('tags', new ArrayType(StringType))
  .add('stock', new MapType(StringType, LongType, false))
  .add('place', new StructType().add('city', StringType, false));

const sale: RowOf<typeof Sale> = {
  id: 1n,
  name: 'a',
  price: '1.50',
  share: 0.5,
  on: '2026-01-02',
  at: new Timestamp(1_767_312_000_000_000n),
  bytes: new Uint8Array([1, 2]),
  tags: ['x', null],
  stock: new Map([['b', 3n]]),
  place: { city: 'Paris' },
};

describe('the type of a row that a schema describes', () => {
  it('is what the server sends, whoever is given the schema', async () => {
    const created = spark.createDataFrame([{ ...sale }], Sale);
    const folder = await sharedFolder();
    try {
      await created.write.format('parquet').save(`${folder.path}/t`);
      const read = spark.read.schema(Sale).parquet(`${folder.path}/t`);
      for (const frame of [created, created.to(Sale)]) {
        const rows: RowOf<typeof Sale>[] = await frame.collect();
        expect(rows).toEqual([sale]);
        const first = await frame.first();
        const city: string | undefined = first?.place?.city;
        expect(city).toBe('Paris');
      }
      // A source of files makes everything nullable.
      const rows: AsNullable<RowOf<typeof Sale>>[] = await read.filter(col('id').eq(1n)).limit(1).collect();
      expect(rows).toEqual([sale]);
      expect((await read.schema()).fields.map(({ nullable }) => nullable)).not.toContain(false);
    } finally {
      await folder.remove();
    }
  });

  it('is that of any row again once other columns are chosen', async () => {
    const [row] = await spark
      .createDataFrame([{ ...sale }], Sale)
      .select(struct('id').as('s'), lit(1).as('one'))
      .collect();
    expect(row?.['s']).toEqual({ id: 1n });
  });
});
