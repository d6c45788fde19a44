import { Readable } from 'node:stream';
import type { RowText } from '@millrace/delta';
import type { PageQuery } from '@millrace/domain';
import { ArrowIpc } from './arrow-ipc';
import type { StreamFormat } from './data-query';
import type { ResultReader } from './read-result';

/** The rows of a result, as many as there are. */
export interface RowStream {
  readonly total: number;
  /** Rows that are streamed. */
  readonly count: number;
  readonly stream: Readable;
}

type StreamedResult = Pick<ResultReader, 'count' | 'stream' | 'recordBatches' | 'csvHeader'>;

/**
 * Reads while somebody takes what was read: a part is in memory until it is taken. The first one is read before anything is answered,
 * so that what cannot be read is an error with a status; if a later one fails, the stream does.
 */
export async function rowStream(
  result: StreamedResult,
  { limit, offset }: PageQuery,
  format: StreamFormat,
): Promise<RowStream> {
  const { total, count } = await rowsOfPage(result, { limit, offset });
  const page = { offset, limit: count };
  return { total, count, stream: await streamIn(result, page, format) };
}

/** How many rows there are in all, and of the part that is asked for. */
export async function rowsOfPage(
  result: Pick<ResultReader, 'count'>,
  { limit, offset }: PageQuery,
): Promise<Pick<RowStream, 'total' | 'count'>> {
  const total = await result.count();
  return { total, count: Math.max(0, Math.min(total - offset, limit)) };
}

async function streamIn(result: StreamedResult, page: PageQuery, format: StreamFormat): Promise<Readable> {
  switch (format) {
    case 'ndjson':
      return linesOf(page, result.stream(page, format));
    case 'csv':
      return linesOf(page, result.stream(page, format), Buffer.from(`${result.csvHeader}\r\n`));
    case 'arrow': {
      const ipc = new ArrowIpc();
      return readableOf(page, result.recordBatches(page), {
        rowsOf: ({ numRows }) => numRows,
        write: (batch) => ipc.write(batch),
        end: () => ipc.end(),
      });
    }
  }
}

function linesOf(
  page: PageQuery,
  chunks: AsyncGenerator<RowText, void, undefined>,
  head?: Buffer,
): Promise<Readable> {
  return readableOf(page, chunks, { rowsOf: ({ rows }) => rows, write: ({ bytes }) => bytes, head });
}

async function readableOf<Part>(
  page: PageQuery,
  parts: AsyncGenerator<Part, void, undefined>,
  written: Parts<Part>,
): Promise<Readable> {
  // Without a mark nothing is read ahead for whoever takes nothing.
  return Readable.from(await begun(page, parts, written), { objectMode: false, highWaterMark: 0 });
}

/** What to make of parts that are read. */
interface Parts<Part> {
  readonly rowsOf: (part: Part) => number;
  readonly write: (part: Part) => Buffer;
  /** That comes before all. */
  readonly head?: Buffer | undefined;
  /** What comes after all. */
  readonly end?: () => Buffer;
}

/** Parts as they are written, the first of which is read already. An iterator by hand: its end is run though nobody began it. */
async function begun<Part>(
  { limit, offset }: PageQuery,
  parts: AsyncGenerator<Part, void, undefined>,
  { rowsOf, write, head, end }: Parts<Part>,
): Promise<AsyncIterableIterator<Buffer, undefined>> {
  let first: IteratorResult<Part, void> | undefined = await parts.next();
  let taken = 0;
  const all = async function* () {
    if (head !== undefined) yield head;
    for (;;) {
      const part = first ?? (await parts.next());
      // Only whoever takes it holds it.
      first = undefined;
      if (part.done === true) break;
      taken += rowsOf(part.value);
      yield write(part.value);
    }
    if (taken !== limit) throw new Error(`Of ${limit} rows from ${offset} on there are ${taken}`);
    if (end !== undefined) yield end();
  };
  const written = all();
  const iterator: AsyncIterableIterator<Buffer, undefined> = {
    [Symbol.asyncIterator]: () => iterator,
    next: () => written.next() as Promise<IteratorResult<Buffer, undefined>>,
    return: async () => {
      await written.return();
      await parts.return();
      return { value: undefined, done: true };
    },
  };
  return iterator;
}
