import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { isObjectStore } from '@millrace/delta';
import type { DeltaTables } from '@millrace/delta';
import { isMillraceError } from '@millrace/domain';
import { ConfigError } from '@millrace/platform';
import { openRegistry } from '@millrace/registry';
import type { Registry } from '@millrace/registry';
import { openTables } from '../open-tables';
import type { RegistryCommandConfig } from './config';

/** A table or a column that Postgres does not know, in its own codes and in Prisma's. */
const OTHER_SCHEMA: ReadonlySet<string> = new Set(['42P01', '42703', 'P2021', 'P2022']);

const REGISTRY_CONNECTIONS = 4;

/** Something that a command needs is not there; the message says what, and what to do. */
export class Unreachable extends Error {}

/** One sentence with cause and cure. What nobody foresaw is thrown on. */
export function problemOf(error: unknown): string {
  const isAway = isMillraceError(error) && error.code === 'SERVICE_UNAVAILABLE';
  if (isAway || error instanceof ConfigError || error instanceof Unreachable) return error.message;
  if (error instanceof Error && 'code' in error && OTHER_SCHEMA.has(String(error.code))) {
    return `The database has not the tables of this version (${error.message}): start Millrace once, which makes them`;
  }
  throw error;
}

/** Opens the registry and the tables for as long as a command uses them. */
export async function withStorage<T>(
  config: RegistryCommandConfig,
  applicationName: string,
  use: (registry: Registry, tables: DeltaTables) => Promise<T>,
): Promise<T> {
  if (!config.isLocalStack) await requireFolder(config.deltaBasePath);
  const registry = openRegistry({
    databaseUrl: config.databaseUrl,
    maxConnections: REGISTRY_CONNECTIONS,
    applicationName,
  });
  // The folder of the settings belongs to the service, which may run.
  const tables = openTables({ ...config, cacheDirectory: undefined }, applicationName);
  try {
    await registry.ping();
    await tables.ping();
    return await use(registry, tables);
  } finally {
    await tables.close();
    await registry.close();
  }
}

/** Without it every row would look like one whose files are gone. A bucket that is absent says so itself. */
async function requireFolder(basePath: string): Promise<void> {
  if (isObjectStore(basePath)) return;
  const path = basePath.startsWith('file:') ? fileURLToPath(basePath) : basePath;
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) return;
  throw new Unreachable(`There is no folder ${path}: set DELTA_BASE_PATH to where the Delta tables are`);
}
