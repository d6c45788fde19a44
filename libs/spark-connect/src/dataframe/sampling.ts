import { randomBytes } from 'node:crypto';
import { int64Argument } from '../plan/integer-argument';

/** How rows are chosen at random. */
export interface SampleOptions {
  /** The same seed chooses the same rows of the same input. Drawn at random on this side if left out, so that a plan is always repeatable. */
  readonly seed?: number | bigint | undefined;
  /** Whether a row can be chosen more than once. */
  readonly withReplacement?: boolean | undefined;
}

/** The seed, or a random one. */
export function seedOf(seed: number | bigint | undefined): bigint {
  return seed === undefined ? randomBytes(8).readBigInt64LE() : int64Argument('seed', seed);
}

/**
 * The shares of rows that weights stand for, one after the other between 0 and 1.
 * @throws RangeError for weights below zero, or none above it.
 */
export function rangesOf(weights: readonly number[]): { readonly from: number; readonly to: number }[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (weights.some((weight) => !(weight >= 0)) || !(total > 0)) {
    throw new RangeError('the weights of a split are not negative, and at least one is positive');
  }
  let sum = 0;
  return weights.map((weight) => {
    const from = sum / total;
    sum += weight;
    return { from, to: sum / total };
  });
}
