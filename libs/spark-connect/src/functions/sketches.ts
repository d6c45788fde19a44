// Mirrors org.apache.spark.sql.functions: aggregate functions that estimate, and bitmaps.
import { call, callWith, type ColumnOrName } from './call';
import type { Column } from './column';
import { randomSeed } from './random-seed';

/** About how many distinct values. @param relativeStandardDeviation - accuracy of the sketch; the server's default is 0.05. */
export function approx_count_distinct(column: ColumnOrName, relativeStandardDeviation?: number): Column {
  return callWith('approx_count_distinct', [column], [relativeStandardDeviation]);
}

/**
 * A count-min sketch of how often each value occurs, as bytes.
 * @param eps - relative error, above 0.
 * @param confidence - above 0, below 1.
 * @param seed - a random one by default.
 */
export function count_min_sketch(
  column: ColumnOrName,
  eps: Column | number,
  confidence: Column | number,
  seed: Column | number = randomSeed(),
): Column {
  return callWith('count_min_sketch', [column], [eps, confidence, seed]);
}

/** A HyperLogLog sketch of the distinct values, as bytes. @param lgConfigK - log2 of its size, 4 to 21; the server's default is 12. */
export function hll_sketch_agg(column: ColumnOrName, lgConfigK?: Column | number): Column {
  return callWith('hll_sketch_agg', [column], [lgConfigK]);
}

/** One sketch of a group of sketches. @param allowDifferentLgConfigK - else sketches of different sizes are an error. */
export function hll_union_agg(column: ColumnOrName, allowDifferentLgConfigK?: Column | boolean): Column {
  return callWith('hll_union_agg', [column], [allowDifferentLgConfigK]);
}

/** One sketch of two. @param allowDifferentLgConfigK - else sketches of different sizes are an error. */
export function hll_union(
  sketch1: ColumnOrName,
  sketch2: ColumnOrName,
  allowDifferentLgConfigK?: boolean,
): Column {
  return callWith('hll_union', [sketch1, sketch2], [allowDifferentLgConfigK]);
}

/** About how many distinct values a HyperLogLog sketch has seen. */
export function hll_sketch_estimate(sketch: ColumnOrName): Column {
  return call('hll_sketch_estimate', sketch);
}

/** The bucket of a number, 32768 numbers a bucket: 1 is the bucket of 1 to 32768. */
export function bitmap_bucket_number(column: ColumnOrName): Column {
  return call('bitmap_bucket_number', column);
}

/** The bit of a number within its bucket, from 0. */
export function bitmap_bit_position(column: ColumnOrName): Column {
  return call('bitmap_bit_position', column);
}

/** A bitmap of 4096 bytes with the bits of `bitmap_bit_position` set. */
export function bitmap_construct_agg(column: ColumnOrName): Column {
  return call('bitmap_construct_agg', column);
}

/** The bitwise OR of the bitmaps of a group. */
export function bitmap_or_agg(column: ColumnOrName): Column {
  return call('bitmap_or_agg', column);
}

/** How many bits of a bitmap are set. */
export function bitmap_count(column: ColumnOrName): Column {
  return call('bitmap_count', column);
}
