import { formatCount, manifestHead } from '@millrace/generator';
import type { ManifestHead, RunEnd } from '@millrace/generator';
import type { DatasetRun, WrittenDataset } from './generate-dataset';

/** What `schema generate --json` prints. Where the run was stopped or failed there is no file, and nothing was removed. */
export interface DatasetSummary extends ManifestHead, WrittenDataset {
  readonly dataset: string;
  /** Absolute path of the file. */
  readonly output: string;
  readonly format: string;
  readonly gzip: boolean;
  readonly seed: string;
  /** What `now` meant: with it, the seed and the definition the same bytes can be made again. ISO 8601, UTC. */
  readonly referenceTime: string;
}

const NOTHING: WrittenDataset = { records: 0, bytes: 0, nulls: {}, removed: [], remaining: [] };

export function summaryOf(
  { definition, target, settings }: DatasetRun,
  started: Date,
  end: RunEnd,
  written: WrittenDataset = NOTHING,
): DatasetSummary {
  return {
    ...manifestHead('schema', started, end),
    dataset: definition.name,
    output: target.path,
    format: target.format,
    gzip: target.isGzip,
    seed: settings.seed,
    referenceTime: new Date(settings.referenceMs).toISOString(),
    ...written,
  };
}

const row = (name: string, value: string): string => `  ${name.padEnd(18)}${value}`;

/** The same for people. */
export function summaryText(summary: DatasetSummary): string {
  const { dataset, records, bytes, nulls, removed, remaining } = summary;
  const nullCounts = Object.entries(nulls)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${formatCount(count)}`);
  const again =
    remaining.length === 0 ? [] : [row('still there', `${remaining.join(', ')} (--clear-output)`)];
  return [
    `${dataset}: ${formatCount(records)} records, ${formatCount(bytes)} bytes`,
    row('file', summary.output),
    row('seed', summary.seed),
    row('reference time', summary.referenceTime),
    row('nulls', nullCounts.length === 0 ? 'none' : nullCounts.join(', ')),
    ...(removed.length === 0 ? [] : [row('removed', removed.join(', '))]),
    ...again,
  ].join('\n');
}
