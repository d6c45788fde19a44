import { InvalidSettings } from '@millrace/generator';
import { readSeederSettings } from './config';
import type { SeederSettings } from './config';
import { explain } from './failure';
import { isoDate } from './history';
import { seed } from './seed';

const say = (line: string): void => {
  console.error(`seeder: ${line}`);
};

function readSettings(): SeederSettings | undefined {
  try {
    return readSeederSettings(process.env, process.argv.slice(2), new Date());
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    say(error.message);
    return undefined;
  }
}

async function run(settings: SeederSettings): Promise<void> {
  const stop = new AbortController();
  const onSignal = (): void => {
    // A second signal means it: the default handler of the process ends it.
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    stop.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  const { totalRecords, days, endDate, seed: name } = settings.history;
  say(
    `${totalRecords} rows, ${days} days up to ${isoDate(endDate)}, SEED=${name}, for ${settings.tablePath}`,
  );
  const { hasWritten, summary } = await seed(settings, say, stop.signal);
  if (summary !== undefined) console.log(summary.toString());
  console.log(
    hasWritten
      ? `${totalRecords} rows written to ${settings.tablePath}`
      : `${settings.tablePath} holds this history already; nothing was added`,
  );
}

async function main(): Promise<number> {
  const settings = readSettings();
  if (settings === undefined) return 2;
  try {
    await run(settings);
    return 0;
  } catch (error) {
    say(explain(error, settings));
    return 1;
  }
}

void main().then((code) => process.exit(code));
