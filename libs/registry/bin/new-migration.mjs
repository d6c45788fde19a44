#!/usr/bin/env node
/**
 * Writes the next migration: the difference between the committed schema and the one in the working tree.
 *
 *   node libs/registry/bin/new-migration.mjs add_tenant
 *
 * No database and no download is needed. CHECK constraints and moves of data are added to the file by hand.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openEngineWithoutDatabase } from './schema-engine.mjs';

const name = process.argv[2];
if (name === undefined || !/^[a-z][a-z0-9_]*$/.test(name)) {
  process.stderr.write('usage: new-migration.mjs <name_in_snake_case>\n');
  process.exit(2);
}

const packageRoot = fileURLToPath(new URL('..', import.meta.url));

/** Nothing, when the schema was never committed: the first migration starts from an empty database. */
function committedSchema() {
  try {
    return execFileSync('git', ['show', 'HEAD:./prisma/schema.prisma'], {
      cwd: packageRoot,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
}

const datamodel = (content) => ({ tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] });
const wanted = readFileSync(`${packageRoot}prisma/schema.prisma`, 'utf8');
const committed = committedSchema();

const engine = await openEngineWithoutDatabase(wanted);
const { stdout: sql } = await engine.diff({
  from: committed === undefined ? { tag: 'empty' } : datamodel(committed),
  to: datamodel(wanted),
  script: true,
  exitCode: null,
  filters: { externalTables: [], externalEnums: [] },
  shadowDatabaseUrl: null,
});

if (!sql || sql.includes('This is an empty migration')) {
  process.stdout.write('The schema is as it was committed: no migration is needed.\n');
} else {
  const timestamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const folder = `${packageRoot}prisma/migrations/${timestamp}_${name}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/migration.sql`, sql);
  process.stdout.write(`${folder}/migration.sql\n`);
}
