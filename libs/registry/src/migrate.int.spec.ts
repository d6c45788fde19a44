import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { freshDatabase } from './fresh-database';
import type { FreshDatabase } from './fresh-database';
import { migrate } from './migrate';
import { readMigrations } from './migration-files';

let database: FreshDatabase;
beforeEach(async () => {
  database = await freshDatabase();
});
afterEach(() => database.drop());

const NAMES = readMigrations().map(({ name }) => name);

describe('migrate', () => {
  it('applies every migration to an empty database, and nothing the second time', async () => {
    expect(await migrate(database.url)).toEqual({ applied: NAMES });
    expect(await migrate(database.url)).toEqual({ applied: [] });
  });

  it('keeps the books as the stock command line does: one finished row with the SHA-256 of each script', async () => {
    await migrate(database.url);
    const rows = await database.query(
      `SELECT migration_name AS name, checksum, applied_steps_count AS steps, finished_at IS NOT NULL AS finished
         FROM _prisma_migrations ORDER BY migration_name`,
    );
    expect(rows).toEqual(readMigrations().map((file) => ({ ...file, steps: 1, finished: true })));
  });

  it('migrates once when several services start at the same moment', async () => {
    const results = await Promise.all(Array.from({ length: 4 }, () => migrate(database.url)));
    expect(results.flatMap(({ applied }) => applied)).toEqual(NAMES);
    expect(await database.query('SELECT 1 FROM _prisma_migrations')).toHaveLength(NAMES.length);
  });

  it('leaves nothing behind when a migration fails, and works once the cause is gone', async () => {
    // The first migration needs this name, after it has made other tables.
    await database.query('CREATE SEQUENCE spark_session');
    await expect(migrate(database.url)).rejects.toThrow(
      /could not be migrated: .*"spark_session" already exists/,
    );
    const tables = await database.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`);
    expect(tables).toEqual([]);
    await database.query('DROP SEQUENCE spark_session');
    expect(await migrate(database.url)).toEqual({ applied: NAMES });
  });

  it('refuses a database whose migration was another text', async () => {
    await migrate(database.url);
    await database.query(`UPDATE _prisma_migrations SET checksum = 'abc'`);
    await expect(migrate(database.url)).rejects.toThrow(/was edited after this database had applied it/);
  });

  it('refuses a migration that another tool began and never finished', async () => {
    await migrate(database.url);
    await database.query('UPDATE _prisma_migrations SET finished_at = NULL');
    await expect(migrate(database.url)).rejects.toThrow(/never finished/);
  });

  it('leaves alone what a newer version has added', async () => {
    await migrate(database.url);
    await database.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ('newer', 'abc', '29990101000000_newer', now(), 1)`,
    );
    expect(await migrate(database.url)).toEqual({ applied: [] });
  });

  it('says which server cannot be reached, without the password', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => {
        resolve((server.address() as AddressInfo).port);
      }),
    );
    await new Promise((resolve) => server.close(resolve));
    const failure = migrate(`postgresql://someone:secret@127.0.0.1:${port}/millrace`);
    await expect(failure).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: `Postgres at 127.0.0.1:${port}/millrace cannot be reached: connect ECONNREFUSED 127.0.0.1:${port}`,
    });
  });
});
