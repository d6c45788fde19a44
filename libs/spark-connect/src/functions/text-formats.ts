// Mirrors org.apache.spark.sql.functions: string functions that convert.
import { present } from './arguments';
import { call, callWith, toColumn, type ColumnOrName } from './call';
import type { Column } from './column';
import { lit } from './core';

/** Bytes as Base64 text. */
export function base64(column: ColumnOrName): Column {
  return call('base64', column);
}

/** Base64 text as bytes. */
export function unbase64(column: ColumnOrName): Column {
  return call('unbase64', column);
}

/** Bytes of a charset as text: `'UTF-8'`, `'UTF-16'`, `'UTF-16BE'`, `'UTF-16LE'`, `'UTF-32'`, `'US-ASCII'` or `'ISO-8859-1'`. */
export function decode(column: ColumnOrName, charset: string): Column {
  return callWith('decode', [column], [charset]);
}

/** Text as bytes of a charset, those of {@link decode}. */
export function encode(column: ColumnOrName, charset: string): Column {
  return callWith('encode', [column], [charset]);
}

/** An integer, a text or bytes in hexadecimal digits. */
export function hex(column: ColumnOrName): Column {
  return call('hex', column);
}

/** Hexadecimal digits as bytes. */
export function unhex(column: ColumnOrName): Column {
  return call('unhex', column);
}

/** A number as `1,234.50`, rounded half to even to `decimals` digits behind the point; NULL for a negative `decimals`. */
export function format_number(column: ColumnOrName, decimals: number): Column {
  return callWith('format_number', [column], [decimals]);
}

/** Values in a format of Java's `printf`. */
export function format_string(format: string, ...columns: readonly ColumnOrName[]): Column {
  return call('format_string', lit(format), ...columns);
}

/** As {@link format_string}, the format being a column. */
export function printf(format: ColumnOrName, ...columns: readonly ColumnOrName[]): Column {
  return call('printf', format, ...columns);
}

/**
 * A text with its characters hidden: upper case letters (default `X`), lower case letters (`x`), digits (`n`) and others (kept) replaced;
 * NULL as a replacement keeps the character.
 */
export function mask(
  column: ColumnOrName,
  upperChar?: ColumnOrName,
  lowerChar?: ColumnOrName,
  digitChar?: ColumnOrName,
  otherChar?: ColumnOrName,
): Column {
  const given = [upperChar, lowerChar, digitChar, otherChar];
  const defaults = [lit('X'), lit('x'), lit('n'), lit(null)];
  const last = given.findLastIndex((char) => char !== undefined);
  return call(
    'mask',
    toColumn(column),
    ...given.slice(0, last + 1).map((char, at) => char ?? defaults[at] ?? lit(null)),
  );
}

/** A text as bytes; the format is `'hex'` (default), `'utf-8'` or `'base64'`. An error where it does not fit. */
export function to_binary(column: ColumnOrName, format?: ColumnOrName): Column {
  return call('to_binary', toColumn(column), ...present(format));
}

/** As {@link to_binary}, with NULL where it does not fit. */
export function try_to_binary(column: ColumnOrName, format?: ColumnOrName): Column {
  return call('try_to_binary', toColumn(column), ...present(format));
}

/** A number, date or binary as text, in a format such as `'$99.99'`, `'yyyy-MM-dd'` or `'hex'`. */
export function to_char(column: ColumnOrName, format: ColumnOrName): Column {
  return call('to_char', column, format);
}

/** As {@link to_char}. */
export function to_varchar(column: ColumnOrName, format: ColumnOrName): Column {
  return call('to_varchar', column, format);
}

/** A text in a format such as `'$99.99'` as DECIMAL; an error where it does not match. */
export function to_number(column: ColumnOrName, format: ColumnOrName): Column {
  return call('to_number', column, format);
}

/** As {@link to_number}, with NULL where it does not match. */
export function try_to_number(column: ColumnOrName, format: ColumnOrName): Column {
  return call('try_to_number', column, format);
}

/** Whether a text is valid UTF-8. */
export function is_valid_utf8(column: ColumnOrName): Column {
  return call('is_valid_utf8', column);
}

/** A text whose invalid bytes are replaced by U+FFFD. */
export function make_valid_utf8(column: ColumnOrName): Column {
  return call('make_valid_utf8', column);
}

/** The text itself; an error if it is no valid UTF-8. */
export function validate_utf8(column: ColumnOrName): Column {
  return call('validate_utf8', column);
}

/** The text itself; NULL if it is no valid UTF-8. */
export function try_validate_utf8(column: ColumnOrName): Column {
  return call('try_validate_utf8', column);
}
