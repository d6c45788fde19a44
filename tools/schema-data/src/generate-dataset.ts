import { basename, dirname } from 'node:path';
import type { DatasetDefinition } from '@millrace/domain';
import type { Progress } from '@millrace/generator';
import { earlierFiles, removeFiles } from './earlier-files';
import { HiddenFile } from './hidden-file';
import { linesOf } from './lines';
import { Records } from './records';
import type { RecordSettings } from './records';
import type { Target } from './target';

/** Records of a chunk: what is in memory at a time, and how often progress is told. */
const RECORDS_PER_CHUNK = 1000;

export interface DatasetRun {
  readonly definition: DatasetDefinition;
  readonly target: Target;
  readonly settings: RecordSettings;
  /** Remove what was made of this data set before, in the folder of the target. */
  readonly clearsOutput: boolean;
}

/** What was written. */
export interface WrittenDataset {
  readonly records: number;
  /** Of the file. */
  readonly bytes: number;
  /** How often each field is null, by its name as declared. */
  readonly nulls: Readonly<Record<string, number>>;
  /** Names of files in the folder of the target that were made of this data set before, and are gone. */
  readonly removed: readonly string[];
  /** Names of such files that are still there. */
  readonly remaining: readonly string[];
}

/**
 * Writes all records of a data set to its file, which is there once it is complete. Whatever fails, what was there before is
 * there still.
 * @throws InvalidDatasetDefinition where a field cannot be made with these settings.
 */
export async function generateDataset(
  run: DatasetRun,
  progress: Progress,
  signal: AbortSignal,
): Promise<WrittenDataset> {
  const { definition, target, settings } = run;
  const records = new Records(definition, settings);
  const file = new HiddenFile(target.path);
  try {
    const bytes = await file.write(chunksOf(run, records, progress), target.isGzip, signal);
    const earlier = await othersThan(target.path, definition.name);
    await file.publish();
    if (run.clearsOutput) await removeFiles(dirname(target.path), earlier);
    const [removed, remaining] = run.clearsOutput ? [earlier, []] : [[], earlier];
    return { records: settings.records, bytes, nulls: nullsOf(definition, records), removed, remaining };
  } finally {
    await file.discard();
    progress.end();
  }
}

async function othersThan(path: string, dataset: string): Promise<readonly string[]> {
  const names = await earlierFiles(dirname(path), dataset);
  return names.filter((name) => name !== basename(path));
}

function* chunksOf(
  { definition, target, settings }: DatasetRun,
  records: Records,
  progress: Progress,
): Generator<string> {
  const { header, lineOf } = linesOf(target.format, definition.fields);
  yield header;
  for (let made = 0; made < settings.records;) {
    const end = Math.min(settings.records, made + RECORDS_PER_CHUNK);
    let chunk = '';
    for (; made < end; made++) chunk += lineOf(records.next());
    progress.report('records', made, settings.records);
    yield chunk;
  }
}

function nullsOf({ fields }: DatasetDefinition, { nulls }: Records): Record<string, number> {
  return Object.fromEntries(fields.map(({ name }, index) => [name, nulls[index] ?? 0]));
}
