const BIGINT_LIMIT = 2 ** 63;

/**
 * Refuses a whole number that may stand for a BIGINT and has lost digits on its way into a `number`. Beyond the range of BIGINT it can
 * only be a DOUBLE.
 * @param place - where the number stands, put before the sentence.
 */
export function refuseUnsafeWhole(value: number, place = ''): void {
  const isExact = !Number.isInteger(value) || Number.isSafeInteger(value);
  if (isExact || value < -BIGINT_LIMIT || value >= BIGINT_LIMIT) return;
  throw new RangeError(
    `${place}the whole number ${String(value)} is too large to be exact: use a bigint (2n ** 60n), or give the type DOUBLE (typedlit(value, DoubleType), or a schema)`,
  );
}
