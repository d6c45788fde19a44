import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseDatasetDefinition } from '@millrace/domain';
import type { DatasetDefinition } from '@millrace/domain';
import { InvalidSettings } from '@millrace/generator';

/** `conf/schemas` of the checkout. */
export const SCHEMA_FOLDER = join(__dirname, '..', '..', '..', 'conf', 'schemas');

const SUFFIX = '.json';
const NAME = /^[a-z][a-z0-9_]*$/;

/** Names of the definitions that a folder has, sorted. */
export function schemaNames(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))
    .sort();
}

/**
 * The file of a definition.
 * @param given its path, or its name in the folder.
 * @throws InvalidSettings where there is none.
 */
export function schemaPath(given: string, calledAs: string, folder: string): string {
  const path = NAME.test(given) ? join(folder, `${given}${SUFFIX}`) : resolve(given);
  if (existsSync(path)) return path;
  const known = schemaNames(folder).join(', ');
  throw new InvalidSettings(
    `${calledAs} must be the path of a definition, or one of: ${known} (it is ${JSON.stringify(given)})`,
  );
}

/**
 * @param calledAs how the user has called what named the file.
 * @throws InvalidDatasetDefinition
 * @throws InvalidSettings where the file cannot be read.
 */
export function readSchema(path: string, calledAs: string): DatasetDefinition {
  let json: string;
  try {
    json = readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidSettings(`${calledAs} must be a file that can be read (${reason})`, { cause });
  }
  return parseDatasetDefinition(json);
}
