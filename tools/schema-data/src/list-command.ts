import { join } from 'node:path';
import { formatCount } from '@millrace/generator';
import { readListSettings } from './config';
import type { CommandContext } from './schema-command';
import { schemaNames } from './schema-files';
import { suffixOf } from './target';
import { checkSchema } from './validate-command';

/** A definition of the folder; what is not valid has problems, and nothing else. */
interface ListedSchema {
  /** Of the file. */
  readonly schema: string;
  readonly title?: string;
  readonly fields?: number;
  readonly records?: number;
  readonly format?: string;
  readonly gzip?: boolean;
  readonly problems: number;
}

function listed(folder: string, schema: string, now: Date): ListedSchema {
  const { definition, problems } = checkSchema(join(folder, `${schema}.json`), schema, now);
  if (definition === undefined) return { schema, problems: problems.length };
  const { name, title = name, fields, records, output } = definition;
  return { schema, title, fields: fields.length, records, ...output, problems: 0 };
}

function lineOf({ schema, title, fields, records, format, gzip, problems }: ListedSchema): string {
  const name = schema.padEnd(24);
  if (problems > 0) {
    return `${name}not valid, ${problems} problem${problems === 1 ? '' : 's'}: npm run schema -- validate --schema ${schema}`;
  }
  const kind = suffixOf({ format: format === 'jsonl' ? 'jsonl' : 'csv', isGzip: gzip === true });
  const sizes = `${fields ?? 0} fields, ${formatCount(records ?? 0)} records, ${kind}`;
  return `${name}${sizes.padEnd(42)}${title ?? ''}`;
}

/** `schema list` */
export function list(cliArguments: readonly string[], context: CommandContext): number {
  const { printsJson } = readListSettings(context.environment, cliArguments);
  const { schemaFolder, now } = context;
  const schemas = schemaNames(schemaFolder).map((schema) => listed(schemaFolder, schema, now));
  context.out(
    printsJson ? JSON.stringify({ folder: schemaFolder, schemas }) : schemas.map(lineOf).join('\n'),
  );
  return 0;
}
