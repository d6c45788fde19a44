import { InvalidDatasetDefinition } from '@millrace/domain';
import type { DatasetDefinition, DatasetProblem } from '@millrace/domain';
import { formatCount } from '@millrace/generator';
import { readValidateSettings } from './config';
import { Records } from './records';
import type { CommandContext } from './schema-command';
import { readSchema, schemaPath } from './schema-files';

const EXIT_INVALID = 1;

type Outcome =
  | { readonly definition: DatasetDefinition; readonly problems: readonly [] }
  | { readonly definition: undefined; readonly problems: readonly DatasetProblem[] };

/** Reads a definition and prepares to make its records, which shows what only the reference time can tell. */
export function checkSchema(path: string, calledAs: string, referenceTime: Date): Outcome {
  try {
    const definition = readSchema(path, calledAs);
    const { seed, records } = definition;
    new Records(definition, { seed, records, referenceMs: referenceTime.getTime() }).next();
    return { definition, problems: [] };
  } catch (error) {
    if (error instanceof InvalidDatasetDefinition) return { definition: undefined, problems: error.problems };
    throw error;
  }
}

/** `schema validate`: 0 where the definition can be used, 1 where it cannot. */
export function validate(cliArguments: readonly string[], context: CommandContext): number {
  const settings = readValidateSettings(context.environment, cliArguments, context.now);
  const calledAs = settings.nameOf('SCHEMA_CONFIG_PATH');
  const path = schemaPath(settings.schema, calledAs, context.schemaFolder);
  const { definition, problems } = checkSchema(path, calledAs, settings.referenceTime);
  const isValid = definition !== undefined;
  if (settings.printsJson) context.out(JSON.stringify({ path, isValid, problems }));
  else if (isValid) context.out(`${path} is valid: ${inWords(definition)}`);
  else context.out([`${path} is not valid:`, ...problems.map(lineOf)].join('\n'));
  return isValid ? 0 : EXIT_INVALID;
}

const lineOf = ({ path, message }: DatasetProblem): string => `  ${path || 'definition'}: ${message}`;

function inWords({ name, fields, records, analysis }: DatasetDefinition): string {
  const count =
    analysis === undefined ? 'no analysis' : `analysis by ${analysis.dimensions.join(', ') || 'day'}`;
  return `${name}, ${fields.length} fields, ${formatCount(records)} records, ${count}`;
}
