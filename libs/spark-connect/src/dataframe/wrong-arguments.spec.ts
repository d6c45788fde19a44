import { col } from '../functions/functions';
import { SparkSession } from '../session/spark-session';

// What the compiler refuses in TypeScript, plain JavaScript can give: `never` stands for it.

const spark = SparkSession.builder().remote('sc://127.0.0.1:1').build();
const input = spark.range(3);

afterAll(() => spark.close());

describe('a number that the protocol has no room for', () => {
  it.each<[string, () => unknown]>([
    ['rows is a whole number of 32 bits, not 1.5', () => input.limit(1.5)],
    [`rows is a whole number of 32 bits, not ${String(2 ** 40)}`, () => input.limit(2 ** 40)],
    ['rows is a whole number of 32 bits, not NaN', () => input.offset(NaN)],
    ['numPartitions is a whole number of 32 bits, not 1.5', () => input.repartition(1.5)],
    ['numPartitions is a whole number of 32 bits, not 2.5', () => input.repartition(2.5, 'id')],
    ['numPartitions is a whole number of 32 bits, not 0.5', () => input.coalesce(0.5)],
    ['numPartitions is a whole number of 32 bits, not 0.5', () => spark.range(0, 1, 1, 0.5)],
    [
      'seed is a bigint of 64 bits or a whole number that is exact, not 0.5',
      () => input.sample(1, { seed: 0.5 }),
    ],
    [
      `start is a bigint of 64 bits or a whole number that is exact, not ${String(2n ** 64n)}`,
      () => spark.range(2n ** 64n, 1),
    ],
    ['end is a bigint of 64 bits or a whole number that is exact, not 1.5', () => spark.range(1.5)],
  ])('is refused at the call: %s', (message, make) => {
    expect(make).toThrow(new RangeError(message));
  });

  it.each<[string, () => Promise<unknown>]>([
    ['limit is a whole number of 32 bits, not 1.5', () => input.take(1.5)],
    ['limit is a whole number of 32 bits, not 1.5', () => input.tail(1.5)],
    ['numRows is a whole number of 32 bits, not 1.5', () => input.showString(1.5)],
    ['truncate is a whole number of 32 bits, not 0.5', () => input.showString(1, 0.5)],
    ['level is a whole number of 32 bits, not 0.5', () => input.treeString(0.5)],
  ])('rejects the action: %s', async (message, run) => {
    await expect(run()).rejects.toThrow(new RangeError(message));
  });

  it('is one of another kind', () => {
    expect(() => input.limit('1' as never)).toThrow(new TypeError('rows is a string, not a number'));
    expect(() => spark.range('1' as never)).toThrow(new TypeError('end is a string, not a number or bigint'));
  });
});

describe('an argument of a wrong kind', () => {
  it.each<[RegExp, () => unknown]>([
    [/^there is no join type lefty, but inner, cross, /, () => input.join(input, 'id', 'lefty' as never)],
    [/^there is no join type toString, /, () => input.lateralJoin(input, undefined, 'toString' as never)],
    [/needed, not an array \(give its elements one by one\)$/, () => input.select(['id'] as never)],
    [/^a column or the name of one is needed, not undefined$/, () => input.select(undefined as never)],
    [/^a column or the name of one is needed, not true$/, () => input.filter(true as never)],
    [/needed, not an array/, () => input.groupBy(['id'] as never)],
    [/needed, not null$/, () => input.orderBy(null as never)],
  ])('is refused: %p', (message, make) => {
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
  });

  it('is refused as a mode of explain', async () => {
    await expect(input.explain('formattted' as never)).rejects.toThrow(
      new TypeError('there is no mode formattted, but simple, extended, codegen, cost, formatted'),
    );
  });

  it('is none where it is a column', () => {
    expect(input.select(col('id')).relation.relType.case).toBe('project');
  });
});
