import { createHmac } from 'node:crypto';

export interface WebhookMessage {
  /** The same in every attempt: receivers tell repetitions by it. */
  readonly id: string;
  readonly body: string;
}

/** Headers of the Standard Webhooks specification, for an attempt at this time. */
export function signedHeaders(key: Buffer, { id, body }: WebhookMessage, now: Date): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
