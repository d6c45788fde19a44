import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DayTally } from './account';
import { COLUMNS, csvLine, lineOf } from './csv-text';
import { salesOf } from './sales';
import type { DayOfSales } from './sales';

const CHUNK_CHARACTERS = 64 * 1024;

/** The file of a day: `retail_2025-01-31.csv`. */
export const fileNameOf = (date: string): string => `retail_${date}.csv`;

interface Writing {
  /** Takes the sales that are written. */
  readonly tally: DayTally;
  /** Called now and then with the rows written since the last call. */
  readonly onRows: (rows: number) => void;
  readonly stop: AbortSignal;
}

/**
 * Writes the file of a day, which is there as a whole or not at all: it gets its name when it is complete. Until then its name
 * begins with a dot, which Spark and `retail produce` pass over.
 * @throws AbortError after `stop`; what failed otherwise. The folder is then as it was before.
 */
export async function writeDayFile(folder: string, day: DayOfSales, writing: Writing): Promise<void> {
  const path = join(folder, fileNameOf(day.date));
  const draft = join(folder, `.${fileNameOf(day.date)}.${process.pid}`);
  try {
    const text = Readable.from(textOf(day, writing), { objectMode: false });
    await pipeline(text, createWriteStream(draft), { signal: writing.stop });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function* textOf(day: DayOfSales, { tally, onRows }: Writing): Generator<string> {
  let chunk = csvLine(COLUMNS);
  let rows = 0;
  for (const sale of salesOf(day)) {
    tally.add(sale);
    rows += 1;
    chunk += lineOf(day.date, sale);
    if (chunk.length < CHUNK_CHARACTERS) continue;
    onRows(rows);
    yield chunk;
    chunk = '';
    rows = 0;
  }
  onRows(rows);
  yield chunk;
}
