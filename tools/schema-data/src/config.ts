import { DATASET_FORMATS, MOST_RECORDS } from '@millrace/domain';
import type { DatasetDefinition } from '@millrace/domain';
import { flag, helpText, optionsOf, readSettings, wholeNumber, withOptions } from '@millrace/generator';
import type { Environment } from '@millrace/generator';
import { z } from 'zod';
import type { RecordSettings } from './records';
import { targetOf } from './target';
import type { Target } from './target';

const DEFAULT_SCHEMA = 'card_transactions';
const DEFAULT_OUTPUT = 'data/input';

const referenceTime = z.iso
  .datetime({ offset: true, error: 'must be a time with its zone, like 2025-01-31T08:00:00Z' })
  .optional();

const validateVariables = z.object({
  SCHEMA_CONFIG_PATH: z.string().prefault(DEFAULT_SCHEMA),
  SCHEMA_REFERENCE_TIME: referenceTime,
  JSON_SUMMARY: flag().prefault('false'),
});

const listVariables = validateVariables.pick({ JSON_SUMMARY: true });

const generateVariables = validateVariables.extend({
  SCHEMA_OUTPUT: z.string().prefault(DEFAULT_OUTPUT),
  SCHEMA_RECORDS: wholeNumber(1, MOST_RECORDS).optional(),
  SCHEMA_FORMAT: z.enum(DATASET_FORMATS, `must be one of: ${DATASET_FORMATS.join(', ')}`).optional(),
  SCHEMA_SEED: z.string().optional(),
  SCHEMA_GZIP: flag().optional(),
  SCHEMA_CLEAR_OUTPUT: flag().prefault('false'),
});

type Variable = keyof typeof generateVariables.shape;

const FLAGS = {
  '--gzip': 'SCHEMA_GZIP',
  '--clear-output': 'SCHEMA_CLEAR_OUTPUT',
  '--json': 'JSON_SUMMARY',
};
const NAMES = {
  '--schema': 'SCHEMA_CONFIG_PATH',
  '--output': 'SCHEMA_OUTPUT',
  '--records': 'SCHEMA_RECORDS',
  '--format': 'SCHEMA_FORMAT',
  '--seed': 'SCHEMA_SEED',
  '--reference-time': 'SCHEMA_REFERENCE_TIME',
};

const PURPOSES: Readonly<Record<Variable, string>> = {
  SCHEMA_CONFIG_PATH: `path of a definition, or its name in conf/schemas (${DEFAULT_SCHEMA})`,
  SCHEMA_OUTPUT: `a file, or a folder for <name>.<csv|jsonl>[.gz] (${DEFAULT_OUTPUT})`,
  SCHEMA_RECORDS: 'how many (as the definition says)',
  SCHEMA_FORMAT: 'csv or jsonl (as the definition says)',
  SCHEMA_SEED: 'any text: the same one makes the same records (as the definition says)',
  SCHEMA_REFERENCE_TIME: 'what `now` means, like 2025-01-31T08:00:00Z (now)',
  SCHEMA_GZIP: 'compress; --gzip=false: do not (as the definition says)',
  SCHEMA_CLEAR_OUTPUT: 'remove what was made of this data set before, in that folder',
  JSON_SUMMARY: 'the account as one JSON document on stdout',
};

/** The options that set one of these variables. */
function optionsFor(variables: z.ZodObject) {
  const names = Object.keys(variables.shape);
  const among = (options: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(options).filter(([, variable]) => names.includes(variable)));
  return optionsOf(names, among(FLAGS), among(NAMES));
}

const OPTIONS = {
  generate: optionsFor(generateVariables),
  validate: optionsFor(validateVariables),
  list: optionsFor(listVariables),
};

const help = (command: keyof typeof OPTIONS, purpose: string): string =>
  helpText(`Usage: npm run schema -- ${command} [options]\n\n${purpose}`, OPTIONS[command], PURPOSES);

/** What `--help` prints, by command. */
export const HELP = {
  generate: help(
    'generate',
    'Makes the records of a data set as its definition says. The same definition, seed and reference time make the same bytes.',
  ),
  validate: help(
    'validate',
    'Checks the definition of a data set, and names everything that is wrong with it.',
  ),
  list: help('list', 'Lists the definitions in conf/schemas.'),
};

/** How the user has called a variable. */
export type NameOf = (variable: Variable) => string;

export interface SchemaSettings {
  /** Path of the definition, or its name. */
  readonly schema: string;
  /** What `now` means. */
  readonly referenceTime: Date;
  /** The account as one JSON document. */
  readonly printsJson: boolean;
  readonly nameOf: NameOf;
}

export interface GenerateSettings extends SchemaSettings {
  readonly clearsOutput: boolean;
  /** Where the records of a definition go. @throws InvalidSettings */
  readonly targetFor: (definition: DatasetDefinition) => Target;
  readonly recordsOf: (definition: DatasetDefinition) => RecordSettings;
}

function readFor<S extends z.ZodObject>(
  variables: S,
  command: keyof typeof OPTIONS,
  environment: Environment,
  cliArguments: readonly string[],
) {
  const given = withOptions(environment, cliArguments, OPTIONS[command]);
  const nameOf: NameOf = (variable) => given.calledAs.get(variable) ?? variable;
  return { read: readSettings(variables, given.environment, given.calledAs), nameOf };
}

function commonOf(read: z.infer<typeof validateVariables>, nameOf: NameOf, now: Date): SchemaSettings {
  const { SCHEMA_REFERENCE_TIME: reference } = read;
  return {
    schema: read.SCHEMA_CONFIG_PATH,
    referenceTime: reference === undefined ? now : new Date(reference),
    printsJson: read.JSON_SUMMARY,
    nameOf,
  };
}

/**
 * Settings of the command line, before them those of the environment, before them those of the definition.
 * @throws InvalidSettings naming each bad one.
 */
export function readGenerateSettings(
  environment: Environment,
  cliArguments: readonly string[],
  now: Date,
): GenerateSettings {
  const { read, nameOf } = readFor(generateVariables, 'generate', environment, cliArguments);
  const common = commonOf(read, nameOf, now);
  return {
    ...common,
    clearsOutput: read.SCHEMA_CLEAR_OUTPUT,
    targetFor: (definition) =>
      targetOf(
        {
          output: read.SCHEMA_OUTPUT,
          format: read.SCHEMA_FORMAT,
          isGzip: read.SCHEMA_GZIP,
          names: {
            output: nameOf('SCHEMA_OUTPUT'),
            format: nameOf('SCHEMA_FORMAT'),
            gzip: nameOf('SCHEMA_GZIP'),
          },
        },
        definition,
      ),
    recordsOf: (definition) => ({
      records: read.SCHEMA_RECORDS ?? definition.records,
      seed: read.SCHEMA_SEED ?? definition.seed,
      referenceMs: common.referenceTime.getTime(),
    }),
  };
}

/** @throws InvalidSettings naming each bad one. */
export function readValidateSettings(
  environment: Environment,
  cliArguments: readonly string[],
  now: Date,
): SchemaSettings {
  const { read, nameOf } = readFor(validateVariables, 'validate', environment, cliArguments);
  return commonOf(read, nameOf, now);
}

/** @throws InvalidSettings naming each bad one. */
export function readListSettings(
  environment: Environment,
  cliArguments: readonly string[],
): Pick<SchemaSettings, 'printsJson'> {
  const { read } = readFor(listVariables, 'list', environment, cliArguments);
  return { printsJson: read.JSON_SUMMARY };
}
