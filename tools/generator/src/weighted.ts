import type { Random } from './random';

/** Values with their weights; the weights need not add up to 1. */
export class Weighted<T> {
  private readonly values: readonly T[];
  private readonly bounds: readonly number[];

  constructor(weights: Iterable<readonly [T, number]>) {
    const kept = [...weights].filter(([, weight]) => weight > 0);
    const total = kept.reduce((sum, [, weight]) => sum + weight, 0);
    let sum = 0;
    this.values = kept.map(([value]) => value);
    this.bounds = kept.map(([, weight]) => (sum += weight / total));
  }

  /** The value whose share of [0, 1) holds `u`: with `u` uniform, values come in proportion to their weights. */
  at(u: number): T {
    const { bounds, values } = this;
    const last = values.length - 1;
    let index = 0;
    // A linear walk: no list here is longer than ten, and the heavy values mostly stand first.
    while (index < last && u >= (bounds[index] ?? 1)) index++;
    const value = values[index];
    if (value === undefined) throw new Error('Cannot pick from an empty list');
    return value;
  }

  pick(random: Random): T {
    return this.at(random.next());
  }
}

/** Weights of the members of a record, in the order they are written. */
export function weighted<K extends string>(weights: Readonly<Record<K, number>>): Weighted<K> {
  return new Weighted(Object.entries(weights) as [K, number][]);
}
