import type { BatchChanges } from '@millrace/domain';
import { Client } from 'pg';
import { connectionConfig } from './connection';

/** What the trigger of `batches` notifies; the payload is the batch id. */
const CHANNEL = 'batch_changed';
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;
const LISTEN_TIMEOUT_MS = 5_000;
/** A server that hangs does not answer the goodbye either. */
const GOODBYE_MS = 1_000;

/**
 * Changes of batches through LISTEN/NOTIFY: Postgres sends them when their transaction has committed. One connection of
 * its own, made for the first listener, and made anew for ever when it breaks.
 */
export class PostgresBatchChanges implements BatchChanges {
  private readonly listeners = new Set<(batchId: string) => void>();
  private client: Client | undefined;
  private retry: NodeJS.Timeout | undefined;
  private delayMs = FIRST_DELAY_MS;
  private isClosed = false;

  /** @param applicationName what `pg_stat_activity` shows. */
  constructor(
    private readonly databaseUrl: string,
    private readonly applicationName: string,
  ) {}

  /** A listener that throws is not heard of, and keeps the others from nothing. */
  onChange(listener: (batchId: string) => void): () => void {
    // A subscription of its own, even when the same function listens twice.
    const call = (batchId: string) => {
      listener(batchId);
    };
    this.listeners.add(call);
    if (this.client === undefined && this.retry === undefined && !this.isClosed) this.connect();
    return () => {
      this.listeners.delete(call);
    };
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.retry);
    const client = this.client;
    this.client = undefined;
    if (client === undefined) return;
    let goodbye: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      goodbye = setTimeout(resolve, GOODBYE_MS);
    });
    await Promise.race([client.end().catch(() => undefined), timeout]);
    clearTimeout(goodbye);
  }

  private connect(): void {
    this.retry = undefined;
    const client = new Client({
      ...connectionConfig(this.databaseUrl, {
        applicationName: this.applicationName,
        settings: { idle_session_timeout: 0 },
      }),
      query_timeout: LISTEN_TIMEOUT_MS,
    });
    this.client = client;
    const lose = () => {
      this.lose(client);
    };
    client.on('error', lose);
    client.on('end', lose);
    client.on('notification', ({ payload }) => {
      if (payload !== undefined) this.tell(payload);
    });
    client
      .connect()
      .then(() => client.query(`LISTEN ${CHANNEL}`))
      .then(() => {
        this.delayMs = FIRST_DELAY_MS;
      })
      .catch(lose);
  }

  private lose(client: Client): void {
    // Both events and the failed query may tell of the same loss.
    if (this.client !== client) return;
    this.client = undefined;
    void client.end().catch(() => undefined);
    this.retry = setTimeout(() => {
      this.connect();
    }, this.delayMs);
    // The wait alone keeps no process alive.
    this.retry.unref();
    this.delayMs = Math.min(this.delayMs * 2, LONGEST_DELAY_MS);
  }

  private tell(batchId: string): void {
    for (const listener of this.listeners) {
      try {
        listener(batchId);
      } catch {
        // The others are told all the same.
      }
    }
  }
}
