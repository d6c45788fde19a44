import type { DataFrame } from '../dataframe/dataframe';
import { col } from '../functions/core';
import { SparkSession } from '../session/spark-session';
import {
  ArrayType,
  IntegerType,
  LongType,
  MapType,
  StringType,
  StructField,
  StructType,
  VariantType,
  type CalendarIntervalType,
  type CharType,
  type CollatedStringType,
  type DataType,
  type DayTimeIntervalType,
} from './data-type';
import type { CalendarInterval, Row, RowOf, RowValue, ValueOf } from './row';

// These tests are proven by the compiler: where a type is wrong, this file does not compile.

/** True only where each type fits the other. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** A row of a DataFrame, to ask for its columns; never there. */
function rowOf<T extends object>(frame: DataFrame<T>): T | undefined {
  return frame.relation.common === undefined ? rowOf(frame) : undefined;
}

const spark = SparkSession.builder().remote('sc://127.0.0.1:1').build();

afterAll(() => spark.close());

const Sale = new StructType().add('id', LongType, false).add('name', StringType);

interface SaleRow {
  readonly id: bigint;
  readonly name: string | null;
}

describe('a schema', () => {
  it('built by add knows the type of a row', () => {
    const Nested = new StructType()
      .add('sales', new ArrayType(Sale, false), false)
      .add('numbers', new MapType(StringType, IntegerType))
      .add('any', VariantType, false);
    type NestedRow = RowOf<typeof Nested>;
    expect<Same<RowOf<typeof Sale>, SaleRow>>(true).toBe(true);
    expect<Same<NestedRow['sales'], readonly SaleRow[]>>(true).toBe(true);
    expect<Same<NestedRow['numbers'], ReadonlyMap<string, number | null> | null>>(true).toBe(true);
    expect<Same<NestedRow['any'], RowValue>>(true).toBe(true);
    expect<Same<ValueOf<typeof CalendarIntervalType>, CalendarInterval>>(true).toBe(true);
    expect<CalendarInterval extends RowValue ? true : false>(true).toBe(true);
    expect<Same<ValueOf<DayTimeIntervalType>, bigint>>(true).toBe(true);
    expect<Same<ValueOf<CharType | CollatedStringType>, string>>(true).toBe(true);
    expect<Same<ValueOf<DataType>, RowValue>>(true).toBe(true);
    expect(Nested.fieldNames).toEqual(['sales', 'numbers', 'any']);
  });

  it('of fields only known at run time has rows of any columns, also with one more', () => {
    const Some = new StructType([new StructField('id', LongType)]);
    const More = Some.add('x', StringType);
    expect<Same<RowOf<typeof Some>, Row>>(true).toBe(true);
    expect<Same<RowOf<typeof More>, Row>>(true).toBe(true);
    expect(More.fieldNames).toEqual(['id', 'x']);
  });

  it('with a column whose name is only known at run time has rows of any columns', () => {
    const name: string = ['x', 'y'].join('');
    const More = Sale.add(name, StringType);
    expect<Same<RowOf<typeof More>, Row>>(true).toBe(true);
    expect(More.fieldNames).toEqual(['id', 'name', 'xy']);
  });

  it('of known columns stands where any schema is asked for', () => {
    const any: StructType = Sale;
    expect(any.fieldNames).toEqual(['id', 'name']);
  });
});

describe('a DataFrame', () => {
  const typed = spark.range(1).to(Sale);

  it('has the rows of the schema it was created or cast with', () => {
    const frames = [typed, spark.createDataFrame([{ id: 1n }], Sale)] satisfies DataFrame<SaleRow>[];
    expect(frames).toHaveLength(2);
  });

  it('keeps them through what keeps the columns', () => {
    const kept = typed.filter('id > 1').orderBy('id').distinct().sample(0.5).union(typed).na.drop().limit(1);
    expect(rowOf(kept)?.id satisfies bigint | undefined).toBeUndefined();
    expect(rowOf(kept)?.name satisfies string | null | undefined).toBeUndefined();
    const transformed = typed.transform((frame) => frame.where('true'));
    expect(rowOf(transformed)?.id satisfies bigint | undefined).toBeUndefined();
  });

  it('has rows of any columns after everything else', () => {
    const frames = [
      typed.select('id'),
      typed.withColumn('x', col('id')),
      typed.groupBy('id').count(),
      typed.join(typed, 'id'),
      spark.read.schema('id BIGINT').load('/t'),
    ];
    for (const frame of frames) expect(rowOf(frame)?.['anything']).toBeUndefined();
  });

  it('of known columns stands where any DataFrame is asked for', () => {
    const any: DataFrame = typed;
    expect(any.relation).toBe(typed.relation);
  });
});
