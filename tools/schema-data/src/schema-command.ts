import { InvalidDatasetDefinition } from '@millrace/domain';
import { InvalidSettings, Progress, asksForHelp } from '@millrace/generator';
import type { Environment, ProgressOutput } from '@millrace/generator';
import { HELP } from './config';
import { NotWritten, generate } from './generate-command';
import { list } from './list-command';
import { validate } from './validate-command';

/** What a command is run with. */
export interface CommandContext {
  readonly environment: Environment;
  /** Of the definitions that have names. */
  readonly schemaFolder: string;
  /** Takes what the command prints: lines for people, or one JSON document. */
  readonly out: (line: string) => void;
  readonly progress: Progress;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** @returns the exit code. */
type Command = (cliArguments: readonly string[], context: CommandContext) => Promise<number> | number;

const COMMANDS: Readonly<Record<keyof typeof HELP, Command>> = { generate, validate, list };

const USAGE = `Usage: npm run schema -- <command> [options]

  generate   makes the records of a data set as its definition says
  validate   checks a definition, and names everything that is wrong with it
  list       lists the definitions in conf/schemas

npm run schema -- <command> --help lists the options of a command; docs/schema-driven.md tells what a definition may say.
`;

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** Where progress and errors go. */
export const schemaProgress = (out: ProgressOutput): Progress => new Progress({ out, name: 'schema' });

/**
 * Runs one of the commands.
 * @returns the exit code: 0 done, 1 it could not be done, or the definition is not valid; 2 a wrong setting or definition.
 */
export async function runSchemaCommand(
  [name = '', ...cliArguments]: readonly string[],
  context: CommandContext,
): Promise<number> {
  if (!isCommand(name)) {
    const isAsked = name === '' || asksForHelp([name]);
    if (!isAsked) context.progress.say(`${name} is not a command`);
    context.out(USAGE.trimEnd());
    return isAsked ? 0 : EXIT_USAGE;
  }
  if (asksForHelp(cliArguments)) {
    context.out(HELP[name].trimEnd());
    return 0;
  }
  try {
    return await COMMANDS[name](cliArguments, context);
  } catch (error) {
    context.progress.say(explain(error));
    return isOfUser(error) ? EXIT_USAGE : EXIT_FAILED;
  }
}

const isCommand = (name: string): name is keyof typeof HELP => Object.hasOwn(COMMANDS, name);

function explain(error: unknown): string {
  if (error instanceof InvalidDatasetDefinition) return `the definition is not valid\n${error.message}`;
  if (error instanceof InvalidSettings || error instanceof NotWritten) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

const isOfUser = (error: unknown): boolean =>
  error instanceof InvalidSettings || error instanceof InvalidDatasetDefinition;
