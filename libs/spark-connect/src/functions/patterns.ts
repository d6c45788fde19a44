// Mirrors org.apache.spark.sql.functions: string functions with patterns.
import { present, numeric, type ColumnOrNumber } from './arguments';
import { call, callWith, toColumn, type ColumnOrName } from './call';
import type { Column } from './column';

// Regular expressions are those of Java. A backslash is one here: '\\d' in TypeScript.

/** SQL's LIKE without regard to case: `%` any text, `_` one character, after `escape` (default `\`) themselves. */
export function ilike(column: ColumnOrName, pattern: ColumnOrName, escape?: ColumnOrName): Column {
  return call('ilike', toColumn(column), toColumn(pattern), ...present(escape));
}

/** SQL's LIKE: `%` any text, `_` one character, after `escape` (default `\`) themselves. */
export function like(column: ColumnOrName, pattern: ColumnOrName, escape?: ColumnOrName): Column {
  return call('like', toColumn(column), toColumn(pattern), ...present(escape));
}

/** Whether a part of the text matches a Java regular expression. */
export function regexp(column: ColumnOrName, pattern: ColumnOrName): Column {
  return call('regexp', column, pattern);
}

/** How many parts of the text match. */
export function regexp_count(column: ColumnOrName, pattern: ColumnOrName): Column {
  return call('regexp_count', column, pattern);
}

/** A group (0 is the whole) of the first match; empty if there is none. */
export function regexp_extract(column: ColumnOrName, pattern: string, group: number): Column {
  return callWith('regexp_extract', [column], [pattern, group]);
}

/** A group (default 1, 0 is the whole) of all matches, as an array. */
export function regexp_extract_all(
  column: ColumnOrName,
  pattern: ColumnOrName,
  group?: ColumnOrNumber,
): Column {
  return call('regexp_extract_all', toColumn(column), toColumn(pattern), ...present(group));
}

/** The position of the first match, from 1; 0 if there is none. Spark ignores `group`. */
export function regexp_instr(column: ColumnOrName, pattern: ColumnOrName, group?: ColumnOrNumber): Column {
  return call('regexp_instr', toColumn(column), toColumn(pattern), ...present(group));
}

/** As {@link regexp}. */
export function regexp_like(column: ColumnOrName, pattern: ColumnOrName): Column {
  return call('regexp_like', column, pattern);
}

/** All matches replaced; `$1` in the replacement is a group. Strings are the pattern and replacement themselves. */
export function regexp_replace(
  column: ColumnOrName,
  pattern: Column | string,
  replacement: Column | string,
): Column {
  return callWith('regexp_replace', [column], [pattern, replacement]);
}

/** The first match; NULL if there is none. */
export function regexp_substr(column: ColumnOrName, pattern: ColumnOrName): Column {
  return call('regexp_substr', column, pattern);
}

/** As {@link regexp}. */
export function rlike(column: ColumnOrName, pattern: ColumnOrName): Column {
  return call('rlike', column, pattern);
}

/** The parts between matches of a Java regular expression (a string is the pattern itself), at most `limit` of them if it is positive. */
export function split(column: ColumnOrName, pattern: Column | string, limit?: ColumnOrNumber): Column {
  return callWith('split', [column], [pattern, limit === undefined ? undefined : numeric(limit)]);
}
