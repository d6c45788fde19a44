import type { ClientConfig } from 'pg';

export interface ConnectionOptions {
  /** What `pg_stat_activity` shows. */
  readonly applicationName: string;
  /** Settings of the server for this connection. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** How long a new connection may take. */
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Options of every connection of this library. The time zone is UTC whatever the server says, because Prisma's adapter
 * drops the offset of a `timestamptz`. TCP keepalive finds a server that went away without a word.
 *
 * @throws Error when `databaseUrl` is no URL; the message never shows it, since it may hold a password.
 */
export function connectionConfig(databaseUrl: string, options: ConnectionOptions): ClientConfig {
  if (!URL.canParse(databaseUrl)) {
    throw new Error('The database URL is not of the form postgresql://user:password@host:port/database');
  }
  const url = new URL(databaseUrl);
  const settings = Object.entries({ TimeZone: 'UTC', ...options.settings });
  const given = url.searchParams.get('options') ?? '';
  url.searchParams.set(
    'options',
    [given, ...settings.map(([name, value]) => `-c ${name}=${value}`)].join(' ').trim(),
  );
  return {
    connectionString: url.href,
    application_name: options.applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
  };
}

/** `host:port/database` of a URL, for messages: no user, no password. */
export function describeServer(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl)) return '(not a URL)';
  const { host, pathname } = new URL(databaseUrl);
  return `${host}${pathname}`;
}
