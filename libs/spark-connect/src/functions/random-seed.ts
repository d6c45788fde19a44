import { randomBytes, randomInt } from 'node:crypto';

/** A seed for a function that was given none: chosen here, so that the same plan gives the same result each time it runs. */
export function randomSeed(): number {
  return randomInt(2 ** 31);
}

/** As {@link randomSeed}, of all 64 bits: for values that must not meet again in another plan, such as those of `uuid`. */
export function randomLongSeed(): bigint {
  return randomBytes(8).readBigInt64LE();
}
