import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidSettings } from '@millrace/generator';
import type { Progress } from '@millrace/generator';
import { DayTally } from './account';
import type { SalesAccount } from './account';
import type { GenerateSettings } from './config';
import { fileNameOf, writeDayFile } from './day-file';

const EARLIER_FILE = /^retail_\d{4}-\d{2}-\d{2}\.csv$/;

/** @throws InvalidSettings where there is no folder and none can be made. */
export async function ensureFolder({ folder, calledAs }: GenerateSettings['output']): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidSettings(`${calledAs} must be a folder, or a place for one (${reason})`, {
      cause: error,
    });
  }
}

/**
 * Writes the file of each day; earlier files are removed first, so that what is there after an interruption is of this run alone.
 * @param account is kept up to date, whatever happens.
 * @throws AbortError after `stop`.
 */
export async function generateFiles(
  settings: GenerateSettings,
  account: SalesAccount,
  progress: Progress,
  stop: AbortSignal,
): Promise<void> {
  const { output, dates, transactions, seed, keepsExisting } = settings;
  if (!keepsExisting) await removeEarlierFiles(output.folder);
  let written = 0;
  const onRows = (rows: number): void => {
    written += rows;
    progress.report('rows', written, dates.length * transactions);
  };
  for (const date of dates) {
    stop.throwIfAborted();
    const tally = new DayTally(date, fileNameOf(date));
    await writeDayFile(output.folder, { date, transactions, seed }, { tally, onRows, stop });
    account.add(tally);
  }
}

/** Only plain files: a folder of that name, or a link, is not from here. */
async function removeEarlierFiles(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  const earlier = entries.filter((entry) => entry.isFile() && EARLIER_FILE.test(entry.name));
  for (const { name } of earlier) await rm(join(folder, name), { force: true });
}
