import { Socket } from 'node:net';
import { Client } from 'pg';
import type { QueryResultRow } from 'pg';
import { sinkFailure } from './sink-unavailable';

/** One Postgres server and a database on it. */
export interface PostgresAddress {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly ssl: boolean | { readonly rejectUnauthorized: false };
}

export interface PostgresLogin {
  readonly user: string | undefined;
  readonly password: string | undefined;
}

export interface SinkConnectionTiming {
  readonly connectMs: number;
  /** Of a statement or a lock, by the server. */
  readonly statementMs: number;
  /** Of an answer, by this process: longer than that of the server, for a server that is frozen. */
  readonly answerMs: number;
  /** Of the answer to COMMIT, which an abort does not interrupt. */
  readonly commitMs: number;
}

const TIMING: SinkConnectionTiming = {
  connectMs: 10_000,
  statementMs: 60_000,
  answerMs: 70_000,
  commitMs: 15_000,
};
/** Within it Spark gives the next rows; after it the server frees the locks of a process that is frozen or gone. */
const IDLE_LIMIT_MS = 300_000;
const END_TIMEOUT_MS = 1_000;

/** A connection whose every call ends: answered, late, or with the signal. Failures are sentences for people. */
export class SinkConnection {
  private isCommitting = false;

  private constructor(
    private readonly client: Client,
    private readonly socket: Socket,
    private readonly place: string,
    private readonly timing: SinkConnectionTiming,
  ) {}

  /**
   * Runs `work` with a connection of its own.
   * @throws SinkUnavailable when the database does not answer; the reason of the signal once it is aborted.
   */
  static async use<T>(
    { host, port, database, ssl, user, password }: PostgresAddress & PostgresLogin,
    signal: AbortSignal,
    work: (connection: SinkConnection) => Promise<T>,
    timing = TIMING,
  ): Promise<T> {
    signal.throwIfAborted();
    // Ours, so that it can be destroyed: `pg` has no other way to give up a statement that waits.
    const socket = new Socket();
    const client = new Client({
      ...{ host, port, database, user, password, ssl },
      application_name: 'millrace-orchestrator',
      connectionTimeoutMillis: timing.connectMs,
      query_timeout: timing.answerMs,
      keepAlive: true,
      stream: () => socket,
    });
    // Without a listener the loss of an idle connection would end the process; the next query tells.
    client.on('error', () => undefined);
    const connection = new SinkConnection(client, socket, `${host}:${port}`, timing);
    const onAbort = () => {
      if (!connection.isCommitting) socket.destroy();
    };
    signal.addEventListener('abort', onAbort);
    try {
      await connection.answered(client.connect());
      return await work(connection);
    } catch (error) {
      // A destroyed connection says something else.
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
      await connection.end();
    }
  }

  async query<R extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    return (await this.answered(this.client.query<R>(text, [...values]))).rows;
  }

  /**
   * One at a time for each lock name, whichever process runs it. What fails before the commit leaves nothing; once the
   * commit is sent, only its answer counts.
   */
  async transaction(lockName: string, work: () => Promise<void>): Promise<void> {
    const { statementMs, commitMs } = this.timing;
    // For the transaction only, so that a pooler between does not carry them to others.
    await this.query(
      `BEGIN; SET LOCAL statement_timeout = ${statementMs}; SET LOCAL lock_timeout = ${statementMs}; ` +
        `SET LOCAL idle_in_transaction_session_timeout = ${IDLE_LIMIT_MS}`,
    );
    await this.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [lockName]);
    await work();
    this.isCommitting = true;
    const commit = { text: 'COMMIT', query_timeout: commitMs };
    await this.answered(this.client.query(commit));
    this.isCommitting = false;
  }

  private async answered<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw sinkFailure(error, this.place);
    }
  }

  /** The server rolls back what was not committed. */
  private async end(): Promise<void> {
    const timer = setTimeout(() => this.socket.destroy(), END_TIMEOUT_MS);
    await this.client.end().catch(() => undefined);
    clearTimeout(timer);
  }
}
