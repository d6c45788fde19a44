import { col, count, desc } from '../functions/functions';
import { SparkSession } from '../session/spark-session';
import { columnJson, relationJson } from '../testing/plan-json';
import type { DataFrame } from './dataframe';

// What Spark's golden plans show is proven by them (`golden/`); here is the rest.

const spark = SparkSession.builder().remote('sc://127.0.0.1:1').build();
const input = spark.range(3);
const other = spark.range(1, 4, 2, 5);

const INPUT = { range: { start: '0', end: '3', step: '1' } };
const OTHER = { range: { start: '1', end: '4', step: '2', numPartitions: 5 } };
const attribute = (name: string) => ({ unresolvedAttribute: { unparsedIdentifier: name } });

afterAll(() => spark.close());

describe('a transformation becomes the relation PySpark sends', () => {
  it.each<[string, DataFrame, unknown]>([
    [
      'drop of names and columns together',
      input.drop('a', col('b')),
      { drop: { input: INPUT, columns: [attribute('b')], columnNames: ['a'] } },
    ],
    [
      'dropDuplicatesWithinWatermark',
      input.dropDuplicatesWithinWatermark('id'),
      { deduplicate: { input: INPUT, columnNames: ['id'], withinWatermark: true } },
    ],
    ['coalesce', input.coalesce(1), { repartition: { input: INPUT, numPartitions: 1, shuffle: false } }],
    [
      'withWatermark',
      input.withWatermark('at', '1 minute'),
      { withWatermark: { input: INPUT, eventTime: 'at', delayThreshold: '1 minute' } },
    ],
    ['subtract', input.subtract(other), relationJson(input.except(other))],
    [
      'lateralJoin',
      input.lateralJoin(other, undefined, 'left'),
      { lateralJoin: { left: INPUT, right: OTHER, joinType: 'JOIN_TYPE_LEFT_OUTER' } },
    ],
    ['a join on no columns', input.join(other, []), relationJson(input.join(other))],
    [
      'fillna by column',
      input.fillna({ a: 1, b: 0.5, c: 'x', d: 2n ** 40n }),
      {
        fillNa: {
          input: INPUT,
          cols: ['a', 'b', 'c', 'd'],
          values: [{ long: '1' }, { double: 0.5 }, { string: 'x' }, { long: '1099511627776' }],
        },
      },
    ],
    [
      'dropna of rows with nothing',
      input.dropna({ how: 'all' }),
      { dropNa: { input: INPUT, minNonNulls: 1 } },
    ],
    ['dropna of rows with any NULL', input.dropna(), { dropNa: { input: INPUT } }],
    [
      'replace of one number',
      input.replace(1, 2n, ['a']),
      relationJson(input.na.replace(new Map([[1n, 2]]), ['a'])),
    ],
    [
      'replace of texts by NULL',
      input.replace({ a: null }),
      {
        replace: {
          input: INPUT,
          replacements: [{ oldValue: { string: 'a' }, newValue: { null: { null: {} } } }],
        },
      },
    ],
  ])('%s', (_name, dataFrame, expected) => {
    expect(relationJson(dataFrame)).toEqual(expected);
  });

  it('join on conditions that must all hold', () => {
    const joined = input.join(other, [col('a').eq(1), col('b').eq(2)]);
    expect(joined.relation).toMatchObject({
      relType: { value: { joinCondition: { exprType: { value: { functionName: 'and' } } } } },
    });
  });

  it('orderBy with directions', () => {
    expect(relationJson(input.orderBy(desc('b'), col('c').ascNullsLast()))).toMatchObject({
      sort: {
        order: [
          { direction: 'SORT_DIRECTION_DESCENDING', nullOrdering: 'SORT_NULLS_LAST' },
          { direction: 'SORT_DIRECTION_ASCENDING', nullOrdering: 'SORT_NULLS_LAST' },
        ],
      },
    });
  });

  it('metadataColumn, a column the source adds to this DataFrame', () => {
    expect(input.metadataColumn('_metadata').expression.exprType).toMatchObject({
      value: {
        unparsedIdentifier: '_metadata',
        isMetadataColumn: true,
        planId: input.relation.common?.planId,
      },
    });
  });

  it('transform, which is what the function makes of it', () => {
    expect(input.transform((frame) => frame.limit(1)).relation.relType.case).toBe('limit');
  });
});

describe('an action', () => {
  it('takes options, also head without a number', async () => {
    const signal = AbortSignal.abort();
    await expect(input.head({ signal })).rejects.toMatchObject({ code: 'OPERATION_CANCELED' });
    await expect(input.head(1, { signal })).rejects.toMatchObject({ code: 'OPERATION_CANCELED' });
  });
});

describe('a sample', () => {
  const seedOf = ({ relation: { relType } }: DataFrame) =>
    relType.case === 'sample' || relType.case === 'sampleBy' ? relType.value.seed : undefined;

  it('without a seed draws one here, another each time', () => {
    const seeds = [input.sample(0.1), input.sample(0.1), input.sampleBy('id', { a: 1 })].map(seedOf);
    expect(new Set(seeds).size).toBe(3);
    expect(seeds).not.toContain(undefined);
  });

  it('of several parts shares the seed and the whole', () => {
    const parts = input.randomSplit([1, 3], 7);
    expect(parts.map(relationJson)).toEqual([
      {
        sample: {
          input: INPUT,
          upperBound: 0.25,
          withReplacement: false,
          seed: '7',
          deterministicOrder: true,
        },
      },
      {
        sample: {
          input: INPUT,
          lowerBound: 0.25,
          upperBound: 1,
          withReplacement: false,
          seed: '7',
          deterministicOrder: true,
        },
      },
    ]);
    const [first, second] = input.randomSplit([1, 1]).map(seedOf);
    expect(first).toBe(second);
  });

  it.each([[[]], [[0, 0]], [[1, -1]], [[Number.NaN]]])('in parts of %p is refused', (weights) => {
    expect(() => input.randomSplit(weights)).toThrow(RangeError);
  });
});

describe('groups', () => {
  it('are aggregated by a record as by pairs', () => {
    const byRecord = relationJson(input.agg({ id: 'max', '*': 'count' }));
    expect(byRecord).toEqual(relationJson(input.agg(['id', 'max'], ['*', 'count'])));
  });

  it.each([
    ['rollup', () => input.rollup('id').pivot('p')],
    ['cube', () => input.cube('id').pivot('p')],
    ['pivot', () => input.groupBy('id').pivot('p').pivot('q')],
  ])('are not pivoted after %s', (_name, pivot) => {
    expect(pivot).toThrow(TypeError);
  });

  it('are named by columns of this DataFrame, or by columns of any', () => {
    expect(relationJson(input.groupBy('id', col('id')).agg(count('*')))).toMatchObject({
      aggregate: {
        groupingExpressions: [
          { unresolvedAttribute: { planId: String(input.relation.common?.planId) } },
          attribute('id'),
        ],
      },
    });
  });
});

describe('replace', () => {
  it('refuses values of several types', () => {
    expect(() => input.replace('a', 1)).toThrow(TypeError);
    expect(() =>
      input.na.replace(
        new Map<string | boolean, null>([
          ['a', null],
          [true, null],
        ]),
      ),
    ).toThrow(TypeError);
  });
});

describe('a plan', () => {
  it('has an id of its own, above those before it, far from zero', () => {
    const [first = 0n, second = 0n] = [spark.range(1), spark.range(1)].map(
      (frame) => frame.relation.common?.planId,
    );
    expect(second).toBeGreaterThan(first);
    expect(first).toBeGreaterThan(1_000_000n);
    expect(Number.isSafeInteger(Number(second))).toBe(true);
  });

  it('is named by the columns of one side of a join', () => {
    const { planId } = input.relation.common ?? {};
    expect(input.col('id').expression.exprType).toMatchObject({
      value: { unparsedIdentifier: 'id', planId },
    });
  });

  it('is not named by a star over a struct or an alias, which the server refuses', () => {
    const { planId } = input.relation.common ?? {};
    expect(input.col('*').expression.exprType.value).toMatchObject({ planId });
    const star = { unresolvedStar: { unparsedTarget: 's.*' } };
    expect(columnJson(input.col('s.*'))).toEqual(star);
    expect(relationJson(input.groupBy('s.*').agg(count('*')))).toMatchObject({
      aggregate: { groupingExpressions: [star] },
    });
  });

  it('is not changed by transformations', () => {
    const before = JSON.stringify(relationJson(input));
    input.filter(col('id').gt(1)).withColumn('x', col('id')).limit(1);
    expect(JSON.stringify(relationJson(input))).toBe(before);
  });
});
