// Mirrors org.apache.spark.sql.functions: bitwise functions.
import { numeric, type ColumnOrNumber } from './arguments';
import { call, callWith, type ColumnOrName } from './call';
import type { Column } from './column';

/** An integer with all its bits turned. */
export function bitwise_not(column: ColumnOrName): Column {
  return call('~', column);
}

/** How many bits of an integer, or a boolean, are set. */
export function bit_count(column: ColumnOrName): Column {
  return call('bit_count', column);
}

/** The bit (0 or 1) at a position, from 0 at the right. A position beyond the type's bits is an error. */
export function bit_get(column: ColumnOrName, position: ColumnOrNumber): Column {
  return call('bit_get', column, numeric(position));
}

/** As {@link bit_get}. */
export function getbit(column: ColumnOrName, position: ColumnOrNumber): Column {
  return call('getbit', column, numeric(position));
}

/** The bits moved to the left, zeros from the right. */
export function shiftleft(column: ColumnOrName, bits: number): Column {
  return callWith('shiftleft', [column], [bits]);
}

/** The bits moved to the right, the sign kept. */
export function shiftright(column: ColumnOrName, bits: number): Column {
  return callWith('shiftright', [column], [bits]);
}

/** The bits moved to the right, zeros from the left. */
export function shiftrightunsigned(column: ColumnOrName, bits: number): Column {
  return callWith('shiftrightunsigned', [column], [bits]);
}

/** The binary digits of a BIGINT as text. */
export function bin(column: ColumnOrName): Column {
  return call('bin', column);
}
