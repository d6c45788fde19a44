import type { SparkSession } from '../session/spark-session';
import { liveSession } from '../testing/live-session';
import type { Column } from './column';
import { count, expr, lit, struct, sum } from './functions';
import { Window } from './window';

jest.setTimeout(120_000);

let spark: SparkSession;

beforeAll(() => {
  spark = liveSession().build();
});

afterAll(async () => {
  await spark.release();
  await spark.close();
});

const person = () => struct(lit('Ann').as('name'), struct(lit(7).as('size')).as('shoe'));
const letters = () => expr("array('a', 'b')");

it.each<[string, () => Column, unknown]>([
  ['ilike', () => lit('Spark').ilike('sp%'), true],
  ['like with a column as pattern', () => lit('a_b').like(lit('a\\_b')), true],
  ['rlike', () => lit('Spark').rlike('[a-z]+$'), true],
  ['bitwise operators', () => lit(6).bitwiseAND(3).bitwiseOR(8).bitwiseXOR(1), 11],
  ['mod keeps the sign of the dividend', () => lit(-7).mod(3), -1],
  ['isin is NULL where nothing matches a NULL', () => lit(1).isin(2, null), null],
  ['substr from the end', () => lit('Spark').substr(-2, 2), 'rk'],
  ['getItem counts from 0', () => letters().getItem(1), 'b'],
  [
    'withField adds a field of a field',
    () => person().withField('shoe.laces', lit(true)).getField('shoe'),
    { size: 7, laces: true },
  ],
  ['dropFields ignores what is not there', () => person().dropFields('shoe', 'hat'), { name: 'Ann' }],
  ['tryCast', () => lit('x').tryCast('int'), null],
  [
    'a sequence of times goes by days',
    () => expr("size(sequence(TIMESTAMP'2026-01-01 00:00:00', TIMESTAMP'2026-01-03 00:00:00'))"),
    3,
  ],
])('%s', async (_name, column, expected) => {
  const [row] = await spark.range(1).select(column().as('result')).collect();
  expect(row?.['result']).toEqual(expected);
});

it.each<[string, () => Column, string]>([
  ['an index outside of an array', () => letters().getItem(2), 'INVALID_ARRAY_INDEX'],
  ['a text that is no number', () => lit('x').cast('int'), 'CAST_INVALID_INPUT'],
  ['an overflow', () => lit(2_147_483_647).plus(1), 'ARITHMETIC_OVERFLOW'],
  ['a division by 0', () => lit(1).divide(0), 'DIVIDE_BY_ZERO'],
])('%s is an error under ANSI mode', async (_name, column, errorClass) => {
  const result = spark.range(1).select(column()).collect();
  await expect(result).rejects.toMatchObject({ errorClass: expect.stringContaining(errorClass) as string });
});

it('carries metadata to the schema', async () => {
  const { fields } = await spark
    .range(1)
    .select(lit(1).as('one', { comment: 'the first' }))
    .schema();
  expect(fields[0]?.metadata).toEqual({ comment: 'the first' });
});

describe('a frame', () => {
  const inOrder = async (column: Column, order: string) => {
    const rows = await spark
      .range(4)
      .select(expr(order).as('at'))
      .select('at', column.as('result'))
      .orderBy('at')
      .collect();
    return rows.map((row) => row['result']);
  };

  it('of rows reaches from bound to bound', async () => {
    const window = Window.orderBy('at').rowsBetween(-1, Window.currentRow);
    await expect(inOrder(sum('at').over(window), 'id')).resolves.toEqual([0n, 1n, 3n, 5n]);
  });

  it('of a range counts in the units of the order, whatever its type', async () => {
    const counted = (order: string) =>
      inOrder(count('*').over(Window.orderBy('at').rangeBetween(-2, 0)), order);
    await expect(counted('CAST(id * 2 AS INT)')).resolves.toEqual([1n, 2n, 2n, 2n]);
    await expect(counted('CAST(id AS DOUBLE)')).resolves.toEqual([1n, 2n, 3n, 3n]);
    await expect(counted('CAST(id AS DECIMAL(9, 1))')).resolves.toEqual([1n, 2n, 3n, 3n]);
  });

  it('of a range has bounds of half a unit', async () => {
    const window = Window.orderBy('at').rangeBetween(-0.5, 0.5);
    await expect(inOrder(count('*').over(window), 'id / 2')).resolves.toEqual([2n, 3n, 3n, 2n]);
  });

  it('of a range of dates takes days as an INT', async () => {
    const window = Window.orderBy('at').rangeBetween(lit(-1), Window.currentRow);
    await expect(
      inOrder(count('*').over(window), "date_add(DATE'2026-01-01', CAST(id AS INT))"),
    ).resolves.toEqual([1n, 2n, 2n, 2n]);
  });

  it('of a range of times takes an interval', async () => {
    const window = Window.orderBy('at').rangeBetween(expr('-INTERVAL 90 SECONDS'), Window.currentRow);
    await expect(inOrder(count('*').over(window), 'timestamp_seconds(id * 60)')).resolves.toEqual([
      1n,
      2n,
      2n,
      2n,
    ]);
  });

  it('may be left out with the whole window', async () => {
    await expect(inOrder(count('*').over(), 'id')).resolves.toEqual([4n, 4n, 4n, 4n]);
  });
});
