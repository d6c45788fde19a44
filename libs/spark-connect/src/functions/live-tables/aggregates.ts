import type { SparkSession } from '../../session/spark-session';
import type { Column } from '../column';
import * as fn from '../functions';
import type { LiveCase, LiveTable } from './live-case';

const { lit } = fn;

const numbers = (spark: SparkSession) =>
  spark.sql('SELECT * FROM VALUES (1, 2), (2, 4), (2, 4), (4, NULL), (NULL, 8) AS t(x, y)');
const flags = (spark: SparkSession) => spark.sql('SELECT * FROM VALUES (true), (false), (NULL) AS t(flag)');
const letters = (spark: SparkSession) => spark.sql("SELECT * FROM VALUES ('b'), ('b'), (NULL) AS t(letter)");
const sketched = (spark: SparkSession) => spark.range(100).agg(fn.hll_sketch_agg('id').as('sketch'));
const bitmaps = (spark: SparkSession) =>
  spark
    .range(1, 4)
    .select(fn.bitmap_bit_position('id').as('bit'))
    .agg(fn.bitmap_construct_agg('bit').as('bits'));

/** An aggregate of {@link numbers}. */
const of = (call: () => Column, gives: unknown): LiveCase => ({ call, input: numbers, gives });

/** Aggregates. */
export const aggregates: LiveTable = {
  any: { call: () => fn.any('flag'), input: flags, gives: true },
  any_value: of(() => fn.any_value(lit(7)), 7),
  approx_count_distinct: of(() => fn.approx_count_distinct('x', 0.01), 3n),
  approx_percentile: of(() => fn.approx_percentile('x', [0.5, 1], 100), [2, 4]),
  array_agg: of(() => fn.sort_array(fn.array_agg('x')), [1, 2, 2, 4]),
  avg: of(() => fn.avg('x'), 2.25),
  bit_and: of(() => fn.bit_and('y'), 0),
  bit_or: of(() => fn.bit_or('x'), 7),
  bit_xor: of(() => fn.bit_xor('x'), 5),
  bitmap_bit_position: { call: () => fn.bitmap_bit_position(lit(32_769)), gives: 0n },
  bitmap_bucket_number: { call: () => fn.bitmap_bucket_number(lit(32_769)), gives: 2n },
  bitmap_construct_agg: {
    call: () => fn.bitmap_count(fn.bitmap_construct_agg('id')),
    input: (spark) => spark.range(9),
    gives: 9n,
  },
  bitmap_count: { call: () => fn.bitmap_count('bits'), input: bitmaps, gives: 3n },
  bitmap_or_agg: { call: () => fn.bitmap_count(fn.bitmap_or_agg('bits')), input: bitmaps, gives: 3n },
  bool_and: { call: () => fn.bool_and('flag'), input: flags, gives: false },
  bool_or: { call: () => fn.bool_or('flag'), input: flags, gives: true },
  collect_list: of(() => fn.sort_array(fn.collect_list('x')), [1, 2, 2, 4]),
  collect_set: of(() => fn.sort_array(fn.collect_set('x')), [1, 2, 4]),
  corr: of(() => fn.corr('x', 'y'), 1),
  count: of(() => fn.count('*'), 5n),
  count_distinct: of(() => fn.count_distinct('x', 'y'), 2n),
  countDistinct: of(() => fn.countDistinct('x'), 3n),
  count_if: of(() => fn.count_if(fn.col('x').gt(1)), 3n),
  count_min_sketch: of(() => fn.length(fn.count_min_sketch('x', 0.5, 0.5, 1)), 60),
  covar_pop: of(() => fn.round(fn.covar_pop('x', 'y'), 4), 0.4444),
  covar_samp: of(() => fn.round(fn.covar_samp('x', 'y'), 4), 0.6667),
  every: { call: () => fn.every('flag'), input: flags, gives: false },
  first: of(() => fn.first('x', true), 1),
  first_value: of(() => fn.first_value('x', true), 1),
  grouping: {
    query: async (spark) =>
      (await numbers(spark)).cube('x').agg(fn.grouping('x').as('g')).groupBy().agg(fn.sum('g')),
    gives: 1n,
  },
  grouping_id: {
    query: async (spark) =>
      (await numbers(spark))
        .rollup('x', 'y')
        .agg(fn.grouping_id('x', 'y').as('g'))
        .groupBy()
        .agg(fn.max('g')),
    gives: 3n,
  },
  histogram_numeric: of(
    () =>
      fn.aggregate(
        fn.transform(fn.histogram_numeric('x', 2), (bin) => bin.getField('y')),
        lit(0.5),
        (sum, height) => sum.plus(height),
      ),
    4.5,
  ),
  hll_sketch_agg: of(() => fn.hll_sketch_estimate(fn.hll_sketch_agg('x', 10)), 3n),
  hll_sketch_estimate: {
    call: () => fn.hll_sketch_estimate('sketch').between(95, 105),
    input: sketched,
    gives: true,
  },
  hll_union: {
    call: () => fn.hll_sketch_estimate(fn.hll_union('sketch', 'sketch', true)).between(95, 105),
    input: sketched,
    gives: true,
  },
  hll_union_agg: {
    call: () => fn.hll_sketch_estimate(fn.hll_union_agg('sketch', true)).between(95, 105),
    input: sketched,
    gives: true,
  },
  kurtosis: of(() => fn.round(fn.kurtosis('x'), 4), -0.903),
  last: of(() => fn.last('y'), 8),
  last_value: of(() => fn.last_value('x', true), 4),
  listagg: { call: () => fn.listagg('letter', ', '), input: letters, gives: 'b, b' },
  listagg_distinct: { call: () => fn.listagg_distinct('letter', ', '), input: letters, gives: 'b' },
  max: of(() => fn.max('x'), 4),
  max_by: of(() => fn.max_by('y', 'x'), null),
  mean: of(() => fn.mean('x'), 2.25),
  median: of(() => fn.median('x'), 2),
  min: of(() => fn.min('x'), 1),
  min_by: of(() => fn.min_by('y', 'x'), 2),
  mode: of(() => fn.mode('x', true), 2),
  percentile: of(() => fn.percentile('x', 0.75), 2.5),
  percentile_approx: of(() => fn.percentile_approx('x', 0.5), 2),
  product: of(() => fn.product('x'), 16),
  regr_avgx: of(() => fn.regr_avgx('y', 'x').multiply(3), 5),
  regr_avgy: of(() => fn.regr_avgy('y', 'x').multiply(3), 10),
  regr_count: of(() => fn.regr_count('y', 'x'), 3n),
  regr_intercept: of(() => fn.round(fn.regr_intercept('y', 'x'), 6), 0),
  regr_r2: of(() => fn.regr_r2('y', 'x'), 1),
  regr_slope: of(() => fn.regr_slope('y', 'x'), 2),
  regr_sxx: of(() => fn.round(fn.regr_sxx('y', 'x'), 4), 0.6667),
  regr_sxy: of(() => fn.round(fn.regr_sxy('y', 'x'), 4), 1.3333),
  regr_syy: of(() => fn.round(fn.regr_syy('y', 'x'), 4), 2.6667),
  schema_of_variant_agg: of(
    () => fn.schema_of_variant_agg(fn.parse_json(lit('{"a":1}'))),
    'OBJECT<a: BIGINT>',
  ),
  skewness: of(() => fn.round(fn.skewness('x'), 4), 0.652),
  some: { call: () => fn.some('flag'), input: flags, gives: true },
  std: of(() => fn.round(fn.std('x'), 4), 1.2583),
  stddev: of(() => fn.round(fn.stddev('x'), 4), 1.2583),
  stddev_pop: of(() => fn.round(fn.stddev_pop('x'), 4), 1.0897),
  stddev_samp: of(() => fn.round(fn.stddev_samp('x'), 4), 1.2583),
  string_agg: { call: () => fn.string_agg('letter'), input: letters, gives: 'bb' },
  string_agg_distinct: { call: () => fn.string_agg_distinct('letter'), input: letters, gives: 'b' },
  sum: of(() => fn.sum('x'), 9n),
  sum_distinct: of(() => fn.sum_distinct('x'), 7n),
  try_avg: of(() => fn.try_avg('x'), 2.25),
  try_sum: of(() => fn.try_sum(lit(2n ** 62n)), null),
  var_pop: of(() => fn.round(fn.var_pop('x'), 4), 1.1875),
  var_samp: of(() => fn.round(fn.var_samp('x'), 4), 1.5833),
  variance: of(() => fn.round(fn.variance('x'), 4), 1.5833),
};
