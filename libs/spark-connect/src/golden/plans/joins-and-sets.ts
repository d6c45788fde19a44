import { broadcast, col } from '../../functions/functions';
import { SIMPLE, frameOf, left, right, simple } from '../frames';

/** A second frame like `simple`: Spark's plans have two, each with a plan id of its own. */
const another = frameOf(SIMPLE);

export const joinsAndSets = {
  crossJoin: () => left.crossJoin(right),
  join_condition: () => left.as('l').join(right.as('r'), col('l.id').eq(col('r.id')), 'left_anti'),
  join_inner_condition: () => left.as('l').join(right.as('r'), col('l.a').eq(col('r.a'))),
  join_inner_no_condition: () => left.join(right),
  join_inner_using_single_col: () => left.join(right, 'id'),
  join_inner_using_multiple_col_array: () => left.join(right, ['id', 'a']),
  join_inner_using_multiple_col_seq: () => left.join(right, ['id', 'a'], 'inner'),
  join_using_single_col: () => left.join(right, 'id', 'leftSemi'),
  join_using_multiple_col_array: () => left.join(right, ['id', 'a'], 'full'),
  join_using_multiple_col_seq: () => left.join(right, ['id', 'a'], 'right_outer'),
  test_broadcast: () => left.join(broadcast(right), 'id'),

  union: () => simple.union(another),
  unionAll: () => simple.unionAll(another),
  unionByName: () => simple.drop('b').unionByName(right.drop('payload')),
  unionByName_allowMissingColumns: () => simple.unionByName(right, true),
  intersect: () => simple.intersect(another),
  intersectAll: () => simple.intersectAll(another),
  except: () => simple.except(another),
  exceptAll: () => simple.exceptAll(another),
};
