import { columnValues } from './row-chunks';
import type { ChunkRows } from './row-chunks';

/** Rows as text: an array of JSON objects, or lines, each with its end, of an object or a row of CSV (RFC 4180). */
export type TextFormat = 'json' | 'ndjson' | 'csv';

/** Of which one text can follow the other. */
export type LineFormat = Exclude<TextFormat, 'json'>;

/** Rows as one text, in UTF-8: it is sent as it is, and parsing it would cost more than everything else and round its numbers. */
export interface RowText {
  readonly rows: number;
  readonly bytes: Buffer;
}

/** What is before, between and behind the texts of some rows. */
const AROUND: Readonly<Record<TextFormat, readonly [before: string, between: string, behind: string]>> = {
  json: ['[', ',', ']'],
  ndjson: ['', '\n', '\n'],
  csv: ['', '\r\n', '\r\n'],
};

/** @param rows with a column of their texts, each without its end. */
export function textOfRows(rows: readonly ChunkRows[], format: TextFormat): RowText {
  const texts = columnValues(rows, 0).map(String);
  const [before, between, behind] = AROUND[format];
  const isNone = texts.length === 0 && format !== 'json';
  return {
    rows: texts.length,
    bytes: Buffer.from(isNone ? '' : `${before}${texts.join(between)}${behind}`),
  };
}
