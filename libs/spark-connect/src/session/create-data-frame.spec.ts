import type { DataFrame } from '../dataframe/dataframe';
import {
  ArrayType,
  DateType,
  DecimalType,
  DoubleType,
  IntegerType,
  LongType,
  MapType,
  StringType,
  StructField,
  StructType,
  TimestampType,
} from '../types/data-type';
import type { Row, RowOf } from '../types/row';
import { Timestamp } from '../types/timestamp';
import { SparkSession } from './spark-session';

// These tests are proven by the compiler, too: what they expect to be an error must be one.

const spark = SparkSession.builder().remote('sc://127.0.0.1:1').build();

afterAll(() => spark.close());

const Sale = new StructType().add('id', LongType, false).add('name', StringType);
const Everything = new StructType()
  .add('id', LongType, false)
  .add('count', IntegerType)
  .add('share', DoubleType)
  .add('price', new DecimalType(6, 2))
  .add('on', DateType)
  .add('at', TimestampType)
  .add('ids', new ArrayType(LongType))
  .add('stock', new MapType(StringType, LongType, false))
  .add('place', new StructType().add('city', StringType, false).add('since', TimestampType));

interface Place {
  readonly city: string;
}

interface NamedSale {
  id: bigint;
  name?: string;
}

interface PlacedSale extends NamedSale {
  place: Place;
  others: Place[];
}

const place: Place = { city: 'Oslo' };
const sales: NamedSale[] = [{ id: 1n }, { id: 2n, name: 'a' }];
const placed: PlacedSale[] = [{ id: 1n, name: 'a', place, others: [place] }];

describe('rows of a schema the compiler knows', () => {
  it('may be of an interface, and make a DataFrame of its rows', () => {
    const frame: DataFrame<RowOf<typeof Sale>> = spark.createDataFrame(sales, Sale);
    expect(frame.relation.relType.case).toBe('localRelation');
  });

  it('may hold whatever is sent as the types of the columns', () => {
    const frames = [
      spark.createDataFrame(
        [
          {
            id: 1,
            count: 1,
            share: 0.5,
            price: '1.50',
            on: '2026-01-02',
            at: new Date(0),
            ids: [1, 2n, null],
            stock: new Map([['a', 3]]),
            place: { city: 'Paris', since: new Date(0) },
          },
          { id: 2n, at: new Timestamp(1n), place, count: null },
          { id: 3, place: ['Paris', null], share: undefined },
        ],
        Everything,
      ),
      spark.createDataFrame([[1, 'a']], Sale),
      spark.createDataFrame([], Sale),
    ];
    expect(frames).toHaveLength(3);
  });

  it('are refused by the compiler, too, where they do not fit', () => {
    // @ts-expect-error a text is no BIGINT
    expect(() => spark.createDataFrame([{ id: 'one' }], Sale)).toThrow(TypeError);
    // @ts-expect-error a column that is NOT NULL is missing
    expect(() => spark.createDataFrame([{ name: 'a' }], Sale)).toThrow(TypeError);
    // @ts-expect-error no such column
    expect(() => spark.createDataFrame([{ id: 1n, nmae: 'a' }], Sale)).toThrow(
      'row 0: there is no column nmae',
    );
  });
});

describe('rows of a schema known only at run time', () => {
  const schema: StructType = new StructType([
    new StructField('id', LongType),
    new StructField('name', StringType),
  ]);

  it('may be of an interface', () => {
    const frame: DataFrame = spark.createDataFrame(sales, schema);
    expect(frame.relation.relType.case).toBe('localRelation');
  });
});

describe('rows of results', () => {
  it('may be sent again, with a schema and without', () => {
    const rows: Row[] = [{ id: 1n, name: 'a' }];
    const typedRows: RowOf<typeof Sale>[] = [{ id: 1n, name: null }];
    const frames = [
      spark.createDataFrame(rows),
      spark.createDataFrame(rows, new StructType(Sale.fields)),
      spark.createDataFrame(typedRows, Sale),
      spark.createDataFrame(typedRows, ['id']),
    ];
    expect(frames).toHaveLength(4);
  });
});

describe('rows without a schema', () => {
  it('may be of an interface, nested ones too', () => {
    const frames: DataFrame[] = [
      spark.createDataFrame(placed),
      spark.createDataFrame(placed, ['name', 'id']),
      spark.createDataFrame([
        { a: 1, b: [{ c: null }] },
        { a: null, b: [{ c: 1.5 }], d: new Date(0) },
      ]),
      spark.createDataFrame([[1, 'a', { b: place }]]),
    ];
    expect(frames).toHaveLength(4);
  });

  it('are refused by the compiler, too, where a value cannot be sent', () => {
    // @ts-expect-error a Set has no SQL type
    expect(() => spark.createDataFrame([{ a: new Set([1]) }])).toThrow('row 0, column a');
    // @ts-expect-error a function has no SQL type
    expect(() => spark.createDataFrame([{ a: () => 1 }])).toThrow('row 0, column a');
    // @ts-expect-error a number is no row
    expect(() => spark.createDataFrame([1])).toThrow('row 0');
  });
});
