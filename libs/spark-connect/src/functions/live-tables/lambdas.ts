import * as fn from '../functions';
import type { LiveTable } from './live-case';

const { lit } = fn;

const ints = (...values: readonly number[]) => fn.array(...values.map((value) => lit(value)));
const prices = () => fn.map(lit('a'), lit(1), lit('b'), lit(2));

/** Functions that take functions. */
export const lambdas: LiveTable = {
  aggregate: {
    call: () =>
      fn.aggregate(
        ints(1, 2, 3),
        lit(0),
        (sum, value) => sum.plus(value),
        (sum) => sum.multiply(10),
      ),
    gives: 60,
  },
  exists: { call: () => fn.exists(ints(1, 2), (value) => value.gt(1)), gives: true },
  filter: {
    call: () => fn.filter(ints(5, 6, 7), (value, index) => value.gt(5).and(index.lt(2))),
    gives: [6],
  },
  forall: { call: () => fn.forall(ints(1, 2), (value) => value.gt(1)), gives: false },
  map_filter: {
    call: () => fn.map_filter(prices(), (_name, price) => price.gt(1)),
    gives: new Map([['b', 2]]),
  },
  map_zip_with: {
    call: () =>
      fn.map_zip_with(prices(), fn.map(lit('b'), lit(5)), (_name, left, right) => fn.coalesce(right, left)),
    gives: new Map([
      ['a', 1],
      ['b', 5],
    ]),
  },
  reduce: { call: () => fn.reduce(ints(1, 2, 3), lit(0), (sum, value) => sum.plus(value)), gives: 6 },
  transform: {
    // A lambda within a lambda that uses the variables of both.
    call: () =>
      fn.transform(ints(1, 2), (value, index) =>
        fn.transform(ints(10, 20), (other) => other.plus(value).minus(index)),
      ),
    gives: [
      [11, 21],
      [11, 21],
    ],
  },
  transform_keys: {
    call: () => fn.transform_keys(prices(), (name) => fn.upper(name)),
    gives: new Map([
      ['A', 1],
      ['B', 2],
    ]),
  },
  transform_values: {
    call: () => fn.transform_values(prices(), (_name, price) => price.negate()),
    gives: new Map([
      ['a', -1],
      ['b', -2],
    ]),
  },
  zip_with: {
    call: () => fn.zip_with(ints(1, 2), ints(3, 4), (left, right) => left.multiply(right)),
    gives: [3, 8],
  },
};
