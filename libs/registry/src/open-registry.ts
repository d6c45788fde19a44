import type {
  BatchChanges,
  BatchRegistry,
  RejectReplays,
  StreamRegistry,
  UpkeepRegistry,
  WebhookOutbox,
} from '@millrace/domain';
import { PrismaPg } from '@prisma/adapter-pg';
import { Pool } from 'pg';
import { connectionConfig } from './connection';
import { PrismaClient } from './generated/client';
import { PostgresBatchChanges } from './postgres-batch-changes';
import { PostgresBatchRegistry } from './postgres-batch-registry';
import { PostgresRejectReplays } from './postgres-reject-replays';
import { PostgresStreamRegistry } from './postgres-stream-registry';
import { PostgresUpkeepRegistry } from './postgres-upkeep-registry';
import { PostgresWebhookOutbox } from './postgres-webhook-outbox';
import { answered } from './registry-error';

export interface RegistryOptions {
  /** `postgresql://user:password@host:port/database` */
  readonly databaseUrl: string;
  readonly maxConnections: number;
  /** What `pg_stat_activity` shows. */
  readonly applicationName: string;
  /** After this a statement is given up, by Postgres or, when Postgres hangs, a second later by us. */
  readonly statementTimeoutMs?: number;
}

export interface Registry {
  readonly batches: BatchRegistry;
  readonly streams: StreamRegistry;
  /** On a connection of its own besides `maxConnections`, from the first listener on. */
  readonly changes: BatchChanges;
  readonly webhooks: WebhookOutbox;
  readonly upkeep: UpkeepRegistry;
  readonly rejectReplays: RejectReplays;
  /** @throws ServiceUnavailable when Postgres does not answer. */
  ping(): Promise<void>;
  /** Waits for the statements that are under way. Safe to call twice. */
  close(): Promise<void>;
}

const DEFAULT_STATEMENT_TIMEOUT_MS = 10_000;
/** So much later than the server, so that its own answer comes first when it can still give one. */
const GRACE_MS = 1_000;

/** Opens nothing yet: the first statement connects, and connections that break are made anew. */
export function openRegistry(options: RegistryOptions): Registry {
  const pool = openPool(options);
  // One pool for both: Prisma takes its connections from ours.
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool), errorFormat: 'minimal' });
  let closing: Promise<void> | undefined;
  const changes = new PostgresBatchChanges(options.databaseUrl, `${options.applicationName}-changes`);
  const close = async () => {
    await changes.close();
    await prisma.$disconnect();
    await pool.end();
  };
  return {
    batches: new PostgresBatchRegistry(pool),
    streams: new PostgresStreamRegistry(pool, prisma),
    changes,
    webhooks: new PostgresWebhookOutbox(pool),
    upkeep: new PostgresUpkeepRegistry(pool),
    rejectReplays: new PostgresRejectReplays(pool),
    ping: async () => {
      await answered(() => pool.query('SELECT 1'));
    },
    close: () => (closing ??= close()),
  };
}

function openPool(options: RegistryOptions): Pool {
  const statementTimeoutMs = options.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS;
  const pool = new Pool({
    ...connectionConfig(options.databaseUrl, { applicationName: options.applicationName }),
    max: options.maxConnections,
    idleTimeoutMillis: 60_000,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + GRACE_MS,
  });
  // An idle connection that breaks would end the process otherwise; the pool drops it and makes another when asked.
  pool.on('error', () => undefined);
  return pool;
}
