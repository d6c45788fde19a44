import { broadcast } from '../functions/functions';
import { SparkSession } from '../session/spark-session';
import {
  ArrayType,
  LongType,
  MapType,
  StringType,
  StructType,
  CalendarIntervalType,
} from '../types/data-type';
import type { AsNullable } from '../types/nullable-columns';
import type { CalendarInterval, Row, RowOf, RowValue } from '../types/row';
import type { DataFrame } from './dataframe';

// These tests are proven by the compiler: where a type is wrong, this file does not compile.

/** True only where each type fits the other. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** The rows of a DataFrame, or of what makes one. */
type RowsOf<Made> = Made extends DataFrame<infer T> ? T : never;

/** True only where every one of these DataFrames has exactly these rows. */
type AllSame<Frames extends readonly unknown[], T> = false extends {
  [At in keyof Frames]: Same<RowsOf<Frames[At]>, T>;
}[number]
  ? false
  : true;

/** What these DataFrames are made by. */
const casesOf = (frames: readonly DataFrame<object>[]) => [
  ...new Set(frames.map(({ relation }) => relation.relType.case)),
];

interface SaleRow {
  readonly id: bigint;
  readonly name: string | null;
}

interface NullableSaleRow {
  readonly id: bigint | null;
  readonly name: string | null;
}

const spark = SparkSession.builder().remote('sc://127.0.0.1:1').build();

afterAll(() => spark.close());

const Sale = new StructType().add('id', LongType, false).add('name', StringType);
const Country = new StructType().add('code', StringType, false);
const sales = spark.createDataFrame([{ id: 1n, name: 'a' }], Sale);
const countries = spark.createDataFrame([{ code: 'FR' }], Country);
const nullable = spark.read.schema(Sale).load('/t');
const any: DataFrame = spark.range(1);

describe('a schema given to a reader', () => {
  it('has columns that may all be NULL, as sources make them', () => {
    const stream = spark.readStream.schema(Sale).load();
    expect<Same<RowsOf<typeof nullable>, NullableSaleRow>>(true).toBe(true);
    expect<Same<RowsOf<typeof stream>, NullableSaleRow>>(true).toBe(true);
    expect(casesOf([nullable, stream])).toEqual(['read']);
  });

  it('has no NOT NULL inside of them either', () => {
    const Nested = new StructType()
      .add('sales', new ArrayType(Sale, false), false)
      .add('stock', new MapType(StringType, LongType, false), false)
      .add('took', CalendarIntervalType, false);
    interface NestedRow {
      readonly sales: readonly (NullableSaleRow | null)[] | null;
      readonly stock: ReadonlyMap<string, bigint | null> | null;
      readonly took: CalendarInterval | null;
    }
    const read = spark.read.schema(Nested).load('/t');
    expect<Same<RowsOf<typeof read>, NestedRow>>(true).toBe(true);
    expect<Same<RowOf<typeof Nested>, NestedRow>>(false).toBe(false);
    expect<Same<AsNullable<{ any: RowValue }>, { any: RowValue }>>(true).toBe(true);
    expect(read.relation.relType.case).toBe('read');
  });

  it('of columns unknown to the compiler stays one of any columns', () => {
    const unknown: StructType = Sale;
    const read = spark.read.schema(unknown).load('/t');
    expect<Same<RowsOf<typeof read>, Row>>(true).toBe(true);
    expect(read.relation.relType.case).toBe('read');
  });
});

describe('a set operation', () => {
  it('of the same rows keeps them', () => {
    const kept = [
      sales.union(sales),
      sales.unionAll(sales),
      sales.unionByName(sales),
      sales.unionByName(sales, false),
      sales.intersect(sales),
      sales.intersectAll(sales),
      sales.except(sales),
      sales.subtract(sales),
      sales.exceptAll(sales),
    ] as const;
    expect<AllSame<typeof kept, SaleRow>>(true).toBe(true);
    expect(casesOf(kept)).toEqual(['setOp']);
    const narrower = nullable.union(sales);
    expect<Same<RowsOf<typeof narrower>, NullableSaleRow>>(true).toBe(true);
    expect(casesOf([narrower])).toEqual(['setOp']);
  });

  it('of other rows has rows of any columns, for Spark widens them', () => {
    const widened = [
      sales.union(countries),
      sales.union(nullable),
      sales.union(any),
      any.union(sales),
      sales.unionAll(countries),
      sales.unionByName(countries),
      sales.unionByName(sales, true),
      sales.intersect(countries),
      sales.intersectAll(countries),
      sales.except(countries),
      sales.subtract(countries),
      sales.exceptAll(countries),
    ] as const;
    expect<AllSame<typeof widened, Row>>(true).toBe(true);
    expect(casesOf(widened)).toEqual(['setOp']);
  });
});

describe('a replacement', () => {
  it('by NULL makes columns that may be NULL', () => {
    const replaced = [
      sales.replace(1, null),
      sales.replace({ a: null, b: 'c' }),
      sales.na.replace(new Map([[1, null]])),
      sales.na.replace([[1, null]], ['id']),
    ] as const;
    expect<AllSame<typeof replaced, NullableSaleRow>>(true).toBe(true);
    expect(casesOf(replaced)).toEqual(['replace']);
  });

  it('by other values keeps the type of a row', () => {
    const replaced = [
      sales.replace(1, 2, ['id']),
      sales.replace({ a: 'b' }),
      sales.na.replace(new Map([[1, 2n]])),
      sales.na.replace([[1, 2]]),
    ] as const;
    expect<AllSame<typeof replaced, SaleRow>>(true).toBe(true);
    expect(casesOf(replaced)).toEqual(['replace']);
  });
});

describe('the rows of the left side are kept', () => {
  it('by semi and anti joins, and by no others', () => {
    const left = [
      sales.join(countries, 'id', 'semi'),
      sales.join(countries, 'id', 'leftsemi'),
      sales.join(countries, undefined, 'left_anti'),
      sales.join(countries, [], 'leftAnti'),
    ] as const;
    expect<AllSame<typeof left, SaleRow>>(true).toBe(true);
    expect(casesOf(left)).toEqual(['join']);
    const both = [sales.join(sales), sales.join(sales, 'id'), sales.join(sales, 'id', 'left')] as const;
    expect<AllSame<typeof both, Row>>(true).toBe(true);
    expect(casesOf(both)).toEqual(['join']);
  });

  it('by broadcast', () => {
    const small = broadcast(sales);
    expect<Same<RowsOf<typeof small>, SaleRow>>(true).toBe(true);
    expect(small.relation.relType.case).toBe('hint');
  });
});

describe('a method that takes a DataFrame', () => {
  it('takes one of any rows', async () => {
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    await expect(any.sameSemantics(sales, controller)).rejects.toThrow();
  });
});
