import type { Column } from './column';
import { callFunction, callWith, lit, type ColumnOrName } from './core';

export function concat(...columns: readonly ColumnOrName[]): Column {
  return callFunction('concat', ...columns);
}

/** The texts joined by `separator`, NULLs left out. */
export function concatWs(separator: string, ...columns: readonly ColumnOrName[]): Column {
  return callFunction('concat_ws', lit(separator), ...columns);
}

export function lower(column: ColumnOrName): Column {
  return callFunction('lower', column);
}

export function upper(column: ColumnOrName): Column {
  return callFunction('upper', column);
}

export function trim(column: ColumnOrName): Column {
  return callFunction('trim', column);
}

/** Characters of a text, bytes of a binary. */
export function length(column: ColumnOrName): Column {
  return callFunction('length', column);
}

/** `start` counts from 1. */
export function substring(column: ColumnOrName, start: number, size: number): Column {
  return callWith('substring', [column], [start, size]);
}

/** @param pattern - Java regular expression. */
export function split(column: ColumnOrName, pattern: string, limit = -1): Column {
  return callWith('split', [column], [pattern, limit]);
}

export function regexpExtract(column: ColumnOrName, pattern: string, group: number): Column {
  return callWith('regexp_extract', [column], [pattern, group]);
}

export function regexpReplace(column: ColumnOrName, pattern: string, replacement: string): Column {
  return callWith('regexp_replace', [column], [pattern, replacement]);
}

export function md5(column: ColumnOrName): Column {
  return callFunction('md5', column);
}

/** @param bits - 0, 224, 256, 384 or 512 (0 means 256). */
export function sha2(column: ColumnOrName, bits: number): Column {
  return callWith('sha2', [column], [bits]);
}

export function xxhash64(...columns: readonly ColumnOrName[]): Column {
  return callFunction('xxhash64', ...columns);
}
