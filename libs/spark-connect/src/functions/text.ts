// Mirrors org.apache.spark.sql.functions: string functions.
import { numeric, present, type ColumnOrNumber } from './arguments';
import { call, callWith, toColumn, type ColumnOrName } from './call';
import type { Column } from './column';
import { lit } from './core';

/** The code point of the first character; 0 for an empty text. */
export function ascii(column: ColumnOrName): Column {
  return call('ascii', column);
}

/** Bits of a text (in UTF-8) or of bytes. */
export function bit_length(column: ColumnOrName): Column {
  return call('bit_length', column);
}

/** Without `trim`'s characters (blanks by default) at both ends. */
export function btrim(column: ColumnOrName, trim?: ColumnOrName): Column {
  return call('btrim', toColumn(column), ...present(trim));
}

/** The character of a code, modulo 256. */
export function char(column: ColumnOrName): Column {
  return call('char', column);
}

/** Characters of a text (trailing blanks included), bytes of a binary. */
export function char_length(column: ColumnOrName): Column {
  return call('char_length', column);
}

/** As {@link char_length}. */
export function character_length(column: ColumnOrName): Column {
  return call('character_length', column);
}

/** As {@link char}. */
export function chr(column: ColumnOrName): Column {
  return call('chr', column);
}

/** The text under another collation, such as `'UNICODE_CI'` or `'UTF8_LCASE'`: how it compares, not what it holds. */
export function collate(column: ColumnOrName, collation: string): Column {
  return callWith('collate', [column], [collation]);
}

/** The full name of a text's collation. */
export function collation(column: ColumnOrName): Column {
  return call('collation', column);
}

/** Texts, binaries or arrays put together; NULL if one is NULL. */
export function concat(...columns: readonly ColumnOrName[]): Column {
  return call('concat', ...columns);
}

/** Texts and arrays of texts joined by `separator`, NULLs left out. */
export function concat_ws(separator: string, ...columns: readonly ColumnOrName[]): Column {
  return call('concat_ws', lit(separator), ...columns);
}

/** Whether a text (or binary) contains another. */
export function contains(column: ColumnOrName, part: ColumnOrName): Column {
  return call('contains', column, part);
}

/** The one of the other columns whose number, from 1, the first one says; an error beyond them under ANSI mode. */
export function elt(index: ColumnOrName, ...columns: readonly ColumnOrName[]): Column {
  return call('elt', index, ...columns);
}

/** Whether a text (or binary) ends with another. */
export function endswith(column: ColumnOrName, suffix: ColumnOrName): Column {
  return call('endswith', column, suffix);
}

/** The position, from 1, of a text in a list separated by commas; 0 if it is not there or has a comma. */
export function find_in_set(column: ColumnOrName, list: ColumnOrName): Column {
  return call('find_in_set', column, list);
}

/** The first letter of each word in upper case, the others in lower case; words are separated by blanks. */
export function initcap(column: ColumnOrName): Column {
  return call('initcap', column);
}

/** The position of the first `substring` (a text, or a column), from 1; 0 if there is none. */
export function instr(column: ColumnOrName, substring: Column | string): Column {
  return callWith('instr', [column], [substring]);
}

/** In lower case. */
export function lcase(column: ColumnOrName): Column {
  return call('lcase', column);
}

/** The first `length` characters. */
export function left(column: ColumnOrName, length: ColumnOrNumber): Column {
  return call('left', column, numeric(length));
}

/** As {@link length}. */
export function len(column: ColumnOrName): Column {
  return call('len', column);
}

/** Characters of a text (trailing blanks included), bytes of a binary. */
export function length(column: ColumnOrName): Column {
  return call('length', column);
}

/** How many characters must be inserted, deleted or replaced to get from one text to the other; -1 for more than `threshold`. */
export function levenshtein(column: ColumnOrName, other: ColumnOrName, threshold?: number): Column {
  return callWith('levenshtein', [column, other], [threshold]);
}

/** The position of the first `substring` from `position` on, from 1; 0 if there is none. */
export function locate(substring: string, column: ColumnOrName, position?: number): Column {
  return call('locate', lit(substring), toColumn(column), ...present(position));
}

/** In lower case. */
export function lower(column: ColumnOrName): Column {
  return call('lower', column);
}

/** Filled up with `pad` on the left to `length` characters (bytes of a binary), or cut to them. */
export function lpad(
  column: ColumnOrName,
  length: Column | number,
  pad: Column | string | Uint8Array,
): Column {
  return callWith('lpad', [column], [length, pad]);
}

/** Without `trim`'s characters (blanks by default) at the start. */
export function ltrim(column: ColumnOrName, trim?: Column | string): Column {
  return trimmed('ltrim', column, trim);
}

/** Bytes of a text (in UTF-8) or of a binary. */
export function octet_length(column: ColumnOrName): Column {
  return call('octet_length', column);
}

/** `replacement` put over the characters from `position` (from 1) on: over `length` of them, by default over as many as it has. */
export function overlay(
  column: ColumnOrName,
  replacement: ColumnOrName,
  position: ColumnOrNumber,
  length?: ColumnOrNumber,
): Column {
  return call('overlay', toColumn(column), toColumn(replacement), numeric(position), ...present(length));
}

/** The position, from 1, of the first `substring` from `start` on; 0 if there is none. */
export function position(substring: ColumnOrName, column: ColumnOrName, start?: ColumnOrNumber): Column {
  return call('position', toColumn(substring), toColumn(column), ...present(start));
}

/** The text `times` times. */
export function repeat(column: ColumnOrName, times: Column | number): Column {
  return callWith('repeat', [column], [times]);
}

/** Every `search` replaced, by nothing where no replacement is given. */
export function replace(column: ColumnOrName, search: ColumnOrName, replacement?: ColumnOrName): Column {
  return call('replace', toColumn(column), toColumn(search), ...present(replacement));
}

/** The characters of a text, or the elements of an array, in reverse. */
export function reverse(column: ColumnOrName): Column {
  return call('reverse', column);
}

/** The last `length` characters. */
export function right(column: ColumnOrName, length: ColumnOrNumber): Column {
  return call('right', column, numeric(length));
}

/** Filled up with `pad` on the right to `length` characters (bytes of a binary), or cut to them. */
export function rpad(
  column: ColumnOrName,
  length: Column | number,
  pad: Column | string | Uint8Array,
): Column {
  return callWith('rpad', [column], [length, pad]);
}

/** Without `trim`'s characters (blanks by default) at the end. */
export function rtrim(column: ColumnOrName, trim?: Column | string): Column {
  return trimmed('rtrim', column, trim);
}

/** The sentences of a text, each an array of its words. */
export function sentences(column: ColumnOrName, language?: ColumnOrName, country?: ColumnOrName): Column {
  return call('sentences', toColumn(column), ...present(language, country));
}

/** The Soundex code: texts that sound alike in English have one. */
export function soundex(column: ColumnOrName): Column {
  return call('soundex', column);
}

/** The part number `part` (from 1, negative from the end) of a text split at `delimiter`; empty if there is none, an error for 0. */
export function split_part(column: ColumnOrName, delimiter: ColumnOrName, part: ColumnOrNumber): Column {
  return call('split_part', column, delimiter, numeric(part));
}

/** Whether a text (or binary) starts with another. */
export function startswith(column: ColumnOrName, prefix: ColumnOrName): Column {
  return call('startswith', column, prefix);
}

/** From `start` (from 1, negative from the end), `length` characters or all. */
export function substr(column: ColumnOrName, start: ColumnOrNumber, length?: ColumnOrNumber): Column {
  return call('substr', toColumn(column), numeric(start), ...present(length));
}

/** `length` characters (bytes of a binary) from `start`, from 1, negative from the end. */
export function substring(column: ColumnOrName, start: ColumnOrNumber, length: ColumnOrNumber): Column {
  return call('substring', column, numeric(start), numeric(length));
}

/** The text before the `count`th `delimiter`; for a negative count after the `count`th from the end. */
export function substring_index(column: ColumnOrName, delimiter: string, count: number): Column {
  return callWith('substring_index', [column], [delimiter, count]);
}

/** Each character of `matching` replaced by the one at the same place of `replacement`, or left out where that is shorter. */
export function translate(column: ColumnOrName, matching: string, replacement: string): Column {
  return callWith('translate', [column], [matching, replacement]);
}

/** Without `trim`'s characters (blanks by default) at both ends. */
export function trim(column: ColumnOrName, trim?: Column | string): Column {
  return trimmed('trim', column, trim);
}

/** In upper case. */
export function ucase(column: ColumnOrName): Column {
  return call('ucase', column);
}

/** In upper case. */
export function upper(column: ColumnOrName): Column {
  return call('upper', column);
}

/** SQL takes the characters to trim first. */
function trimmed(functionName: string, column: ColumnOrName, trim: Column | string | undefined): Column {
  return trim === undefined ? call(functionName, column) : call(functionName, lit(trim), column);
}
