import type { Column, DataFrame } from 'spark-connect-js';
import { btrim, coalesce, col, lit, nullif, regexp_replace, rlike, when } from 'spark-connect-js/functions';

/** Rows of files of one header, as texts: columns are named as the header names them, lower-cased and trimmed. */
export interface FileRows {
  readonly rows: DataFrame;
  readonly columns: readonly string[];
}

/** What stands for nothing around a value: white space of all kinds, and the mark that some programs begin a file with. */
export const BLANKS = ' \t\r\n\u00a0\ufeff';

/** The text of a cell without white space around it; null where it is empty, or no file of these has the column. */
export function textOf({ columns }: FileRows, name: string): Column {
  if (!columns.includes(name)) return lit(null).cast('string');
  return nullif(btrim(col(name), lit(BLANKS)), lit(''));
}

/** The first of some cells of a row that says anything at all. */
export function firstText(files: FileRows, names: readonly string[]): Column {
  return coalesce(...names.map((name) => textOf(files, name)));
}

/** Whole digits before and after the point: Infinity and NaN, which would spoil every sum, are no amounts. */
const EXACT = 'decimal(38,6)';

/** Of a longer exponent the cast would make all the digits before it finds them too many. */
const NUMBER = '^[+-]?[0-9.]{1,60}(?:[eE][+-]?[0-9]{1,2})?$';

/** A number of a cell, exact to six digits behind the point; null where it is none, or one of more than 32 digits. */
export function exactNumberOf(text: Column): Column {
  return when(rlike(text, lit(NUMBER)), text.tryCast(EXACT));
}

const SEPARATED = '^(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})(?:[T ](.*))?$';
const COMPACT = '^(\\d{4})(\\d{2})(\\d{2})(?:[T ](.*))?$';

/** The day that a text begins with, as 2025-01-15 (or with / or .) or 20250115, whatever the time behind it; null where it is none. */
export function dateOf(text: Column): Column {
  return coalesce(...[SEPARATED, COMPACT].map((form) => spelled(text, form, '$1-$2-$3').tryCast('date')));
}

/**
 * The instant of a text: a day as of `dateOf`, then the time of day in a form that Spark casts, of UTC where it names no zone; midnight
 * where there is none. Null where it cannot be read.
 */
export function instantOf(text: Column): Column {
  return coalesce(
    ...[SEPARATED, COMPACT].map((form) => btrim(spelled(text, form, '$1-$2-$3 $4')).tryCast('timestamp')),
  );
}

/** Null where the text is not of the form. */
const spelled = (text: Column, form: string, as: string): Column =>
  when(rlike(text, lit(form)), regexp_replace(text, lit(form), lit(as)));
