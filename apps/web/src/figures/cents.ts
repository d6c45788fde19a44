/**
 * Amounts are added as whole cents, so that a sum is the one that people would write down: doubles that are added
 * gather an error. Exact up to 90 trillion.
 */
export const toCents = (amount: number): number => Math.round(amount * 100);

export const fromCents = (cents: number): number => cents / 100;

/** The sums of amounts of rows, by a key, in the order in which the keys came. */
export function sumsBy<R>(
  rows: readonly R[],
  keyOf: (row: R) => string,
  amountOf: (row: R) => number,
): ReadonlyMap<string, number> {
  const cents = new Map<string, number>();
  for (const row of rows) {
    const key = keyOf(row);
    cents.set(key, (cents.get(key) ?? 0) + toCents(amountOf(row)));
  }
  return new Map([...cents].map(([key, sum]) => [key, fromCents(sum)]));
}
