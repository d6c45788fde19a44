import { finished } from 'node:stream/promises';
import { quantile } from '../statistics';
import { KeptConnection } from './kept-connection';

/** Pages that are read side by side. */
export interface Readers {
  readonly url: string;
  readonly batchId: string;
  readonly rowCount: number;
  readonly count: number;
  readonly rowsPerPage: number;
  readonly seconds: number;
}

export interface PagesRead {
  /** Of every page of every reader. */
  readonly latenciesMs: readonly number[];
  /** Of each reader. */
  readonly pages: readonly number[];
  readonly pagesPerSecond: number;
  readonly errors: readonly string[];
}

const MS_PER_SECOND = 1_000;
/** Places far from each other, in no order, and the same in every run. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/**
 * Each reader has a connection of its own and asks for its next page when it has the one before, always at another place. One that gets
 * an error ends.
 */
export async function readPages(readers: Readers): Promise<PagesRead> {
  const latenciesMs: number[] = [];
  const errors: string[] = [];
  const startedAtMs = performance.now();
  const endsAtMs = startedAtMs + readers.seconds * MS_PER_SECOND;
  const read = async (reader: number): Promise<number> => {
    const connection = new KeptConnection(readers.url);
    let pages = 0;
    try {
      for (; performance.now() < endsAtMs; pages += 1) {
        const askedAtMs = performance.now();
        await readPage(connection, pathOf(readers, reader + pages * readers.count));
        latenciesMs.push(performance.now() - askedAtMs);
      }
    } catch (error) {
      errors.push(String(error));
    } finally {
      connection.close();
    }
    return pages;
  };
  const pages = await Promise.all(Array.from({ length: readers.count }, (_, reader) => read(reader)));
  const seconds = (performance.now() - startedAtMs) / MS_PER_SECOND;
  return { latenciesMs, pages, pagesPerSecond: latenciesMs.length / seconds, errors };
}

/** How evenly the pages are shared, by Jain: 1 where each reader has as many, 1/n where one has all. */
export function jainIndex(pages: readonly number[]): number {
  const sum = pages.reduce((total, count) => total + count, 0);
  const squares = pages.reduce((total, count) => total + count ** 2, 0);
  return squares === 0 ? Number.NaN : sum ** 2 / (pages.length * squares);
}

export const HEADINGS = ['p50', 'p99', 'most', 'pages/s', 'errors'];

export function figuresOf({ latenciesMs, pagesPerSecond, errors }: PagesRead): string[] {
  const times = [0.5, 0.99, 1].map((share) =>
    latenciesMs.length === 0 ? 'none' : `${quantile(latenciesMs, share).toFixed(0)} ms`,
  );
  return [...times, pagesPerSecond.toFixed(1), String(errors.length)];
}

function pathOf({ batchId, rowCount, rowsPerPage }: Readers, page: number): string {
  const share = (page * GOLDEN_RATIO) % 1;
  const offset = Math.floor(share * Math.max(0, rowCount - rowsPerPage));
  return `/batch/data/${batchId}?limit=${rowsPerPage}&offset=${offset}`;
}

async function readPage(connection: KeptConnection, path: string): Promise<void> {
  const response = await connection.open(path);
  response.resume();
  await finished(response);
}
