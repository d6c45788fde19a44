import { ServiceUnavailable } from '@millrace/domain';
import { Client } from 'pg';
import type { QueryConfig } from 'pg';
import { connectionConfig } from './connection';
import { answered, codeOf } from './registry-error';

/**
 * A lock that one process of all that share the database holds. It belongs to a connection of its own, so that Postgres
 * frees it the moment the process dies, even by `kill -9`.
 */
export interface ExclusiveLease {
  /**
   * Waits for the lease. False when somebody else still has it after `timeoutMs`; 0 asks once.
   * @throws ServiceUnavailable when Postgres does not answer.
   */
  acquire(timeoutMs: number): Promise<boolean>;
  /** Called at most once per acquisition, when a held lease is lost: somebody else may have it from now on. */
  onLost(callback: (reason: Error) => void): void;
  /** Gives the lease back; nothing happens when it is not held. */
  release(): Promise<void>;
}

export interface LeaseTiming {
  /** Time between two signs of life; 3 s unless told. */
  readonly heartbeatMs?: number;
  /**
   * A sign of life that takes longer means that the lease is lost; 5 s unless told. Both together must stay below the
   * 15 s after which Postgres gives the lease to the next one: the holder has to know first.
   */
  readonly heartbeatTimeoutMs?: number;
}

const LOCK_NOT_AVAILABLE = '55P03';
const GRACE_MS = 5_000;
const HEARTBEAT_MS = 3_000;
const HEARTBEAT_TIMEOUT_MS = 10_000;

/** Lets Postgres notice within about 15 s that the machine of the holder is gone, and never end an idle holder. */
const SETTINGS = {
  tcp_keepalives_idle: 5,
  tcp_keepalives_interval: 2,
  tcp_keepalives_count: 5,
  idle_session_timeout: 0,
};

/** Makes a lease by this name, not held yet. Nothing connects before `acquire`. */
export function exclusiveLease(databaseUrl: string, name: string, timing: LeaseTiming = {}): ExclusiveLease {
  return new PostgresLease(databaseUrl, name, timing);
}

class PostgresLease implements ExclusiveLease {
  private held: { client: Client; heartbeat: NodeJS.Timeout } | undefined;
  private isAcquiring = false;
  private readonly callbacks: ((reason: Error) => void)[] = [];

  constructor(
    private readonly databaseUrl: string,
    private readonly name: string,
    private readonly timing: LeaseTiming,
  ) {}

  onLost(callback: (reason: Error) => void): void {
    this.callbacks.push(callback);
  }

  async acquire(timeoutMs: number): Promise<boolean> {
    if (this.held !== undefined || this.isAcquiring)
      throw new Error(`The lease ${this.name} is in use already`);
    this.isAcquiring = true;
    const client = this.makeClient();
    try {
      const isMine = await answered(() => this.lock(client, timeoutMs));
      if (isMine) this.hold(client);
      else await client.end();
      return isMine;
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    } finally {
      this.isAcquiring = false;
    }
  }

  async release(): Promise<void> {
    const held = this.held;
    if (held === undefined) return;
    this.held = undefined;
    clearInterval(held.heartbeat);
    await held.client.end();
  }

  private makeClient(): Client {
    const applicationName = `millrace-lease-${this.name}`;
    const client = new Client(connectionConfig(this.databaseUrl, { applicationName, settings: SETTINGS }));
    client.on('error', (error) => {
      this.lose(client, error);
    });
    client.on('end', () => {
      this.lose(client, new Error('The connection ended'));
    });
    return client;
  }

  private async lock(client: Client, timeoutMs: number): Promise<boolean> {
    await client.connect();
    const key = [`millrace-lease:${this.name}`];
    if (timeoutMs <= 0) {
      const { rows } = await client.query<{ isMine: boolean }>(
        'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS "isMine"',
        key,
      );
      return rows[0]?.isMine === true;
    }
    await client.query(`SELECT set_config('lock_timeout', $1, false)`, [String(Math.ceil(timeoutMs))]);
    try {
      await client.query(
        within(timeoutMs + GRACE_MS, 'SELECT pg_advisory_lock(hashtextextended($1, 0))', key),
      );
      return true;
    } catch (error) {
      if (codeOf(error) === LOCK_NOT_AVAILABLE) return false;
      throw error;
    }
  }

  private hold(client: Client): void {
    const { heartbeatMs = HEARTBEAT_MS, heartbeatTimeoutMs = HEARTBEAT_TIMEOUT_MS } = this.timing;
    let isBeating = false;
    const heartbeat = setInterval(() => {
      if (isBeating) return;
      isBeating = true;
      client
        .query(within(heartbeatTimeoutMs, 'SELECT 1'))
        .then(
          () => undefined,
          (error: unknown) => {
            this.lose(client, error);
          },
        )
        .finally(() => (isBeating = false));
    }, heartbeatMs);
    // The lease alone keeps no process alive.
    heartbeat.unref();
    this.held = { client, heartbeat };
  }

  private lose(client: Client, cause: unknown): void {
    if (this.held?.client !== client) return;
    clearInterval(this.held.heartbeat);
    this.held = undefined;
    // Whatever is left of the connection must not keep the lock.
    void client.end().catch(() => undefined);
    const reason = new ServiceUnavailable(`The lease ${this.name} is lost`, { cause });
    for (const callback of this.callbacks) callback(reason);
  }
}

/** `pg` takes a limit for one query; its types do not say so. */
function within(timeoutMs: number, text: string, values: unknown[] = []): QueryConfig {
  const query: QueryConfig & { query_timeout: number } = { text, values, query_timeout: timeoutMs };
  return query;
}
