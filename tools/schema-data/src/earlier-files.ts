import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DATASET_FORMATS } from '@millrace/domain';
import { suffixOf } from './target';

const SUFFIXES = DATASET_FORMATS.flatMap((format) => [
  suffixOf({ format, isGzip: false }),
  suffixOf({ format, isGzip: true }),
]);

/**
 * Files of a folder that hold this data set under its own name, in whatever format. Who reads the whole folder reads its
 * records once for each of them.
 */
export async function earlierFiles(folder: string, dataset: string): Promise<readonly string[]> {
  const names = new Set(SUFFIXES.map((suffix) => `${dataset}${suffix}`));
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && names.has(entry.name))
    .map(({ name }) => name)
    .sort();
}

export async function removeFiles(folder: string, names: readonly string[]): Promise<void> {
  await Promise.all(names.map((name) => rm(join(folder, name), { force: true })));
}
