// Mirrors org.apache.spark.sql.functions: random values.
import { LongType } from '../types/data-type';
import { call, callWith } from './call';
import type { Column } from './column';
import { typedlit } from './core';
import { randomLongSeed } from './random-seed';

/**
 * A DOUBLE from 0 to below 1. Without a seed one is drawn here, so that one plan gives the same numbers each time it runs (over the same
 * partitions).
 */
export function rand(seed: number | bigint = randomLongSeed()): Column {
  return call('rand', typedlit(seed, LongType));
}

/** A DOUBLE of the standard normal distribution; without a seed one is drawn here. */
export function randn(seed: number | bigint = randomLongSeed()): Column {
  return call('randn', typedlit(seed, LongType));
}

/** As {@link rand}; the seed must be a constant. */
export function random(seed: Column | number | bigint = randomLongSeed()): Column {
  return callWith('random', [], [seed]);
}

/** A random number from `min` to below `max`, of their type; all three must be constants. Without a seed one is drawn here. */
export function uniform(
  min: Column | number | bigint,
  max: Column | number | bigint,
  seed: Column | number | bigint = randomLongSeed(),
): Column {
  return callWith('uniform', [], [min, max, seed]);
}

/** A random text of this many characters of 0-9, a-z, A-Z; both must be constants. Without a seed one is drawn here. */
export function randstr(length: Column | number, seed: Column | number | bigint = randomLongSeed()): Column {
  return callWith('randstr', [], [length, seed]);
}

/** A random UUID (version 4) as text, another one in each row; its seed is drawn here. */
export function uuid(): Column {
  return callWith('uuid', [], [randomLongSeed()]);
}
