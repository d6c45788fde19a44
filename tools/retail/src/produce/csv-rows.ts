import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { parse } from 'csv-parse';

/** Kafka takes no longer values; without a bound, a quote that is never closed would read the rest of the file into memory. */
const MAX_ROW_CHARACTERS = 1_000_000;

/** Cells by the names of their columns: names trimmed and in lower case, values trimmed. */
export type CsvRow = ReadonlyMap<string, string>;

/** A file that is no CSV, or cannot be read; the message names it and the line. */
export class UnreadableCsv extends Error {
  override readonly name = 'UnreadableCsv';
}

/**
 * The rows of a file with a header, one at a time: the file is never in memory as a whole. Blank rows are left out. A row may have
 * fewer cells than there are columns; cells without a column, or of one without a name, are passed over.
 * @throws UnreadableCsv
 */
export async function* rowsOf(path: string): AsyncGenerator<CsvRow> {
  const parser = parse({
    bom: true,
    trim: true,
    relax_quotes: true,
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    max_record_size: MAX_ROW_CHARACTERS,
  });
  // Whoever reads hears of failures; the callback only takes them from the process.
  pipeline(createReadStream(path), parser, () => undefined);
  let columns: readonly string[] | undefined;
  try {
    for await (const cells of parser as AsyncIterable<readonly string[]>) {
      if (columns === undefined) columns = cells.map((name) => name.trim().toLowerCase());
      else yield rowOf(columns, cells);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnreadableCsv(`${path} cannot be read as CSV near line ${parser.info.lines}: ${reason}`, {
      cause: error,
    });
  }
}

/** Of two columns of one name the first that is not blank counts. */
function rowOf(columns: readonly string[], cells: readonly string[]): CsvRow {
  const row = new Map<string, string>();
  cells.forEach((cell, index) => {
    const name = columns[index] ?? '';
    if (name !== '' && (row.get(name) ?? '') === '') row.set(name, cell.trim());
  });
  return row;
}
