// Mirrors org.apache.spark.sql.functions: mathematical functions.
import { double, numeric, type ColumnOrNumber } from './arguments';
import { call, callWith, type ColumnOrName } from './call';
import type { Column } from './column';

/** The absolute value; that of the smallest integer is an error under ANSI mode. */
export function abs(column: ColumnOrName): Column {
  return call('abs', column);
}

/** The number with its sign turned. */
export function negate(column: ColumnOrName): Column {
  return call('negative', column);
}

/** The number with its sign turned. */
export function negative(column: ColumnOrName): Column {
  return call('negative', column);
}

/** The number itself. */
export function positive(column: ColumnOrName): Column {
  return call('positive', column);
}

/** -1, 0 or 1 as DOUBLE. */
export function sign(column: ColumnOrName): Column {
  return call('sign', column);
}

/** -1, 0 or 1 as DOUBLE. */
export function signum(column: ColumnOrName): Column {
  return call('signum', column);
}

/** The square root as DOUBLE; NaN for negative numbers. */
export function sqrt(column: ColumnOrName): Column {
  return call('sqrt', column);
}

/** The cube root as DOUBLE. */
export function cbrt(column: ColumnOrName): Column {
  return call('cbrt', column);
}

/** `base` to the power of `exponent` as DOUBLE; a `number` is a DOUBLE literal. */
export function pow(base: ColumnOrName | number, exponent: ColumnOrName | number): Column {
  return call('power', double(base), double(exponent));
}

/** `base` to the power of `exponent` as DOUBLE. */
export function power(base: ColumnOrName, exponent: ColumnOrName): Column {
  return call('power', base, exponent);
}

/** The square root of `a² + b²` without overflow in between; a `number` is a DOUBLE literal. */
export function hypot(a: ColumnOrName | number, b: ColumnOrName | number): Column {
  return call('hypot', double(a), double(b));
}

/** e to the power of the column. */
export function exp(column: ColumnOrName): Column {
  return call('exp', column);
}

/** `exp(x) - 1`, exact near 0. */
export function expm1(column: ColumnOrName): Column {
  return call('expm1', column);
}

/** The natural logarithm; NULL for numbers that are not positive. */
export function ln(column: ColumnOrName): Column {
  return call('ln', column);
}

/** `log(column)` is the natural logarithm, `log(base, column)` that of another base; NULL for numbers that are not positive. */
export function log(column: ColumnOrName): Column;
export function log(base: number, column: ColumnOrName): Column;
export function log(baseOrColumn: ColumnOrName | number, column?: ColumnOrName): Column {
  if (column !== undefined) return call('log', double(baseOrColumn), column);
  return call('ln', double(baseOrColumn));
}

/** The logarithm of base 10; NULL for numbers that are not positive. */
export function log10(column: ColumnOrName): Column {
  return call('log10', column);
}

/** `ln(x + 1)`, exact near 0; NULL for numbers up to -1. */
export function log1p(column: ColumnOrName): Column {
  return call('log1p', column);
}

/** The logarithm of base 2; NULL for numbers that are not positive. */
export function log2(column: ColumnOrName): Column {
  return call('log2', column);
}

/** Euler's number. */
export function e(): Column {
  return call('e');
}

/** The factorial of 0 to 20 as BIGINT, NULL for other numbers. */
export function factorial(column: ColumnOrName): Column {
  return call('factorial', column);
}

/** The remainder with the sign of the divisor: `pmod(-7, 3)` is 2. Division by 0 is an error under ANSI mode. */
export function pmod(dividend: ColumnOrName, divisor: ColumnOrName): Column {
  return call('pmod', dividend, divisor);
}

/** The number of the one of `buckets` equal parts of `min` to `max` a value is in, from 1; 0 below, `buckets + 1` above. */
export function width_bucket(
  value: ColumnOrName,
  min: ColumnOrName,
  max: ColumnOrName,
  buckets: ColumnOrNumber,
): Column {
  return call('width_bucket', value, min, max, numeric(buckets));
}

/** The digits of a number between bases 2 to 36; a negative `toBase` gives a signed result. NULL for NULL. */
export function conv(column: ColumnOrName, fromBase: number, toBase: number): Column {
  return callWith('conv', [column], [fromBase, toBase]);
}

/** The sum; NULL on overflow. Works on dates and intervals, too. */
export function try_add(left: ColumnOrName, right: ColumnOrName): Column {
  return call('try_add', left, right);
}

/** The difference; NULL on overflow. */
export function try_subtract(left: ColumnOrName, right: ColumnOrName): Column {
  return call('try_subtract', left, right);
}

/** The product; NULL on overflow. */
export function try_multiply(left: ColumnOrName, right: ColumnOrName): Column {
  return call('try_multiply', left, right);
}

/** The quotient, always a fraction; NULL when the divisor is 0. */
export function try_divide(dividend: ColumnOrName, divisor: ColumnOrName): Column {
  return call('try_divide', dividend, divisor);
}

/** The remainder; NULL when the divisor is 0. */
export function try_mod(dividend: ColumnOrName, divisor: ColumnOrName): Column {
  return call('try_mod', dividend, divisor);
}
