import { ArrayType, DateType, DecimalType, LongType, ShortType } from '../../types/data-type';
import * as F from '../functions';
import type { LiveTable, LiveCase } from './live-case';

const { lit, typedlit } = F;

/** `id` is 1, NULL and 2: the order it comes in is the result. */
function sorted(order: () => ReturnType<typeof F.asc>, ids: readonly (bigint | null)[]): LiveCase {
  return {
    query: (spark) =>
      spark
        .range(3)
        .select(F.when(F.col('id').neq(1), F.col('id').divide(2).plus(1).cast(LongType)).as('id'))
        .orderBy(order())
        .agg(F.to_json(F.collect_list(F.coalesce('id', lit(0)))).as('ids')),
    gives: `[${ids.map((id) => String(id ?? 0)).join(',')}]`,
  };
}

/** Columns, literals, conditions, NULL handling, the session's surroundings. */
export const general: LiveTable = {
  col: { call: () => F.col('id'), gives: 0n },
  column: { call: () => F.column('id'), gives: 0n },
  expr: { call: () => F.expr('id + 1'), gives: 1n },
  lit: { call: () => lit([new Map([['a', 0.5]])]), gives: [new Map([['a', 0.5]])] },
  typedlit: {
    call: () => [
      typedlit(1, ShortType).as('short'),
      typedlit('2026-01-31', DateType).as('date'),
      typedlit('12.50', new DecimalType(10, 2)).as('decimal'),
    ],
    rows: [{ short: 1, date: '2026-01-31', decimal: '12.50' }],
  },
  typedLit: { call: () => F.typedLit([], new ArrayType(LongType)), gives: [] },
  call_function: { call: () => F.call_function('upper', lit('a')), gives: 'A' },
  call_udf: { call: () => F.call_udf('upper', lit('a')), gives: 'A' },
  broadcast: {
    query: (spark) => spark.range(3).join(F.broadcast(spark.range(2)), 'id'),
    rows: [{ id: 0n }, { id: 1n }],
  },
  asc: sorted(() => F.asc('id'), [null, 1n, 2n]),
  asc_nulls_first: sorted(() => F.asc_nulls_first('id'), [null, 1n, 2n]),
  asc_nulls_last: sorted(() => F.asc_nulls_last('id'), [1n, 2n, null]),
  desc: sorted(() => F.desc('id'), [2n, 1n, null]),
  desc_nulls_first: sorted(() => F.desc_nulls_first('id'), [null, 2n, 1n]),
  desc_nulls_last: sorted(() => F.desc_nulls_last('id'), [2n, 1n, null]),

  when: {
    call: () => F.when(F.col('id').gt(0), 'a').when(F.col('id').eq(0), 'b').otherwise('c'),
    gives: 'b',
  },
  not: { call: () => F.not(lit(true)), gives: false },
  isnull: { call: () => F.isnull(lit(null)), gives: true },
  isnotnull: { call: () => F.isnotnull(lit(null)), gives: false },
  isnan: { call: () => F.isnan(lit(Number.NaN)), gives: true },
  coalesce: { call: () => F.coalesce(lit(null), lit(1)), gives: 1 },
  ifnull: { call: () => F.ifnull(lit(null), lit(1)), gives: 1 },
  nvl: { call: () => F.nvl(lit(null), lit(1)), gives: 1 },
  nvl2: { call: () => F.nvl2(lit(null), lit(1), lit(2)), gives: 2 },
  nanvl: { call: () => F.nanvl(lit(Number.NaN), lit(0.5)), gives: 0.5 },
  nullif: { call: () => F.nullif(lit(1), lit(1)), gives: null },
  nullifzero: { call: () => F.nullifzero(lit(0)), gives: null },
  zeroifnull: { call: () => F.zeroifnull(lit(null).cast('int')), gives: 0 },
  equal_null: { call: () => F.equal_null(lit(null), lit(null)), gives: true },
  greatest: { call: () => F.greatest(lit(1), lit(null), lit(3)), gives: 3 },
  least: { call: () => F.least(lit(1), lit(null), lit(3)), gives: 1 },

  assert_true: { call: () => F.assert_true(lit(false), lit('no')), error: 'USER_RAISED_EXCEPTION' },
  raise_error: { call: () => F.raise_error(lit('no')), error: 'USER_RAISED_EXCEPTION' },
  current_catalog: { call: () => F.current_catalog(), gives: 'spark_catalog' },
  current_database: { call: () => F.current_database(), gives: 'default' },
  current_schema: { call: () => F.current_schema(), gives: 'default' },
  current_user: { call: () => F.current_user(), type: 'STRING' },
  session_user: { call: () => F.session_user(), type: 'STRING' },
  user: { call: () => F.user(), type: 'STRING' },
  input_file_block_length: { call: () => F.input_file_block_length(), gives: -1n },
  input_file_block_start: { call: () => F.input_file_block_start(), gives: -1n },
  input_file_name: { call: () => F.input_file_name(), gives: '' },
  spark_partition_id: { call: () => F.spark_partition_id(), type: 'INT' },
  monotonically_increasing_id: { call: () => F.monotonically_increasing_id(), type: 'BIGINT' },
  version: { call: () => F.version(), type: 'STRING' },
  typeof: { call: () => F.typeof(lit([1])), gives: 'array<int>' },
  unwrap_udt: {
    call: () => F.unwrap_udt(vector()),
    gives: { type: 1, size: null, indices: null, values: [1, 2] },
  },
  reflect: { call: () => F.reflect(lit('java.lang.Math'), lit('abs'), lit(-1)), gives: '1' },
  java_method: { call: () => F.java_method(lit('java.lang.Math'), lit('abs'), lit(-1)), gives: '1' },
  try_reflect: {
    call: () => F.try_reflect(lit('java.util.UUID'), lit('fromString'), lit('none')),
    gives: null,
  },
};

/** A value of a user-defined type: the server has those of its machine learning. */
function vector() {
  const type = { type: 'udt', class: 'org.apache.spark.ml.linalg.VectorUDT', pyClass: null, sqlType: 'null' };
  const schema = { type: 'struct', fields: [{ name: 'v', type, nullable: true, metadata: {} }] };
  return F.from_json(lit('{"v":{"type":1,"values":[1,2]}}'), JSON.stringify(schema)).getField('v');
}
