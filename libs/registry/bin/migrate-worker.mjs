/**
 * Applies the migrations of `workerData`, as a thread: the engine is an ES module (the library around it is CommonJS)
 * and its WebAssembly memory is given back when the thread ends.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { withEngine } from './schema-engine.mjs';

const { databaseUrl, migrationsFolder, schemaFile } = workerData;

const migrationDirectories = readdirSync(migrationsFolder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort()
  .map((path) => ({
    path,
    migrationFile: {
      path: 'migration.sql',
      content: { tag: 'ok', value: readFileSync(`${migrationsFolder}/${path}/migration.sql`, 'utf8') },
    },
  }));

const migrationsList = {
  baseDir: migrationsFolder,
  lockfile: {
    path: 'migration_lock.toml',
    content: readFileSync(`${migrationsFolder}/migration_lock.toml`, 'utf8'),
  },
  shadowDbInitScript: '',
  migrationDirectories,
};

const { appliedMigrationNames } = await withEngine(databaseUrl, readFileSync(schemaFile, 'utf8'), (engine) =>
  engine.applyMigrations({ migrationsList, filters: { externalTables: [], externalEnums: [] } }),
);
parentPort.postMessage(appliedMigrationNames);
// The engine leaves a timer of 10 s behind.
process.exit();
