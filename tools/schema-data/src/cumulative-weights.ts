/** Places with weights: a place is found by a number from 0 to 1, its share of them being its share of the weights. */
export class CumulativeWeights {
  private readonly sums: Float64Array;
  private readonly total: number;
  /** The last place that has a weight: rounding never leads behind it. */
  private readonly last: number;

  /** @param weights none below 0, one above. */
  constructor(weights: ArrayLike<number>) {
    this.sums = new Float64Array(weights.length);
    let sum = 0;
    let last = 0;
    for (let index = 0; index < weights.length; index++) {
      const weight = weights[index] ?? 0;
      if (weight > 0) last = index;
      this.sums[index] = sum += weight;
    }
    this.total = sum;
    this.last = last;
  }

  /** The place that holds `u`, 0 to below 1. A place without a weight is never found. */
  indexAt(u: number): number {
    const wanted = u * this.total;
    let low = 0;
    let high = this.last;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.sums[middle] ?? 0) > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Values with weights, each found by a number from 0 to 1. */
export class WeightedValues<T> {
  private readonly weights: CumulativeWeights;

  constructor(
    private readonly values: readonly T[],
    weights: readonly number[],
  ) {
    this.weights = new CumulativeWeights(weights);
  }

  at(u: number): T {
    // The place is one of those that the constructor was given.
    return this.values[this.weights.indexAt(u)] as T;
  }
}
