import { col, when } from '../functions/core';
import type { DataFrame } from './dataframe';
import { SparkSession } from '../session/spark-session';
import { relationJson } from '../testing/plan-json';
import { LongType, StructType } from '../types/data-type';

const spark = SparkSession.builder().remote('sc://127.0.0.1:1').build();
const input = spark.range(3);

afterAll(() => spark.close());

describe('a reader becomes a read', () => {
  it.each<[string, DataFrame, unknown]>([
    [
      'of a path, with options and a schema',
      spark.read
        .format('delta')
        .options({ versionAsOf: 3, flag: true })
        .schema(new StructType().add('a', LongType))
        .load('/t'),
      {
        read: {
          dataSource: {
            format: 'delta',
            options: { versionAsOf: '3', flag: 'true' },
            paths: ['/t'],
            schema: '{"type":"struct","fields":[{"name":"a","type":"long","nullable":true,"metadata":{}}]}',
          },
        },
      },
    ],
    [
      'of a stream without a path',
      spark.readStream.format('kafka').option('subscribe', 't').load(),
      { read: { dataSource: { format: 'kafka', options: { subscribe: 't' } }, isStreaming: true } },
    ],
    ['of a table', spark.table('db.t'), { read: { namedTable: { unparsedIdentifier: 'db.t' } } }],
  ])('%s', (_name, dataFrame, expected) => {
    expect(relationJson(dataFrame)).toEqual(expected);
  });
});

describe('plans', () => {
  it('have ids of their own, increasing, far from zero', () => {
    const [first, second] = [spark.range(1), spark.range(1)].map(
      (frame) => frame.relation.common?.planId ?? 0n,
    );
    expect(second).toBeGreaterThan(first ?? 0n);
    expect(first).toBeGreaterThan(1_000_000n);
    expect(Number.isSafeInteger(Number(second))).toBe(true);
  });

  it('are named by the columns of one side of a join', () => {
    const { planId } = input.relation.common ?? {};
    expect(input.col('id').expression.exprType).toMatchObject({
      value: { unparsedIdentifier: 'id', planId },
    });
  });

  it('are not changed by transformations', () => {
    const before = JSON.stringify(relationJson(input));
    input.filter(when(col('id').gt(1), true).otherwise(false)).limit(1);
    expect(JSON.stringify(relationJson(input))).toBe(before);
  });
});
