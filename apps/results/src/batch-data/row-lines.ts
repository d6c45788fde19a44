import { Readable } from 'node:stream';
import type { DataQuery } from './data-query';
import type { ResultReader } from './read-result';

/** Rows that are read at once. */
const ROWS_AT_ONCE = 10_000;

/** The rows of a result, one JSON object in a line, as many as there are. */
export interface RowLines {
  readonly total: number;
  /** Rows that the lines are of. */
  readonly count: number;
  readonly lines: Readable;
}

interface Part {
  readonly text: Buffer;
  /** Place of the row after it. */
  readonly next: number;
}

/**
 * Reads while somebody takes what was read: a part is in memory until it is taken, and between two parts nothing is held open. The first
 * one is read before anything is answered, so that what cannot be read is an error with a status; if a later one fails, the stream does.
 */
export async function rowLines(result: ResultReader, query: DataQuery): Promise<RowLines> {
  const { offset, limit, columns } = query;
  const total = await result.count();
  const end = Math.min(total, offset + Math.min(limit, total));
  const part = async (from: number): Promise<Part> => {
    const asked = Math.min(ROWS_AT_ONCE, Math.max(0, end - from));
    const rows = await result.rows({ columns, offset: from, limit: asked });
    if (rows.length < asked) throw new Error(`Of ${asked} rows from ${from} on there are ${rows.length}`);
    return { text: Buffer.from(rows.map((row) => `${row}\n`).join('')), next: from + rows.length };
  };
  let ready: Part | undefined = await part(offset);
  async function* parts() {
    while (ready !== undefined) {
      const { text, next } = ready;
      // Only whoever takes it holds it.
      ready = undefined;
      yield text;
      if (next < end) ready = await part(next);
    }
  }
  // Without a mark nothing is read ahead for whoever takes nothing.
  const lines = Readable.from(parts(), { objectMode: false, highWaterMark: 0 });
  return { total, count: Math.max(0, end - offset), lines };
}
