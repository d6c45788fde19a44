import type { RunEnd } from '@millrace/generator';
import { formatCount } from '@millrace/generator';
import { readGenerateSettings } from './config';
import type { GenerateSettings } from './config';
import { generateDataset } from './generate-dataset';
import type { DatasetRun, WrittenDataset } from './generate-dataset';
import type { CommandContext } from './schema-command';
import { readSchema, schemaPath } from './schema-files';
import { summaryOf, summaryText } from './summary';

/** The file is not there, or is as it was before; the message says why and what to do. */
export class NotWritten extends Error {
  override readonly name = 'NotWritten';
}

function runOf(settings: GenerateSettings, { schemaFolder }: CommandContext): DatasetRun {
  const calledAs = settings.nameOf('SCHEMA_CONFIG_PATH');
  const definition = readSchema(schemaPath(settings.schema, calledAs, schemaFolder), calledAs);
  return {
    definition,
    target: settings.targetFor(definition),
    settings: settings.recordsOf(definition),
    clearsOutput: settings.clearsOutput,
  };
}

/** `schema generate`: the file is there with 0, and not with anything else. */
export async function generate(cliArguments: readonly string[], context: CommandContext): Promise<number> {
  const settings = readGenerateSettings(context.environment, cliArguments, context.now);
  const run = runOf(settings, context);
  const { progress, signal } = context;
  const conclude = (end: RunEnd, written?: WrittenDataset): void => {
    const summary = summaryOf(run, context.now, end, written);
    if (settings.printsJson) context.out(JSON.stringify(summary));
    else if (end === 'done') context.out(summaryText(summary));
  };
  const { records, seed } = run.settings;
  progress.say(
    `${formatCount(records)} records of ${run.definition.name}, seed ${seed}, to ${run.target.path}`,
  );
  try {
    conclude('done', await generateDataset(run, progress, signal));
    return 0;
  } catch (error) {
    conclude(signal.aborted ? 'stopped' : 'failed');
    throw signal.aborted ? stopped(run, error) : explained(error, run, settings);
  }
}

const stopped = ({ target }: DatasetRun, cause: unknown): NotWritten =>
  new NotWritten(`Stopped before all records were written; ${target.path} is as it was.`, { cause });

/** A failure of the disk with its cure; anything else as it is. */
function explained(error: unknown, { target }: DatasetRun, { nameOf }: GenerateSettings): unknown {
  if (!isOfSystem(error)) return error;
  const cure =
    error.code === 'ENOSPC'
      ? 'Free some space'
      : `Make its folder writable, or set ${nameOf('SCHEMA_OUTPUT')} to another one`;
  return new NotWritten(`The records cannot be written to ${target.path} (${error.message}). ${cure}.`, {
    cause: error,
  });
}

/** Not by its class, which Jest has twice. */
function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === 'object' && error !== null && 'syscall' in error && 'message' in error;
}
