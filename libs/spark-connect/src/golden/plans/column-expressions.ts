import * as fn from '../../functions/functions';
import { LongType } from '../../types/data-type';
import { complex, selects, simple } from '../frames';

const { col, lit } = fn;
const a = col('a');
const b = col('b');
const d = col('d');
const g = col('g');

/** The methods of `Column`, and what a DataFrame does with names. */
export const columnExpressions = {
  ...selects(complex, {
    column_add: a.plus(b),
    column_alias: a.name('b'),
    column_and: a.gt(10).and(b.lt(0.5)),
    column_apply: col('f').apply('super_duper_key'),
    column_as_multi: fn.expr('inline(map_values(f))').as('v1', 'v2', 'v3'),
    column_as_with_metadata: col('e').as('e_mod', { comment: 'modified E field' }),
    column_between: a.between(10, 20),
    column_bitwiseAND: a.bitwiseAND(255),
    column_bitwiseOR: a.bitwiseOR(7),
    column_bitwiseXOR: a.bitwiseXOR(78),
    column_cast: a.cast(LongType),
    column_contains: g.contains('baz'),
    column_divide: a.divide(b),
    column_dropFields: d.dropFields('a', 'c'),
    column_endsWith: g.endsWith('suffix_'),
    column_eqNullSafe: a.eqNullSafe(b),
    column_equals: a.eq(b),
    column_geq: a.geq(b),
    column_getField: d.getField('b'),
    column_getItem: col('e').getItem(3),
    column_gt: a.gt(b),
    // Spark's suite calls `like` in the plans of `ilike` and `rlike`, too.
    column_ilike: g.like('%fOb%'),
    column_isNaN: b.isNaN(),
    column_isNotNull: g.isNotNull(),
    column_isNull: g.isNull(),
    column_isin: g.isin('hello', 'world', 'foo'),
    column_leq: a.leq(b),
    column_like: g.like('%bob%'),
    column_lt: a.lt(b),
    column_modulo: a.mod(10),
    column_multiply: a.multiply(b),
    column_not: lit(true).not(),
    column_not_equals: a.neq(b),
    column_or: a.gt(10).or(b.lt(0.5)),
    column_rlike: g.like('^[0-9]*$'),
    column_star: '*',
    column_star_with_target: 'd.*',
    column_startsWith: g.startsWith('prefix_'),
    column_substr: g.substr(8, 3),
    column_subtract: a.minus(b),
    column_try_cast: a.tryCast(LongType),
    column_unary_minus: lit(1).negate(),
    column_when_otherwise: fn.when(a.lt(10), 'low').when(a.lt(20), 'medium').otherwise('high'),
    column_withField: d.withField('x', lit('xq')),
  }),
  column_asc: () => complex.sort(a.asc()),
  column_asc_nulls_first: () => complex.sort(a.ascNullsFirst()),
  column_asc_nulls_last: () => complex.sort(a.ascNullsLast()),
  column_desc: () => complex.sort(b.desc()),
  column_desc_nulls_first: () => complex.sort(b.descNullsFirst()),
  column_desc_nulls_last: () => complex.sort(b.descNullsLast()),
  alias_string: () => simple.alias('fooz'),
  alias_symbol: () => simple.alias('bob'),
  as_string: () => simple.alias('foo'),
  as_symbol: () => simple.alias('bar'),
  coalesce: () => simple.coalesce(5),
  apply: () => simple.select(simple.col('a')),
  col: () => simple.select(simple.col('id'), simple.col('b')),
  between_expr: () => simple.selectExpr('rand(123) BETWEEN 0.1 AND 0.2'),
};
