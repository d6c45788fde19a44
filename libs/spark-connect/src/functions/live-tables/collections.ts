import type { SparkSession } from '../../session/spark-session';
import * as fn from '../functions';
import type { LiveTable } from './live-case';

const { lit } = fn;

const ints = (...values: readonly (number | null)[]) => fn.array(...values.map((value) => lit(value)));
const rows = (spark: SparkSession) => spark.sql("SELECT array('a', 'b') AS e, map('k', 1, 'l', 2) AS f");

/** Functions over arrays, maps and structs, and those that make rows of them. */
export const collections: LiveTable = {
  array: { call: () => ints(1, 2), gives: [1, 2] },
  array_append: { call: () => fn.array_append(ints(1), 2), gives: [1, 2] },
  array_compact: { call: () => fn.array_compact(ints(1, null, 2)), gives: [1, 2] },
  array_contains: { call: () => fn.array_contains('e', 'a'), input: rows, gives: true },
  array_distinct: { call: () => fn.array_distinct(ints(2, 1, 2)), gives: [2, 1] },
  array_except: { call: () => fn.array_except(ints(1, 2, 2), ints(1)), gives: [2] },
  array_insert: { call: () => fn.array_insert('e', 2, 'x'), input: rows, gives: ['a', 'x', 'b'] },
  array_intersect: { call: () => fn.array_intersect(ints(1, 2), ints(2, 3)), gives: [2] },
  array_join: { call: () => fn.array_join(ints(1, null), '-', '?'), gives: '1-?' },
  array_max: { call: () => fn.array_max(ints(1, 3, null)), gives: 3 },
  array_min: { call: () => fn.array_min(ints(1, 3, null)), gives: 1 },
  array_position: { call: () => fn.array_position('e', 'b'), input: rows, gives: 2n },
  array_prepend: { call: () => fn.array_prepend(ints(2), 1), gives: [1, 2] },
  array_remove: { call: () => fn.array_remove(ints(1, 2, 1), 1), gives: [2] },
  array_repeat: { call: () => fn.array_repeat(lit('x'), 2), gives: ['x', 'x'] },
  array_size: { call: () => fn.array_size('e'), input: rows, gives: 2 },
  array_sort: {
    call: () => fn.array_sort(ints(2, 3, 1), (left, right) => right.minus(left)),
    gives: [3, 2, 1],
  },
  array_union: { call: () => fn.array_union(ints(1, 2), ints(2, 3)), gives: [1, 2, 3] },
  arrays_overlap: { call: () => fn.arrays_overlap(ints(1, 2), ints(2, 3)), gives: true },
  arrays_zip: {
    call: () => fn.arrays_zip('e', ints(1).as('n')),
    input: rows,
    gives: [
      { e: 'a', n: 1 },
      { e: 'b', n: null },
    ],
  },
  cardinality: { call: () => fn.cardinality('f'), input: rows, gives: 2 },
  create_map: { call: () => fn.create_map(lit('a'), lit(1)), gives: new Map([['a', 1]]) },
  element_at: { call: () => fn.element_at('e', -1), input: rows, gives: 'b' },
  explode: { call: () => fn.explode('e'), input: rows, rows: [{ col: 'a' }, { col: 'b' }] },
  explode_outer: { call: () => fn.explode_outer(ints()), gives: null },
  flatten: { call: () => fn.flatten(fn.array(ints(1), ints(2, 3))), gives: [1, 2, 3] },
  get: { call: () => fn.get('e', 1), input: rows, gives: 'b' },
  inline: {
    call: () => fn.inline(fn.map_entries('f')),
    input: rows,
    rows: [
      { key: 'k', value: 1 },
      { key: 'l', value: 2 },
    ],
  },
  inline_outer: {
    call: () => fn.inline_outer(fn.array(fn.struct(lit(1).as('x'), lit(2).as('y')))),
    rows: [{ x: 1, y: 2 }],
  },
  map: { call: () => fn.map(lit(1), lit('one')), gives: new Map([[1, 'one']]) },
  map_concat: {
    call: () => fn.map_concat('f', fn.map(lit('m'), lit(3))),
    input: rows,
    gives: new Map([
      ['k', 1],
      ['l', 2],
      ['m', 3],
    ]),
  },
  map_contains_key: { call: () => fn.map_contains_key('f', 'k'), input: rows, gives: true },
  map_entries: { call: () => fn.map_entries(fn.map(lit('a'), lit(1))), gives: [{ key: 'a', value: 1 }] },
  map_from_arrays: {
    call: () => fn.map_from_arrays('e', ints(1, 2)),
    input: rows,
    gives: new Map([
      ['a', 1],
      ['b', 2],
    ]),
  },
  map_from_entries: {
    call: () => fn.map_from_entries(fn.array(fn.struct(lit('a'), lit(1)))),
    gives: new Map([['a', 1]]),
  },
  map_keys: { call: () => fn.sort_array(fn.map_keys('f')), input: rows, gives: ['k', 'l'] },
  map_values: { call: () => fn.sort_array(fn.map_values('f')), input: rows, gives: [1, 2] },
  named_struct: {
    call: () => fn.named_struct(lit('x'), 'e', lit('n'), lit(1)),
    input: rows,
    gives: { x: ['a', 'b'], n: 1 },
  },
  posexplode: {
    call: () => fn.posexplode('e'),
    input: rows,
    rows: [
      { pos: 0, col: 'a' },
      { pos: 1, col: 'b' },
    ],
  },
  posexplode_outer: { call: () => fn.posexplode_outer(ints()), rows: [{ pos: null, col: null }] },
  sequence: { call: () => fn.sequence(lit(5), lit(1), lit(-2)), gives: [5, 3, 1] },
  shuffle: { call: () => fn.sort_array(fn.shuffle(ints(1, 2, 3))), gives: [1, 2, 3] },
  size: { call: () => fn.size('f'), input: rows, gives: 2 },
  slice: { call: () => fn.slice(ints(1, 2, 3), -2, 2), gives: [2, 3] },
  sort_array: { call: () => fn.sort_array(ints(1, 3, 2), false), gives: [3, 2, 1] },
  stack: {
    call: () => fn.stack(2, lit(1), lit('a'), lit(2), lit('b')),
    rows: [
      { col0: 1, col1: 'a' },
      { col0: 2, col1: 'b' },
    ],
  },
  str_to_map: {
    call: () => fn.str_to_map(lit('a=1;b=2'), ';', '='),
    gives: new Map([
      ['a', '1'],
      ['b', '2'],
    ]),
  },
  struct: { call: () => fn.struct('e', lit(1).as('n')), input: rows, gives: { e: ['a', 'b'], n: 1 } },
  try_element_at: { call: () => fn.try_element_at('e', 3), input: rows, gives: null },
};
