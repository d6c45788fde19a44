import { optionalSecret, optionalSetting, setting, text } from '@millrace/platform';
import type { ConfigOf } from '@millrace/platform';
import { z } from 'zod';
import { PostgresSink } from './postgres-sink';
import type { PostgresAddress } from './sink-connection';

const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,62}$/;
const DEFAULT_PORT = 5432;
const FORM = 'must be jdbc:postgresql://host:port/database';

/** As the JDBC driver means them; without any there is no TLS. */
const TLS: Readonly<Record<string, PostgresAddress['ssl']>> = {
  'ssl=true': true,
  'ssl=false': false,
  'sslmode=disable': false,
  'sslmode=require': { rejectUnauthorized: false },
  'sslmode=verify-full': true,
};
const CREDENTIALS: ReadonlySet<string> = new Set(['user', 'password', 'sslpassword']);

/** The address, or what is wrong with it; names of parameters may be told, their values not. */
function parseJdbcUrl(url: string): PostgresAddress | string {
  const parts = /^jdbc:postgresql:\/\/([^/?#\s]+)\/([^/?#\s]+)(?:\?([^#\s]*))?$/i.exec(url);
  if (parts === null) return FORM;
  const [, authority = '', path = '', query = ''] = parts;
  const server = serverOf(authority);
  if (typeof server === 'string') return server;
  const database = decoded(path);
  if (database === undefined) return FORM;
  const ssl = tlsOf(new URLSearchParams(query));
  return typeof ssl === 'string' ? ssl : { ...server, database, ssl };
}

function serverOf(authority: string): Pick<PostgresAddress, 'host' | 'port'> | string {
  if (authority.includes('@')) return `${FORM}: user and password belong in JDBC_USER and JDBC_PASSWORD`;
  if (authority.includes(',')) return `${FORM}: of one host, there is no choice among several`;
  const [, host, digits] = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/i.exec(authority) ?? [];
  const port = Number(digits ?? DEFAULT_PORT);
  if (host === undefined || port < 1 || port > 65_535) return FORM;
  return { host: host.replace(/^\[|\]$/g, ''), port };
}

function tlsOf(parameters: URLSearchParams): PostgresAddress['ssl'] | string {
  let tls: PostgresAddress['ssl'] = false;
  for (const [name, value] of parameters) {
    if (CREDENTIALS.has(name.toLowerCase())) {
      return `has the parameter ${name}: user and password belong in JDBC_USER and JDBC_PASSWORD`;
    }
    const meant = TLS[`${name}=${value}`];
    if (meant === undefined) {
      return `has a parameter ${name} that the sink does not know: it knows ${Object.keys(TLS).join(', ')}`;
    }
    tls = meant;
  }
  return tls;
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

export const jdbcSettings = {
  jdbcUrl: {
    ...optionalSetting({
      env: 'JDBC_URL',
      key: 'pipeline.jdbc.url',
      schema: z.string().transform((url, context) => {
        const address = parseJdbcUrl(url);
        if (typeof address !== 'string') return address;
        context.addIssue({ code: 'custom', message: address });
        return z.NEVER;
      }),
      description: 'Database that analyses go to where a batch asks for the sink jdbc',
    }),
    // Not shown when it is refused: what is wrong may be the password in it.
    secret: true,
  },
  jdbcSchema: setting({
    env: 'JDBC_SCHEMA',
    key: 'pipeline.jdbc.schema',
    schema: z.string().regex(SCHEMA_NAME, { error: 'must be a lower-case name of letters, digits and _' }),
    description: 'Schema of that database, with a table for each analysis',
  }),
  jdbcUser: optionalSecret({
    env: 'JDBC_USER',
    schema: text(),
    description: 'User of that database',
  }),
  jdbcPassword: optionalSecret({
    env: 'JDBC_PASSWORD',
    schema: text(),
    description: 'Password of that user',
  }),
} as const;

/** The extra sinks that the settings allow. */
export function configuredSinks(config: ConfigOf<typeof jdbcSettings>): { readonly jdbc?: PostgresSink } {
  const { jdbcUrl: address, jdbcUser: user, jdbcPassword: password, jdbcSchema: schema } = config;
  return address === undefined ? {} : { jdbc: new PostgresSink({ ...address, user, password, schema }) };
}
