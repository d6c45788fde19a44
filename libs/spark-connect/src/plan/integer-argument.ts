// Refused here an argument is named; serialising the plan could only say that some field of some message does not fit.

/**
 * The value of a parameter that travels in 32 bits.
 * @throws TypeError for what is no number, RangeError for a fraction or a number of more bits; both name the parameter.
 */
export function int32Argument(name: string, value: number): number {
  if (typeof value !== 'number') throw new TypeError(`${name} is a ${typeof value}, not a number`);
  if ((value | 0) === value) return value;
  throw new RangeError(`${name} is a whole number of 32 bits, not ${String(value)}`);
}

/** As {@link int32Argument}, of 64 bits, which may be a bigint. */
export function int64Argument(name: string, value: number | bigint): bigint {
  if (typeof value !== 'number' && typeof value !== 'bigint') {
    throw new TypeError(`${name} is a ${typeof value}, not a number or bigint`);
  }
  if (typeof value === 'bigint' ? BigInt.asIntN(64, value) === value : Number.isSafeInteger(value)) {
    return BigInt(value);
  }
  throw new RangeError(
    `${name} is a bigint of 64 bits or a whole number that is exact, not ${String(value)}`,
  );
}
