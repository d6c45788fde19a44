import {
  InvalidSettings,
  ManifestFile,
  Progress,
  Truth,
  asksForHelp,
  formatCount,
  manifestHead,
} from '@millrace/generator';
import type { Counts, ManifestHead, RunEnd } from '@millrace/generator';
import { SEEDER_HELP, readSeederSettings } from './config';
import type { SeederSettings } from './config';
import { explain } from './failure';
import { isoDate } from './history';
import { seed } from './seed';
import type { SeedOutcome } from './seed';
import { summaryTable } from './summary';

const progress = new Progress({ out: process.stderr, name: 'seeder' });

/** Of the rows in the table. Where the run was stopped or failed, none were added. */
interface SeederManifest extends ManifestHead, Counts {
  /** False where the table held this history before. */
  readonly hasWritten: boolean;
  /** Of the rows, to the topic of batches. */
  readonly producedToKafka: number;
  readonly settings: Readonly<Record<string, unknown>>;
}

function manifestOf(
  settings: SeederSettings,
  started: Date,
  end: RunEnd | null,
  outcome?: SeedOutcome,
): SeederManifest {
  const { history, tablePath, overwrites, kafka } = settings;
  return {
    ...manifestHead('seeder', started, end),
    hasWritten: outcome?.hasWritten ?? false,
    producedToKafka: outcome?.produced ?? 0,
    ...(outcome?.counts ?? new Truth().counts),
    settings: {
      ...history,
      endDate: isoDate(history.endDate),
      tablePath,
      overwrites,
      topic: kafka?.topic ?? null,
    },
  };
}

function textOf(settings: SeederSettings, { hasWritten, counts, produced }: SeedOutcome): string {
  const { tablePath, kafka } = settings;
  return [
    ...(counts === undefined ? [] : [summaryTable(counts)]),
    hasWritten
      ? `${settings.history.totalRecords} rows written to ${tablePath}`
      : `${tablePath} holds this history already; nothing was added`,
    ...(produced > 0 ? [`${formatCount(produced)} rows produced to the topic ${kafka?.topic ?? ''}`] : []),
  ].join('\n');
}

function stopSignal(): AbortSignal {
  const stop = new AbortController();
  const onSignal = (): void => {
    // A second signal means it: the default handler of the process ends it.
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    stop.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return stop.signal;
}

async function run(settings: SeederSettings): Promise<void> {
  const started = new Date();
  const stop = stopSignal();
  const { manifest, printsJson } = settings;
  const file = manifest === undefined ? undefined : new ManifestFile(manifest.calledAs, manifest.path);
  // At once: a file that cannot be written must not be found out at the end.
  file?.write(manifestOf(settings, started, null));
  const { totalRecords, days, endDate, seed: name } = settings.history;
  progress.say(
    `${totalRecords} rows, ${days} days up to ${isoDate(endDate)}, SEED=${name}, for ${settings.tablePath}`,
  );
  try {
    const outcome = await seed(settings, progress, stop);
    const done = manifestOf(settings, started, 'done', outcome);
    file?.write(done);
    console.log(printsJson ? JSON.stringify(done) : textOf(settings, outcome));
  } catch (error) {
    const ended = manifestOf(settings, started, stop.aborted ? 'stopped' : 'failed');
    file?.write(ended);
    if (printsJson) console.log(JSON.stringify(ended));
    throw error;
  }
}

async function main(cliArguments: readonly string[]): Promise<number> {
  if (asksForHelp(cliArguments)) {
    process.stdout.write(SEEDER_HELP);
    return 0;
  }
  let settings: SeederSettings | undefined;
  try {
    settings = readSeederSettings(process.env, cliArguments, new Date());
    await run(settings);
    return 0;
  } catch (error) {
    if (error instanceof InvalidSettings) {
      progress.say(error.message);
      return 2;
    }
    if (settings === undefined) throw error;
    progress.say(explain(error, settings));
    return 1;
  }
}

void main(process.argv.slice(2)).then((code) => process.exit(code));
