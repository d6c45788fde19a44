import * as fn from '../../functions/functions';
import { DoubleType, IntegerType, StructType } from '../../types/data-type';
import { SIMPLE, complex, frameOf, session, simple } from '../frames';

const { array, col, expr, inline, lit, struct } = fn;

const pair = struct('id', 'a');
const otherPair = struct('a', 'b');

export const transformations = {
  range: () => session.range(1, 10, 1, 2),

  select: () => simple.select(col('id')),
  select_strings: () => simple.select('id', 'a'),
  select_collated_string: () => frameOf('struct<s:string collate UTF8_LCASE>').select('s'),
  // Scala's typed selections say which object a row becomes; their plans are plain selections.
  'select_typed_1-arg': () => simple.select(inline(array(pair))),
  'select_typed_2-arg': () => simple.select(pair, otherPair),
  'select_typed_3-arg': () => simple.select(pair, otherPair, pair),
  'select_typed_4-arg': () => simple.select(pair, pair, pair, pair),
  'select_typed_5-arg': () => simple.select(pair, otherPair, pair, pair, otherPair),
  selectExpr: () => simple.selectExpr('a + 10 as x', 'id % 10 as grp'),
  // The regular expression is a column of another DataFrame there, too.
  colRegex: () => simple.select(frameOf(SIMPLE).colRegex('`a|id`')),
  toJSON: () => complex.toJSON(),
  to: () => simple.to(new StructType().add('b', DoubleType).add('id', IntegerType)),
  toDF: () => simple.toDF('x1', 'x2', 'x3'),

  withColumn_single: () => simple.withColumn('z', expr('a + 100')),
  withColumns_scala_map: () => simple.withColumns({ b: lit('redacted'), z: expr('a + 100') }),
  withColumns_java_map: () => simple.withColumns({ a: lit('123'), g: col('id') }),
  withColumnRenamed_single: () => simple.withColumnRenamed('id', 'nid'),
  withColumnRenamed_scala_map: () => simple.withColumnsRenamed({ a: 'alpha', b: 'beta' }),
  withColumnRenamed_java_map: () => simple.withColumnsRenamed({ b: 'bravo', id: 'nid' }),
  withMetadata: () => simple.withMetadata('id', { description: 'unique identifier' }),
  drop_single_string: () => simple.drop('a'),
  drop_multiple_strings: () => simple.drop('id', 'a', 'b'),
  drop_single_column: () => simple.drop(col('b')),
  drop_multiple_column: () => simple.drop(col('b'), col('id')),

  filter: () => simple.filter(col('id').eq(10n)),
  filter_expr: () => simple.filter('exp(a) < 10.0'),
  where_column: () => simple.where(col('id').eq(1n)),
  where_expr: () => simple.where('a + id < 1000'),
  distinct: () => simple.distinct(),
  dropDuplicates: () => simple.dropDuplicates(),
  dropDuplicates_names_array: () => simple.dropDuplicates('a', 'id'),
  dropDuplicates_names_seq: () => simple.dropDuplicates(...['a', 'b']),
  dropDuplicates_varargs: () => simple.dropDuplicates('a', 'b', 'id'),
  orderBy_columns: () => simple.orderBy(col('id'), col('b'), col('a')),
  orderBy_strings: () => simple.orderBy('b', 'id', 'a'),
  sort_columns: () => simple.sort(col('id'), col('b')),
  sort_strings: () => simple.sort('b', 'a'),
  sortWithinPartitions_columns: () => simple.sortWithinPartitions(col('id'), col('b')),
  sortWithinPartitions_strings: () => simple.sortWithinPartitions('a', 'id'),
  limit: () => simple.limit(10),
  offset: () => simple.offset(1000),
  sample_fraction_seed: () => simple.sample(0.43, { seed: 9890823n }),
  sample_withReplacement_fraction_seed: () => simple.sample(0.23, { withReplacement: true, seed: 898 }),
  hint: () => simple.hint('coalesce', 100),

  repartition: () => simple.repartition(24),
  repartition_expressions: () => simple.repartition(col('id'), 'b'),
  repartition_num_partitions_expressions: () => simple.repartition(22, 'a', col('id')),
  repartitionByRange_expressions: () => simple.repartitionByRange('a', col('id').descNullsFirst()),
  repartitionByRange_num_partitions_expressions: () =>
    simple.repartitionByRange(33, 'b', col('id').descNullsFirst()),
};
