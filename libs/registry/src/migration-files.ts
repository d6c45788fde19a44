import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The package's root, seen from `src` and from `dist`. */
const PACKAGE_ROOT = join(__dirname, '..');

export const MIGRATIONS_FOLDER = join(PACKAGE_ROOT, 'prisma', 'migrations');
export const SCHEMA_FILE = join(PACKAGE_ROOT, 'prisma', 'schema.prisma');
export const MIGRATE_WORKER_FILE = join(PACKAGE_ROOT, 'bin', 'migrate-worker.mjs');

export interface MigrationFile {
  /** `<timestamp>_<name>`: the folder's name. */
  readonly name: string;
  /** SHA-256 of the script in hex, as Prisma keeps it. */
  readonly checksum: string;
}

/** Oldest first. */
export function readMigrations(): MigrationFile[] {
  return readdirSync(MIGRATIONS_FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, checksum: checksumOf(join(MIGRATIONS_FOLDER, name, 'migration.sql')) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function checksumOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
