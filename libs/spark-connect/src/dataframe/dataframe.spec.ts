import { col, desc, lit } from '../functions/core';
import { count, sum } from '../functions/aggregates';
import type { DataFrame } from './dataframe';
import { SparkSession } from '../session/spark-session';
import { relationJson } from '../testing/plan-json';

const spark = SparkSession.builder().remote('sc://127.0.0.1:1').build();
const input = spark.range(3);
const other = spark.range(1, 4, 2, 5);

const INPUT = { range: { start: '0', end: '3', step: '1' } };
const OTHER = { range: { start: '1', end: '4', step: '2', numPartitions: 5 } };
const attribute = (name: string) => ({ unresolvedAttribute: { unparsedIdentifier: name } });
const call = (functionName: string, ...args: readonly unknown[]) => ({
  unresolvedFunction: { functionName, arguments: args },
});
const ascending = (child: unknown) => ({
  child,
  direction: 'SORT_DIRECTION_ASCENDING',
  nullOrdering: 'SORT_NULLS_FIRST',
});
const descending = (child: unknown) => ({
  child,
  direction: 'SORT_DIRECTION_DESCENDING',
  nullOrdering: 'SORT_NULLS_LAST',
});

afterAll(() => spark.close());

describe('a transformation becomes the relation PySpark sends', () => {
  it.each<[string, DataFrame, unknown]>([
    [
      'select',
      input.select('a', col('b').as('c')),
      {
        project: {
          input: INPUT,
          expressions: [attribute('a'), { alias: { expr: attribute('b'), name: ['c'] } }],
        },
      },
    ],
    [
      'selectExpr',
      input.selectExpr('a + 1'),
      { project: { input: INPUT, expressions: [{ expressionString: { expression: 'a + 1' } }] } },
    ],
    [
      'filter with a column',
      input.filter(col('id').gt(1)),
      { filter: { input: INPUT, condition: call('>', attribute('id'), { literal: { integer: 1 } }) } },
    ],
    [
      'where with a text',
      input.where('id > 1'),
      { filter: { input: INPUT, condition: { expressionString: { expression: 'id > 1' } } } },
    ],
    [
      'withColumn',
      input.withColumn('x', lit('v')),
      { withColumns: { input: INPUT, aliases: [{ expr: { literal: { string: 'v' } }, name: ['x'] }] } },
    ],
    [
      'withColumnRenamed',
      input.withColumnRenamed('a', 'b'),
      { withColumnsRenamed: { input: INPUT, renames: [{ colName: 'a', newColName: 'b' }] } },
    ],
    [
      'drop',
      input.drop('a', col('b')),
      { drop: { input: INPUT, columns: [attribute('b')], columnNames: ['a'] } },
    ],
    ['toDF', input.toDF('x'), { toDf: { input: INPUT, columnNames: ['x'] } }],
    ['alias', input.alias('t'), { subqueryAlias: { input: INPUT, alias: 't' } }],
    [
      'distinct',
      input.distinct(),
      { deduplicate: { input: INPUT, allColumnsAsKeys: true, withinWatermark: false } },
    ],
    [
      'dropDuplicatesWithinWatermark',
      input.dropDuplicatesWithinWatermark('id'),
      { deduplicate: { input: INPUT, columnNames: ['id'], withinWatermark: true } },
    ],
    [
      'groupBy and agg',
      input.groupBy('k').agg(sum('v').as('s'), count('*').as('n')),
      {
        aggregate: {
          input: INPUT,
          groupType: 'GROUP_TYPE_GROUPBY',
          groupingExpressions: [attribute('k')],
          aggregateExpressions: [
            { alias: { expr: call('sum', attribute('v')), name: ['s'] } },
            { alias: { expr: call('count', { literal: { integer: 1 } }), name: ['n'] } },
          ],
        },
      },
    ],
    [
      'pivot',
      input.groupBy('k').pivot('p', ['x', 1]).agg(sum('v')),
      {
        aggregate: {
          input: INPUT,
          groupType: 'GROUP_TYPE_PIVOT',
          groupingExpressions: [attribute('k')],
          aggregateExpressions: [call('sum', attribute('v'))],
          pivot: { col: attribute('p'), values: [{ string: 'x' }, { integer: 1 }] },
        },
      },
    ],
    [
      'orderBy',
      input.orderBy('a', desc('b'), col('c').ascNullsLast()),
      {
        sort: {
          input: INPUT,
          isGlobal: true,
          order: [
            ascending(attribute('a')),
            descending(attribute('b')),
            { ...ascending(attribute('c')), nullOrdering: 'SORT_NULLS_LAST' },
          ],
        },
      },
    ],
    [
      'sortWithinPartitions',
      input.sortWithinPartitions('a'),
      { sort: { input: INPUT, isGlobal: false, order: [ascending(attribute('a'))] } },
    ],
    ['limit', input.limit(2), { limit: { input: INPUT, limit: 2 } }],
    ['offset', input.offset(2), { offset: { input: INPUT, offset: 2 } }],
    [
      'join by columns',
      input.join(other, ['id'], 'leftAnti'),
      { join: { left: INPUT, right: OTHER, joinType: 'JOIN_TYPE_LEFT_ANTI', usingColumns: ['id'] } },
    ],
    [
      'join by condition',
      input.join(other, col('a').eq(col('b')), 'left'),
      {
        join: {
          left: INPUT,
          right: OTHER,
          joinType: 'JOIN_TYPE_LEFT_OUTER',
          joinCondition: call('==', attribute('a'), attribute('b')),
        },
      },
    ],
    [
      'crossJoin',
      input.crossJoin(other),
      { join: { left: INPUT, right: OTHER, joinType: 'JOIN_TYPE_CROSS' } },
    ],
    [
      'union',
      input.union(other),
      {
        setOp: {
          leftInput: INPUT,
          rightInput: OTHER,
          setOpType: 'SET_OP_TYPE_UNION',
          isAll: true,
          byName: false,
        },
      },
    ],
    [
      'unionByName',
      input.unionByName(other, true),
      {
        setOp: {
          leftInput: INPUT,
          rightInput: OTHER,
          setOpType: 'SET_OP_TYPE_UNION',
          isAll: true,
          byName: true,
          allowMissingColumns: true,
        },
      },
    ],
    ['repartition', input.repartition(4), { repartition: { input: INPUT, numPartitions: 4, shuffle: true } }],
    ['coalesce', input.coalesce(1), { repartition: { input: INPUT, numPartitions: 1, shuffle: false } }],
    [
      'repartition by columns',
      input.repartition(4, 'a'),
      { repartitionByExpression: { input: INPUT, partitionExprs: [attribute('a')], numPartitions: 4 } },
    ],
    [
      'repartitionByRange',
      input.repartitionByRange(4, 'a'),
      {
        repartitionByExpression: {
          input: INPUT,
          partitionExprs: [{ sortOrder: ascending(attribute('a')) }],
          numPartitions: 4,
        },
      },
    ],
    [
      'withWatermark',
      input.withWatermark('at', '1 minute'),
      { withWatermark: { input: INPUT, eventTime: 'at', delayThreshold: '1 minute' } },
    ],
    [
      'observe',
      input.observe('m', count('*').as('n')),
      {
        collectMetrics: {
          input: INPUT,
          name: 'm',
          metrics: [{ alias: { expr: call('count', { literal: { integer: 1 } }), name: ['n'] } }],
        },
      },
    ],
    ['hint', input.hint('broadcast'), { hint: { input: INPUT, name: 'broadcast' } }],
  ])('%s', (_name, dataFrame, expected) => {
    expect(relationJson(dataFrame)).toEqual(expected);
  });
});
