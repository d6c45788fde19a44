import { literal } from '../engine/sql-text';
import type { DeltaType } from '../snapshot/table-schema';
import { jsonValue } from './json-expression';
import type { JsonColumn } from './json-expression';

/** With what a spreadsheet takes a text for a formula, also in the width of East Asian letters. */
const FORMULA_STARTS = '=+\\-@\\t\\r\\n＝＋－＠';
const FORMULA_START = new RegExp(`^[${FORMULA_STARTS}]`);

/**
 * SQL that makes the line of a row as RFC 4180 has it, without the end of the line. Values are those of the JSON: numbers and
 * instants digit by digit, nested values as JSON text. A null is empty, a text always quoted, so that the empty text is not a null.
 * A text that a spreadsheet would take for a formula gets an apostrophe before it.
 */
export function csvLine(columns: readonly JsonColumn[]): string {
  if (columns.length === 0) return literal('');
  const cells = columns.map(({ field, expression }) => `coalesce(${cell(expression, field.type)}, '')`);
  return `concat(${cells.join(`, ',', `)})`;
}

/** The first line: the names of the columns, guarded as texts are. */
export function csvHeader(names: readonly string[]): string {
  return names
    .map((name) => (FORMULA_START.test(name) ? `'${name}` : name))
    .map((name) => `"${name.replaceAll('"', '""')}"`)
    .join(',');
}

function cell(expression: string, type: DeltaType): string {
  switch (type.kind) {
    case 'decimal':
      return unlessNull(expression, jsonValue(expression, type));
    case 'primitive':
      if (type.name === 'string') return quoted(guarded(expression));
      // In its quotes, as a text: empty bytes are no null.
      if (type.name === 'binary') return unlessNull(expression, jsonValue(expression, type));
      // Of the other primitives no text has a quote in it, but some are quoted in JSON.
      return unlessNull(expression, `trim(${jsonValue(expression, type)}, '"')`);
    default:
      return unlessNull(expression, quoted(jsonValue(expression, type)));
  }
}

const unlessNull = (expression: string, text: string) =>
  `CASE WHEN ${expression} IS NOT NULL THEN ${text} END`;

const quoted = (text: string) => `'"' || replace(${text}, '"', '""') || '"'`;

const guarded = (text: string) =>
  `CASE WHEN regexp_matches(${text}, ${literal(FORMULA_START.source)}) THEN '''' || ${text} ELSE ${text} END`;
