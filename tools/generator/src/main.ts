import { GENERATOR_HELP, readGeneratorSettings } from './config';
import type { GeneratorSettings } from './config';
import { asksForHelp } from './help';
import { Progress } from './progress';
import { Run } from './run';
import { InvalidSettings } from './settings';
import { listenToSignals } from './signals';

const progress = new Progress({ out: process.stderr, name: 'generator' });

async function run(settings: GeneratorSettings): Promise<void> {
  const { stop, giveUp } = listenToSignals();
  const rate = settings.isBurst ? 'as fast as Kafka takes them' : `${settings.eventsPerSecond}/s`;
  const run = new Run(settings, progress);
  progress.say(`${rate} to ${settings.topic} at ${settings.brokers.join(',')}, SEED=${settings.seed}`);
  try {
    await run.produce(stop, giveUp);
  } catch (error) {
    console.log(run.conclude(stop.aborted ? 'stopped' : 'failed'));
    throw error;
  }
  console.log(run.conclude(stop.aborted ? 'stopped' : 'done'));
}

async function main(cliArguments: readonly string[]): Promise<number> {
  if (asksForHelp(cliArguments)) {
    process.stdout.write(GENERATOR_HELP);
    return 0;
  }
  try {
    await run(readGeneratorSettings(process.env, cliArguments));
    return 0;
  } catch (error) {
    progress.say(error instanceof Error ? error.message : String(error));
    return error instanceof InvalidSettings ? 2 : 1;
  }
}

void main(process.argv.slice(2)).then((code) => process.exit(code));
