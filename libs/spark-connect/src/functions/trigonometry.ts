// Mirrors org.apache.spark.sql.functions: mathematical functions of angles.
import { double } from './arguments';
import { call, type ColumnOrName } from './call';
import type { Column } from './column';

// All give DOUBLE, take and give angles in radians, and NaN outside of a function's domain.

/** The angle of a cosine; NaN outside of -1 to 1. */
export function acos(column: ColumnOrName): Column {
  return call('acos', column);
}

/** The inverse hyperbolic cosine; NaN below 1. */
export function acosh(column: ColumnOrName): Column {
  return call('acosh', column);
}

/** The angle of a sine; NaN outside of -1 to 1. */
export function asin(column: ColumnOrName): Column {
  return call('asin', column);
}

/** The inverse hyperbolic sine. */
export function asinh(column: ColumnOrName): Column {
  return call('asinh', column);
}

/** The angle of a tangent. */
export function atan(column: ColumnOrName): Column {
  return call('atan', column);
}

/** The angle, in radians from -π to π, of the point (x, y): note that `y` comes first. A `number` is a DOUBLE literal. */
export function atan2(y: ColumnOrName | number, x: ColumnOrName | number): Column {
  return call('atan2', double(y), double(x));
}

/** The inverse hyperbolic tangent; NaN outside of -1 to 1. */
export function atanh(column: ColumnOrName): Column {
  return call('atanh', column);
}

/** The cosine of an angle in radians. */
export function cos(column: ColumnOrName): Column {
  return call('cos', column);
}

/** The hyperbolic cosine. */
export function cosh(column: ColumnOrName): Column {
  return call('cosh', column);
}

/** The cotangent of an angle in radians. */
export function cot(column: ColumnOrName): Column {
  return call('cot', column);
}

/** The cosecant (1 / sine) of an angle in radians. */
export function csc(column: ColumnOrName): Column {
  return call('csc', column);
}

/** Radians in degrees. */
export function degrees(column: ColumnOrName): Column {
  return call('degrees', column);
}

/** π. */
export function pi(): Column {
  return call('pi');
}

/** Degrees in radians. */
export function radians(column: ColumnOrName): Column {
  return call('radians', column);
}

/** The secant (1 / cosine) of an angle in radians. */
export function sec(column: ColumnOrName): Column {
  return call('sec', column);
}

/** The sine of an angle in radians. */
export function sin(column: ColumnOrName): Column {
  return call('sin', column);
}

/** The hyperbolic sine. */
export function sinh(column: ColumnOrName): Column {
  return call('sinh', column);
}

/** The tangent of an angle in radians. */
export function tan(column: ColumnOrName): Column {
  return call('tan', column);
}

/** The hyperbolic tangent. */
export function tanh(column: ColumnOrName): Column {
  return call('tanh', column);
}
