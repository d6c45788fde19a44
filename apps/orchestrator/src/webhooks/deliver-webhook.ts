import { toBatchBody, withoutUrlSecrets } from '@millrace/domain';
import type { BatchRegistry, WebhookDelivery, WebhookOutbox } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import { postWebhook } from './post-webhook';
import { nextAttempt } from './retry-schedule';
import { signedHeaders } from './sign-webhook';

export interface WebhookPorts {
  readonly outbox: WebhookOutbox;
  readonly batches: Pick<BatchRegistry, 'find' | 'events'>;
}

export interface WebhookSettings {
  /** Of the signatures; without one nothing is sent, and what an earlier configuration promised becomes dead letters. */
  readonly key: Buffer | undefined;
  /** As `URL.origin` spells them. */
  readonly allowedOrigins: readonly string[];
  /** How long an attempt may take. */
  readonly timeoutMs: number;
}

type Outcome =
  | { readonly kind: 'delivered' }
  /** `isFinal`: trying again makes no sense. */
  | { readonly kind: 'failed'; readonly error: string; readonly isFinal: boolean }
  /** This process ends: nothing is known, and another one tries again. */
  | { readonly kind: 'interrupted' };

const GONE = 410;
const NO_SECRET = 'It cannot be signed: MILLRACE_WEBHOOK_SECRET is not set any more';
const NOT_ALLOWED = 'Its origin is not on the list WEBHOOK_ALLOWED_ORIGINS';

/**
 * One attempt of one delivery. Each message is delivered at least once: when its result cannot be stored, it is sent
 * again, with the same id.
 */
export class DeliverWebhook {
  private readonly logger = new Logger(DeliverWebhook.name);

  constructor(
    private readonly ports: WebhookPorts,
    private readonly settings: WebhookSettings,
    private readonly now: () => Date,
  ) {}

  async execute(delivery: WebhookDelivery, stopping: AbortSignal): Promise<void> {
    const facts = {
      deliveryId: delivery.deliveryId,
      batchId: delivery.batchId,
      url: withoutUrlSecrets(delivery.url),
    };
    try {
      const outcome = await this.attempt(delivery, stopping);
      await this.store(delivery, outcome, facts);
    } catch (error) {
      this.logger.warn({ ...facts, err: error }, 'A webhook attempt could not be recorded; it is made again');
    }
  }

  private async store(delivery: WebhookDelivery, outcome: Outcome, facts: object): Promise<void> {
    const { deliveryId, attempts } = delivery;
    if (outcome.kind === 'interrupted') return;
    if (outcome.kind === 'delivered') {
      await this.ports.outbox.delivered(deliveryId);
      return;
    }
    const { error } = outcome;
    const next = outcome.isFinal ? null : nextAttempt(attempts + 1, this.now());
    await this.ports.outbox.failed(deliveryId, { error, nextAttempt: next });
    const then = next === null ? 'it is a dead letter now' : `tried again at ${next.toISOString()}`;
    this.logger.warn({ ...facts, attempt: attempts + 1 }, `A webhook was not delivered: ${error}; ${then}`);
  }

  private async attempt(delivery: WebhookDelivery, stopping: AbortSignal): Promise<Outcome> {
    const { key } = this.settings;
    if (key === undefined) return final(NO_SECRET);
    const url = this.allowed(delivery.url);
    if (url === undefined) return final(NOT_ALLOWED);
    const body = await this.bodyOf(delivery);
    if (body === undefined) return final('The batch is not in the registry any more');
    const headers = signedHeaders(key, { id: delivery.deliveryId, body }, this.now());
    const tooLate = AbortSignal.timeout(this.settings.timeoutMs);
    try {
      const status = await postWebhook({ url, headers, body }, AbortSignal.any([tooLate, stopping]));
      return outcomeOf(status);
    } catch (error) {
      if (tooLate.aborted) return failed(`It gave no answer within ${this.settings.timeoutMs / 1_000} s`);
      return stopping.aborted ? { kind: 'interrupted' } : failed(`It cannot be reached (${reasonOf(error)})`);
    }
  }

  /** Asked at submission too, but the list may have changed since. */
  private allowed(text: string): URL | undefined {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
    return isHttp && this.settings.allowedOrigins.includes(url.origin) ? url : undefined;
  }

  /** The record as it is, but in the state that the event tells: somebody may have retried the batch since. */
  private async bodyOf({ batchId, eventId }: WebhookDelivery): Promise<string | undefined> {
    const [record, [event]] = await Promise.all([
      this.ports.batches.find(batchId),
      this.ports.batches.events(batchId, eventId - 1, 1),
    ]);
    if (record === undefined || event?.detail.type !== 'status') return undefined;
    const { status, attempt, errorMessage } = event.detail;
    return JSON.stringify({
      type: `batch.${status.toLowerCase()}`,
      timestamp: event.time.toISOString(),
      data: { ...toBatchBody(record), status, attempt, errorMessage },
    });
  }
}

function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status >= 300 && status < 400) {
    return failed(`It answered ${status}, and redirects are not followed: the URL must be the final one`);
  }
  return status === GONE
    ? final('It answered 410: nobody is there any more')
    : failed(`It answered ${status}`);
}

const failed = (error: string): Outcome => ({ kind: 'failed', error, isFinal: false });
const final = (error: string): Outcome => ({ kind: 'failed', error, isFinal: true });

/** A code like ECONNREFUSED: messages name addresses. */
function reasonOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : 'the connection broke';
}
