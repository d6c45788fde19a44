import type { WebhookDelivery } from '@millrace/domain';
import { PeriodicTask } from '../periodic-task';
import { DeliverWebhook } from './deliver-webhook';
import type { WebhookPorts, WebhookSettings } from './deliver-webhook';
import { WebhookLanes } from './webhook-lanes';

const INTERVAL_MS = 1_000;
const TAKEN_AT_ONCE = 100;
const SENT_AT_ONCE = 4;
/** A delivery that nobody finished in this time is taken again. */
const LEASE_MS = 60_000;
/** Of the lease: for storing the result. */
const STORE_MS = 15_000;
/** How long a shutdown waits for receivers. */
const STOP_TIMEOUT_MS = 5_000;

/**
 * Sends the messages about ended batches, each at least once. Those that find no place in the lane of their origin come
 * again when their lease is over, so that a receiver with many of them does not hide the others'.
 */
export class WebhookDeliverer {
  private readonly rounds = new PeriodicTask('Reading webhooks', INTERVAL_MS, () => this.round());
  private readonly stopping = new AbortController();
  private readonly lanes: WebhookLanes;
  private readonly deliver: DeliverWebhook;
  private isStopped = false;

  constructor(
    private readonly ports: WebhookPorts,
    private readonly settings: WebhookSettings,
    private readonly now: () => Date = () => new Date(),
  ) {
    this.lanes = new WebhookLanes(SENT_AT_ONCE, now);
    this.deliver = new DeliverWebhook(ports, settings, now);
  }

  start(): void {
    this.rounds.start();
  }

  /** Waits for the attempts under way, but not long: those that are cut off are made again by the next process. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.lanes.clear();
    const timer = setTimeout(() => {
      this.stopping.abort();
    }, STOP_TIMEOUT_MS);
    await this.rounds.stop();
    await this.lanes.settled();
    clearTimeout(timer);
  }

  private async round(): Promise<void> {
    while ((await this.takeSome()) === TAKEN_AT_ONCE && !this.isStopped);
  }

  private async takeSome(): Promise<number> {
    const now = this.now();
    const leaseUntil = new Date(now.getTime() + LEASE_MS);
    const startBy = new Date(leaseUntil.getTime() - this.settings.timeoutMs - STORE_MS);
    const taken = await this.ports.outbox.take(now, leaseUntil, TAKEN_AT_ONCE);
    for (const delivery of this.isStopped ? [] : taken) {
      const run = () => this.deliver.execute(delivery, this.stopping.signal);
      this.lanes.offer(originOf(delivery), { run, startBy });
    }
    return taken.length;
  }
}

function originOf({ url }: WebhookDelivery): string {
  return URL.canParse(url) ? new URL(url).origin : '';
}
