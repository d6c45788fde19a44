import type { WebhookDelivery, WebhookOutbox } from '@millrace/domain';
import type { Pool } from 'pg';
import { answered } from './registry-error';
import { storableText } from './storable-text';

const ROW = `delivery_id AS "deliveryId", batch_id AS "batchId", url, event_id AS "eventId", status, attempts,
  next_attempt AS "nextAttempt", last_error AS "lastError", create_time AS "createTime"`;

/** A lease is a later time of the next attempt. Whoever finds a row locked takes another one. */
const TAKE = {
  name: 'webhook-take',
  text: `WITH due AS (
      SELECT delivery_id FROM webhook_deliveries WHERE status = 'PENDING' AND next_attempt <= $1
      ORDER BY create_time, delivery_id LIMIT $3 FOR UPDATE SKIP LOCKED
    ), taken AS (
      UPDATE webhook_deliveries SET next_attempt = $2 WHERE delivery_id IN (SELECT delivery_id FROM due)
      RETURNING *
    )
    SELECT ${ROW} FROM taken ORDER BY create_time, delivery_id`,
};
const DELIVERED = {
  name: 'webhook-delivered',
  text: `UPDATE webhook_deliveries SET status = 'DELIVERED', attempts = attempts + 1, last_error = NULL
    WHERE delivery_id = $1 AND status = 'PENDING'`,
};
const FAILED = {
  name: 'webhook-failed',
  text: `UPDATE webhook_deliveries SET attempts = attempts + 1, last_error = $2,
      status = CASE WHEN $3::timestamptz IS NULL THEN 'DEAD' ELSE 'PENDING' END,
      next_attempt = COALESCE($3::timestamptz, next_attempt)
    WHERE delivery_id = $1 AND status = 'PENDING'`,
};
const LIST_DEAD = {
  name: 'webhook-list-dead',
  text: `SELECT ${ROW} FROM webhook_deliveries WHERE status = 'DEAD'
    ORDER BY create_time DESC, delivery_id LIMIT $1`,
};
/** All attempts anew: whoever asks for it has removed the cause. */
const REDELIVER = {
  name: 'webhook-redeliver',
  text: `UPDATE webhook_deliveries SET status = 'PENDING', attempts = 0, next_attempt = $2
    WHERE delivery_id = $1 AND status = 'DEAD'`,
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The outbox of webhooks on Postgres. Every method throws ServiceUnavailable when it does not answer. */
export class PostgresWebhookOutbox implements WebhookOutbox {
  constructor(private readonly pool: Pool) {}

  async take(now: Date, leaseUntil: Date, limit: number): Promise<WebhookDelivery[]> {
    const values = [now, leaseUntil, limit];
    return (await answered(() => this.pool.query<WebhookDelivery>({ ...TAKE, values }))).rows;
  }

  delivered(deliveryId: string): Promise<boolean> {
    return this.change(DELIVERED, deliveryId, []);
  }

  failed(deliveryId: string, failure: { error: string; nextAttempt: Date | null }): Promise<boolean> {
    return this.change(FAILED, deliveryId, [storableText(failure.error), failure.nextAttempt]);
  }

  async listDead(limit: number): Promise<WebhookDelivery[]> {
    return (await answered(() => this.pool.query<WebhookDelivery>({ ...LIST_DEAD, values: [limit] }))).rows;
  }

  redeliver(deliveryId: string, now: Date): Promise<boolean> {
    return this.change(REDELIVER, deliveryId, [now]);
  }

  private async change(
    statement: { readonly name: string; readonly text: string },
    deliveryId: string,
    values: readonly unknown[],
  ): Promise<boolean> {
    if (!UUID.test(deliveryId)) return false;
    const result = await answered(() => this.pool.query({ ...statement, values: [deliveryId, ...values] }));
    return result.rowCount === 1;
  }
}
