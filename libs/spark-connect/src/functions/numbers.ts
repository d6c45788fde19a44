import type { Column } from './column';
import { callFunction, callWith, type ColumnOrName } from './core';

/** Rounds half up to `scale` digits behind the point. */
export function round(column: ColumnOrName, scale = 0): Column {
  return callWith('round', [column], [scale]);
}

export function abs(column: ColumnOrName): Column {
  return callFunction('abs', column);
}

export function floor(column: ColumnOrName): Column {
  return callFunction('floor', column);
}

export function ceil(column: ColumnOrName): Column {
  return callFunction('ceil', column);
}

export function sqrt(column: ColumnOrName): Column {
  return callFunction('sqrt', column);
}

export function pow(base: ColumnOrName, exponent: ColumnOrName): Column {
  return callFunction('power', base, exponent);
}

/** The greatest of several columns in a row, NULLs ignored. */
export function greatest(...columns: readonly [ColumnOrName, ColumnOrName, ...ColumnOrName[]]): Column {
  return callFunction('greatest', ...columns);
}

export function least(...columns: readonly [ColumnOrName, ColumnOrName, ...ColumnOrName[]]): Column {
  return callFunction('least', ...columns);
}

/** NULL instead of an error when the divisor is 0. */
export function tryDivide(dividend: ColumnOrName, divisor: ColumnOrName): Column {
  return callFunction('try_divide', dividend, divisor);
}

/** Uniform in [0, 1). */
export function rand(seed: number): Column {
  return callWith('rand', [], [seed]);
}

/** Unique and increasing within a partition, not consecutive. */
export function monotonicallyIncreasingId(): Column {
  return callFunction('monotonically_increasing_id');
}
