import { requireEndpoints } from '@millrace/testing';
import { Client } from 'pg';

export { silentServer } from './silent-server';
export type { SilentServer } from './silent-server';

export interface FreshDatabase {
  readonly url: string;
  /** Runs a statement in it. */
  query(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  drop(): Promise<void>;
}

/**
 * An empty database of its own for one spec file, on the Postgres of the running stack. Its time zone is far from UTC, so
 * that whoever forgets the zone of a time is found out.
 */
export async function freshDatabase(): Promise<FreshDatabase> {
  const name = `spec_${crypto.randomUUID().replaceAll('-', '')}`;
  const server = new URL(requireEndpoints().postgres);
  await execute(server.href, `CREATE DATABASE ${name}`);
  await execute(server.href, `ALTER DATABASE ${name} SET timezone = 'Pacific/Chatham'`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    query: (text, values) => execute(url.href, text, values),
    drop: async () => {
      await execute(server.href, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function execute(url: string, text: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text, values)).rows;
  } finally {
    await client.end();
  }
}
