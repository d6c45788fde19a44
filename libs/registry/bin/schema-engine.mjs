/**
 * Prisma's schema engine as WebAssembly, so that no engine binary is ever downloaded. The package's own entry imports
 * the `.wasm` file directly, which Node 20 cannot: it is instantiated by hand here. Plain JavaScript, because the
 * package is ES-module-only and the library around it is CommonJS.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';

const require = createRequire(import.meta.url);
/** `@prisma/driver-adapter-utils` is a dependency of the adapter, so it is looked for from there. */
const requireFromAdapter = createRequire(require.resolve('@prisma/adapter-pg'));

async function instantiate() {
  const file = new URL('./schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm'));
  const { instance } = await WebAssembly.instantiate(readFileSync(file), {
    './schema_engine_bg.js': bindings,
  });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

/**
 * An adapter on one connection that sends a script whole: the stock adapter cuts it at every semicolon. It keeps the
 * first error of the database, which the engine hides behind its own attempt to write the failure down.
 */
function oneConnection(databaseUrl) {
  const { Pool } = require('pg');
  const { PrismaPg } = require('@prisma/adapter-pg');
  // Never idle out: the transaction lives on this one connection.
  const pool = new Pool({ connectionString: databaseUrl, max: 1, idleTimeoutMillis: 0, keepAlive: true });
  const factory = new PrismaPg(pool);
  const connect = factory.connect.bind(factory);
  const opened = { pool, factory, failure: undefined };
  factory.connect = async () => {
    const adapter = await connect();
    adapter.executeScript = async (script) => {
      try {
        await pool.query(script);
      } catch (error) {
        opened.failure ??= error;
        throw error;
      }
    };
    return adapter;
  };
  return opened;
}

/** The engine greets its database even when it only compares files: this answers that greeting. */
const noDatabase = {
  adapterName: 'no-database',
  provider: 'postgres',
  connect: async () => ({
    adapterName: 'no-database',
    provider: 'postgres',
    queryRaw: async () => ({ columnNames: [], columnTypes: [], rows: [] }),
    executeRaw: async () => 0,
    executeScript: async () => {},
    getConnectionInfo: () => ({ schemaName: 'public', supportsRelationJoins: true }),
    dispose: async () => {},
  }),
};

function engineOn(factory, schema) {
  const { bindMigrationAwareSqlAdapterFactory } = requireFromAdapter('@prisma/driver-adapter-utils');
  return bindings.SchemaEngine.new(
    { datamodels: [['schema.prisma', schema]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(factory),
  );
}

/** An engine that can compare schema files, nothing else. */
export async function openEngineWithoutDatabase(schema) {
  await instantiate();
  return engineOn(noDatabase, schema);
}

/**
 * Runs `work` on an engine in one transaction: a process that is killed in the middle leaves nothing behind, neither
 * half a migration nor a row that says that one was begun.
 */
export async function withEngine(databaseUrl, schema, work) {
  await instantiate();
  const connection = oneConnection(databaseUrl);
  try {
    await connection.pool.query('BEGIN');
    const result = await work(await engineOn(connection.factory, schema));
    await connection.pool.query('COMMIT');
    return result;
  } catch (error) {
    throw connection.failure ?? error;
  } finally {
    await connection.pool.end();
  }
}
