import { InvalidSettings, asksForHelp } from '@millrace/generator';
import type { Environment } from '@millrace/generator';
import { GENERATE_HELP } from './generate/config';
import { generateCommand } from './generate/generate-command';
import { PRODUCE_HELP } from './produce/config';
import { produceCommand } from './produce/produce-command';
import type { Terminal } from './terminal';

/** Exit codes. */
const DONE = 0;
const FAILED = 1;
const WRONG_USAGE = 2;

const HELP = `Usage: npm run retail -- generate|produce [options]

  generate  writes the sales of a chain of snack counters: a CSV file for each day
  produce   sends the rows of CSV files to Kafka, as JSON

npm run retail -- generate --help and npm run retail -- produce --help list their options.
`;

interface Command {
  readonly help: string;
  readonly run: (
    cliArguments: readonly string[],
    environment: Environment,
    terminal: Terminal,
  ) => Promise<void>;
}

const COMMANDS: ReadonlyMap<string | undefined, Command> = new Map([
  ['generate', { help: GENERATE_HELP, run: generateCommand }],
  ['produce', { help: PRODUCE_HELP, run: produceCommand }],
]);

/**
 * `npm run retail`: gives the exit code.
 * @returns 0: all was done, or all was sent until it was stopped; 1: it could not be done; 2: a bad setting, named on stderr
 */
export async function runRetail(
  [name, ...cliArguments]: readonly string[],
  environment: Environment,
  terminal: Terminal,
): Promise<number> {
  const command = COMMANDS.get(name);
  if (command === undefined) return helpFor(name, terminal);
  if (asksForHelp(cliArguments)) {
    terminal.out(command.help.trimEnd());
    return DONE;
  }
  try {
    await command.run(cliArguments, environment, terminal);
    return DONE;
  } catch (error) {
    terminal.progress.say(error instanceof Error ? error.message : String(error));
    return error instanceof InvalidSettings ? WRONG_USAGE : FAILED;
  }
}

function helpFor(name: string | undefined, { out, progress }: Terminal): number {
  if (name !== undefined && asksForHelp([name])) {
    out(HELP.trimEnd());
    return DONE;
  }
  progress.say(
    `${name === undefined ? 'a command is needed' : `unknown command ${name}`}\n\n${HELP.trimEnd()}`,
  );
  return WRONG_USAGE;
}
