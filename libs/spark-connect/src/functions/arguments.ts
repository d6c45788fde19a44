import { DoubleType } from '../types/data-type';
import { toColumn, type ColumnOrName } from './call';
import type { Column } from './column';
import { lit, typedlit } from './core';

/** A column, the name of one, or a number, which can only be a literal. */
export type ColumnOrNumber = ColumnOrName | number | bigint;

/** The column of an argument that may be a number. */
export function numeric(argument: ColumnOrNumber): Column {
  return typeof argument === 'number' || typeof argument === 'bigint' ? lit(argument) : toColumn(argument);
}

/** Arguments up to the last that was given; one left out before it is 0. */
export function leading(args: readonly (ColumnOrNumber | undefined)[]): readonly Column[] {
  const given = args.slice(0, args.findLastIndex((argument) => argument !== undefined) + 1);
  return given.map((argument) => numeric(argument ?? 0));
}

/** The arguments that were given. */
export function present(...args: readonly (ColumnOrNumber | undefined)[]): readonly Column[] {
  return args.filter((argument) => argument !== undefined).map(numeric);
}

/** The column of an argument that Spark takes as a DOUBLE where it is a number. */
export function double(argument: ColumnOrName | number): Column {
  return typeof argument === 'number' ? typedlit(argument, DoubleType) : toColumn(argument);
}
