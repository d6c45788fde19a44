import { Worker } from 'node:worker_threads';
import { ServiceUnavailable } from '@millrace/domain';
import { Client } from 'pg';
import { connectionConfig, describeServer } from './connection';
import { MIGRATE_WORKER_FILE, MIGRATIONS_FOLDER, SCHEMA_FILE, readMigrations } from './migration-files';
import type { MigrationFile } from './migration-files';
import { isConnectionFailure, codeOf } from './registry-error';

/** Any number that is ours alone and not the one that Prisma's own command line locks. */
const LOCK_KEY = 7_204_250_117;
const LOCK_TIMEOUT_MS = 120_000;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Brings the database to the newest migration, all of the missing ones or none (one transaction), and keeps the books
 * as Prisma's command line does (`_prisma_migrations`). Services that start at the same moment may all call it: one
 * migrates, the others wait. Migrations that only the database knows are left alone, so that an older service can
 * still start beside a newer one.
 *
 * @throws ServiceUnavailable when Postgres cannot be reached, or when somebody else holds the lock for two minutes.
 * @throws Error when an applied migration was edited afterwards, or failed half-way under another tool.
 */
export async function migrate(databaseUrl: string): Promise<{ applied: string[] }> {
  const client = new Client(connectionConfig(databaseUrl, { applicationName: 'millrace-migrate' }));
  // A connection that breaks while idle emits this too; the next query reports it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return { applied: await applyMissing(client, databaseUrl) };
  } catch (error) {
    if (!isConnectionFailure(error)) throw error;
    throw new ServiceUnavailable(
      `Postgres at ${describeServer(databaseUrl)} cannot be reached: ${reasonOf(error)}`,
      { cause: error },
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function applyMissing(client: Client, databaseUrl: string): Promise<string[]> {
  const migrations = readMigrations();
  // Without the lock first: every start but the first ends here.
  if (missingOf(migrations, await appliedOf(client)).length === 0) return [];
  await lock(client);
  const applied = await appliedOf(client);
  refuseUnfinished(applied);
  return missingOf(migrations, applied).length === 0 ? [] : await applyInWorker(databaseUrl);
}

interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
  readonly isFinished: boolean;
}

async function appliedOf(client: Client): Promise<AppliedMigration[]> {
  const { rows: tables } = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`,
  );
  if (tables[0]?.exists !== true) return [];
  const { rows } = await client.query<AppliedMigration>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS "isFinished"
       FROM _prisma_migrations WHERE rolled_back_at IS NULL`,
  );
  return rows;
}

function missingOf(
  migrations: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
): MigrationFile[] {
  const finished = new Map(applied.filter((row) => row.isFinished).map((row) => [row.name, row.checksum]));
  for (const { name, checksum } of migrations) {
    if (finished.has(name) && finished.get(name) !== checksum) {
      throw new Error(
        `Migration ${name} was edited after this database had applied it: undo the edit and add a new migration`,
      );
    }
  }
  return migrations.filter(({ name }) => !finished.has(name));
}

function refuseUnfinished(applied: readonly AppliedMigration[]): void {
  const failed = applied.find((row) => !row.isFinished);
  if (failed === undefined) return;
  throw new Error(
    `Migration ${failed.name} was begun by another tool and never finished: repair it, then mark it with "prisma migrate resolve"`,
  );
}

async function lock(client: Client): Promise<void> {
  await client.query(`SET lock_timeout = ${LOCK_TIMEOUT_MS}`);
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
  } catch (error) {
    if (codeOf(error) !== LOCK_NOT_AVAILABLE) throw error;
    throw new ServiceUnavailable(
      `Another service has been migrating the registry for more than ${LOCK_TIMEOUT_MS / 1000} s`,
      { cause: error },
    );
  }
}

/** @returns names of the migrations it applied. */
function applyInWorker(databaseUrl: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(MIGRATE_WORKER_FILE, {
      workerData: { databaseUrl, migrationsFolder: MIGRATIONS_FOLDER, schemaFile: SCHEMA_FILE },
    });
    worker.once('message', resolve);
    worker.once('error', (error) => {
      reject(new Error(`The registry could not be migrated: ${error.message}`, { cause: error }));
    });
    worker.once('exit', (code) => {
      reject(new Error(`The migration ended without a result (code ${code})`));
    });
  });
}

/** Several addresses of one host fail as one AggregateError with a code and without a text. */
function reasonOf(error: unknown): string {
  const text = (error as Partial<Error>).message;
  return text !== undefined && text !== '' ? text : (codeOf(error) ?? String(error));
}
