import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError, readConfig } from '@millrace/platform';
import type { ConfigOf, Environment } from '@millrace/platform';
import { storageSettings } from '../config';

export interface RegistryCommandConfig extends ConfigOf<typeof storageSettings> {
  /** Its folder of tables is made with the first table: until then there is none, and nothing is wrong. */
  readonly isLocalStack: boolean;
}

/**
 * Settings of the command. The registry and the tables must belong together: both come from the environment, or both from
 * the stack that runs in the home (also where that stack was started with a Postgres of the person's own).
 *
 * @param checkout where `MILLRACE_HOME` and `.millrace` are looked for.
 * @throws ConfigError
 */
export function readCommandConfig(environment: Environment, checkout: string): RegistryCommandConfig {
  const { DATABASE_URL: databaseUrl, DELTA_BASE_PATH: basePath } = environment;
  if (isSet(databaseUrl) && isSet(basePath)) {
    return { ...readConfig(storageSettings, environment), isLocalStack: false };
  }
  const home = homeOf(environment, checkout);
  const postgres = endpointOf(join(home, 'endpoints.json'), 'postgres');
  const basePathOfHome = join(home, 'data', 'delta');
  if (postgres === undefined)
    throw new ConfigError([{ name: missingOf(databaseUrl), message: cureOf(home) }]);
  if (isSet(databaseUrl) && databaseUrl !== postgres) {
    throw new ConfigError([
      { name: 'DELTA_BASE_PATH', message: 'is required with a DATABASE_URL of your own' },
    ]);
  }
  if (isSet(basePath) && resolve(basePath) !== basePathOfHome) {
    throw new ConfigError([
      { name: 'DATABASE_URL', message: 'is required with a DELTA_BASE_PATH of your own' },
    ]);
  }
  const ofStack = { ...environment, DATABASE_URL: postgres, DELTA_BASE_PATH: basePathOfHome };
  return { ...readConfig(storageSettings, ofStack), isLocalStack: true };
}

/** Settings of this process. */
export const readOwnCommandConfig = (): RegistryCommandConfig =>
  readCommandConfig(process.env, process.cwd());

const cureOf = (home: string): string =>
  `is not set and no local stack runs in ${home}: start one (npm start), set MILLRACE_HOME to the home of the one that runs, ` +
  'or set both DATABASE_URL and DELTA_BASE_PATH';

const isSet = (value: string | undefined): value is string => value !== undefined && value !== '';

const missingOf = (databaseUrl: string | undefined) =>
  isSet(databaseUrl) ? 'DELTA_BASE_PATH' : 'DATABASE_URL';

/** An address of the stack that runs in the home; undefined while none does. */
export function endpointOf(endpointsFile: string, name: 'postgres' | 'kafka'): string | undefined {
  if (!existsSync(endpointsFile)) return undefined;
  try {
    const endpoints = JSON.parse(readFileSync(endpointsFile, 'utf8')) as Readonly<Record<string, unknown>>;
    const address = endpoints[name];
    if (typeof address === 'string') return address;
  } catch {
    // Told below.
  }
  const server = name === 'postgres' ? 'Postgres' : 'Kafka';
  throw new ConfigError([{ name: endpointsFile, message: `does not name the ${server} of a running stack` }]);
}

export const homeOf = (environment: Environment, checkout: string): string =>
  resolve(checkout, environment['MILLRACE_HOME'] ?? '.millrace');
