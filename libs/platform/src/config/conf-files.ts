import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Variables as `process.env` holds them. */
export type Environment = Readonly<Record<string, string | undefined>>;

export type JsonObject = { readonly [key: string]: unknown };

const DEFAULTS = 'pipeline.defaults.json';

/**
 * The folder with the settings files: `MILLRACE_CONF`, or the nearest `conf/` above this file, so that the working
 * directory does not matter.
 */
export function findConfDirectory(environment: Environment, from = __dirname): string | undefined {
  const given = environment['MILLRACE_CONF'];
  if (given !== undefined && given !== '') return resolve(given);
  for (let folder = from; dirname(folder) !== folder; folder = dirname(folder)) {
    if (existsSync(join(folder, 'conf', DEFAULTS))) return join(folder, 'conf');
  }
  return undefined;
}

/** Defaults, then the file of `NODE_ENV` where there is one; later layers win key by key. */
export function readConfFiles(confDirectory: string, environment: Environment): JsonObject {
  const defaults = readJson(join(confDirectory, DEFAULTS));
  const stage = environment['NODE_ENV'];
  if (stage === undefined || !/^\w+$/.test(stage)) return defaults;
  const file = join(confDirectory, `pipeline.${stage}.json`);
  return existsSync(file) ? merge(defaults, readJson(file)) : defaults;
}

/**
 * Another file of that folder, `topics.json` say.
 * @throws Error naming the file, where it is not there or is not one JSON object.
 */
export function readConfFile(name: string, environment: Environment): JsonObject {
  const confDirectory = findConfDirectory(environment);
  if (confDirectory === undefined) throw new Error(`There is no conf/ with ${name}: set MILLRACE_CONF`);
  return readJson(join(confDirectory, name));
}

export function valueAt(tree: JsonObject, key: string): unknown {
  return key.split('.').reduce<unknown>((node, name) => (isObject(node) ? node[name] : undefined), tree);
}

function readJson(file: string): JsonObject {
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isObject(content)) throw new Error(`${file} must hold one JSON object`);
  return content;
}

function merge(below: JsonObject, above: JsonObject): JsonObject {
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const under = merged[key];
    merged[key] = isObject(under) && isObject(value) ? merge(under, value) : value;
  }
  return merged;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
