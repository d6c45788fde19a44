import type { Column } from 'spark-connect-js';
import { concat, from_json, lit, regexp_replace } from 'spark-connect-js/functions';

/** Of a line, all up to the next number that is in no text, and that number. Possessive throughout: it neither goes back nor recurses. */
const UP_TO_NUMBER =
  '\\G((?:[^"0-9-]++|"(?:[^"\\\\]++|\\\\.)*+")*+)(-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+)';
/** The number as a text between two signs that texts of data do not have. */
const AS_TEXT = '$1"\\\\u0001$2\\\\u0001"';
/** Such a text: a value of its own, or within an array or object, which Spark writes as JSON again. */
const NUMBER_AS_TEXT = '^\\x01([-+.0-9eE]++)\\x01$|"\\\\u0001([-+.0-9eE]++)\\\\u0001"';

/**
 * What is no JSON by its own rules is no JSON here, but for NaN and the infinities, which some writers spell bare: a row is not given up for
 * them. Numbers behind one in its line have the digits of doubles.
 */
const STRICT = { allowSingleQuotes: false };

/**
 * A line as a list of the JSON objects in it, maps of texts by their keys; null where it is no JSON. Spark makes doubles of numbers with a
 * point on their way to texts, so they go as texts all the way: `numbersAsSpelled` takes off what marks them.
 */
export function objectsIn(line: Column): Column {
  // The brackets, because Spark does not look at what comes behind the first value.
  const list = concat(lit('['), regexp_replace(line, UP_TO_NUMBER, AS_TEXT), lit(']'));
  return from_json(list, 'array<map<string,string>>', STRICT);
}

/** A value of `objectsIn` as the line has it: digits of numbers as they are spelled, arrays and objects as JSON. */
export function numbersAsSpelled(value: Column): Column {
  return regexp_replace(value, NUMBER_AS_TEXT, '$1$2');
}
