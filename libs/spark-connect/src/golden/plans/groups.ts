import { col, count, max, sum } from '../../functions/functions';
import { simple } from '../frames';

export const groups = {
  groupby_agg: () =>
    simple
      .groupBy(col('id'))
      .agg(
        ['a', 'max'],
        ['b', 'stddev'],
        ['b', 'std'],
        ['b', 'mean'],
        ['b', 'average'],
        ['b', 'avg'],
        ['*', 'size'],
        ['a', 'count'],
      ),
  groupby_agg_columns: () => simple.groupBy(col('id')).agg(max('a'), sum('b')),
  groupby_agg_string: () => simple.groupBy('id', 'b').agg(['a', 'max'], ['a', 'count']),
  groupby_avg: () => simple.groupBy(col('id')).avg('a', 'b'),
  groupby_count: () => simple.groupBy(col('id')).count(),
  groupby_max: () => simple.groupBy(col('id')).max('a', 'b'),
  groupby_mean: () => simple.groupBy(col('id')).mean('a', 'b'),
  groupby_min: () => simple.groupBy(col('id')).min('a', 'b'),
  groupby_sum: () => simple.groupBy(col('id')).sum('a', 'b'),
  rollup_column: () => simple.rollup(col('a'), col('b')).count(),
  rollup_string: () => simple.rollup('a', 'b').count(),
  cube_column: () => simple.cube(col('a'), col('b')).count(),
  cube_string: () => simple.cube('a', 'b').count(),
  groupingSets: () => simple.groupingSets([[col('a')], []], col('a')).agg(['a', 'max'], ['a', 'count']),
  pivot: () =>
    simple
      .groupBy(col('id'))
      .pivot('a', [1, 2, 3])
      .agg(count(col('b'))),
  pivot_without_column_values: () =>
    simple
      .groupBy(col('id'))
      .pivot('a')
      .agg(count(col('b'))),

  unpivot_values: () => simple.unpivot([col('id'), col('a')], [col('b')], 'name', 'value'),
  unpivot_no_values: () => simple.unpivot('id', undefined, 'name', 'value'),
  melt_values: () => simple.melt('a', ['id'], 'name', 'value'),
  melt_no_values: () => simple.melt(['id', 'a'], undefined, 'name', 'value'),
  transpose_index_column: () => simple.transpose(col('id')),
  transpose_no_index_column: () => simple.transpose(),

  describe: () => simple.describe('id', 'b'),
  summary: () => simple.summary('mean', 'min'),
  crosstab: () => simple.stat.crosstab('a', 'b'),
  freqItems: () => simple.stat.freqItems(['id', 'a'], 0.1),
  sampleBy: () =>
    simple.stat.sampleBy(
      'id',
      new Map([
        [0, 0.1],
        [1, 0.2],
      ]),
      0,
    ),
  drop: () => simple.na.drop({ thresh: 5, subset: ['id', 'a'] }),
  fill: () => simple.na.fill(8, ['id']),
  replace: () => simple.na.replace(new Map([[1.0, 8.0]]), ['id']),
};
