// Mirrors org.apache.spark.sql.functions: mathematical functions that round.
import { present, type ColumnOrNumber } from './arguments';
import { call, callWith, toColumn, type ColumnOrName } from './call';
import type { Column } from './column';

/** Rounds half up (away from 0) to `scale` digits behind the point, before it where negative. */
export function round(column: ColumnOrName, scale: Column | number = 0): Column {
  return callWith('round', [column], [scale]);
}

/** Rounds half to the even digit, at `scale` digits behind the point, before it where negative. */
export function bround(column: ColumnOrName, scale: Column | number = 0): Column {
  return callWith('bround', [column], [scale]);
}

/** The nearest whole number as DOUBLE, half to the even one. */
export function rint(column: ColumnOrName): Column {
  return call('rint', column);
}

/** The next number not smaller: BIGINT or DECIMAL, with `scale` a DECIMAL of that many digits behind the point. */
export function ceil(column: ColumnOrName, scale?: ColumnOrNumber): Column {
  return call('ceil', toColumn(column), ...present(scale));
}

/** As {@link ceil}. */
export function ceiling(column: ColumnOrName, scale?: ColumnOrNumber): Column {
  return call('ceiling', toColumn(column), ...present(scale));
}

/** The next number not greater: BIGINT or DECIMAL, with `scale` a DECIMAL of that many digits behind the point. */
export function floor(column: ColumnOrName, scale?: ColumnOrNumber): Column {
  return call('floor', toColumn(column), ...present(scale));
}
