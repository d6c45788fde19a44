import { Readable } from 'node:stream';
import type { DataQuery } from './data-query';
import type { ResultReader } from './read-result';

/** Rows that are in memory at once. */
const ROWS_AT_ONCE = 10_000;

/** The rows of a result, one JSON object in a line, as many as there are. */
export interface RowLines {
  readonly total: number;
  /** Rows that the lines are of. */
  readonly count: number;
  readonly lines: Readable;
}

/**
 * Reads while somebody takes what was read: never more than a part is in memory, and between two parts nothing is held open. The first
 * part is read before anything is answered, so that what cannot be read is an error with a status; if a later one fails, the connection breaks off.
 */
export async function rowLines(
  result: ResultReader,
  { offset, limit, columns }: DataQuery,
): Promise<RowLines> {
  const total = await result.count();
  const end = Math.min(total, offset + Math.min(limit, total));
  const part = (from: number) =>
    result.rows({ columns, offset: from, limit: Math.min(ROWS_AT_ONCE, Math.max(0, end - from)) });
  const first = await part(offset);
  async function* parts() {
    let rows = first;
    for (let from = offset; rows.length > 0; rows = from < end ? await part(from) : []) {
      yield `${rows.join('\n')}\n`;
      from += rows.length;
    }
  }
  return { total, count: Math.max(0, end - offset), lines: Readable.from(parts(), { objectMode: false }) };
}
