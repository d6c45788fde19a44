import { Readable } from 'node:stream';
import type { PageQuery } from '@millrace/domain';
import type { LineFormat } from './data-query';
import type { ResultReader } from './read-result';

/** The rows of a result, one in a line, as many as there are. */
export interface RowLines {
  readonly total: number;
  /** Rows that the lines are of. */
  readonly count: number;
  readonly lines: Readable;
}

/** By RFC 4180 a line of CSV ends so. */
const LINE_ENDS: Readonly<Record<LineFormat, string>> = { ndjson: '\n', csv: '\r\n' };

/**
 * Reads while somebody takes what was read: a part is in memory until it is taken. The first one is read before anything is answered,
 * so that what cannot be read is an error with a status; if a later one fails, the stream does.
 */
export async function rowLines(
  result: Pick<ResultReader, 'count' | 'stream' | 'csvHeader'>,
  { limit, offset }: PageQuery,
  format: LineFormat,
): Promise<RowLines> {
  const total = await result.count();
  const count = Math.max(0, Math.min(total - offset, limit));
  const chunks = result.stream({ offset, limit: count }, format === 'csv' ? 'csv' : 'json');
  const end = LINE_ENDS[format];
  const text = (rows: readonly string[]) => Buffer.from(rows.map((row) => row + end).join(''));
  let taken = 0;
  const next = async (): Promise<Buffer | undefined> => {
    const chunk = await chunks.next();
    if (chunk.done !== true) {
      taken += chunk.value.length;
      return text(chunk.value);
    }
    if (taken !== count) throw new Error(`Of ${count} rows from ${offset} on there are ${taken}`);
    return undefined;
  };
  let ready = await next();
  async function* parts() {
    try {
      if (format === 'csv') yield text([result.csvHeader]);
      while (ready !== undefined) {
        const part = ready;
        // Only whoever takes it holds it.
        ready = undefined;
        yield part;
        ready = await next();
      }
    } finally {
      await chunks.return();
    }
  }
  // Without a mark nothing is read ahead for whoever takes nothing.
  const lines = Readable.from(parts(), { objectMode: false, highWaterMark: 0 });
  // Of a generator that was never begun nothing is run at its end.
  lines.once('close', () => void chunks.return());
  return { total, count, lines };
}
