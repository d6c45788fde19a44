import { setTimeout as pause } from 'node:timers/promises';
import type { GeneratorSettings } from './config';
import { Pace } from './pace';
import type { Portion, Sender } from './sender';
import { Truth } from './truth';

/** What a run has sent so far. */
export class Account {
  /** Of what Kafka has acknowledged. */
  readonly truth = new Truth();
  acknowledged = 0;
  /** Messages that were handed to Kafka and not acknowledged: they may be stored or not. */
  unacknowledged = 0;
}

/** While one portion is on its way the next is made; more would only wait. */
const MOST_OPEN = 2;

/** Hands portions to the sender and waits where it has enough to do. */
class OpenPortions {
  private readonly open = new Set<Promise<void>>();
  /** The first that failed. */
  private failed: Promise<void> | undefined;

  constructor(
    private readonly sender: Sender,
    private readonly account: Account,
  ) {}

  /** Resolves when there is room for another. @throws what a portion failed with */
  async room(): Promise<void> {
    while (this.failed === undefined && this.open.size >= MOST_OPEN) await Promise.race(this.open);
    await this.failed;
  }

  add(portion: Portion): void {
    const work = this.produce(portion);
    this.open.add(work);
    work.then(
      () => this.open.delete(work),
      () => {
        this.failed ??= work;
      },
    );
  }

  /** Waits for all that was added. @throws what the first portion failed with */
  async finish(): Promise<void> {
    await Promise.allSettled(this.open);
    await this.failed;
  }

  private async produce(portion: Portion): Promise<void> {
    const { account } = this;
    const size = portion.to - portion.from;
    try {
      account.truth.add(await this.sender.produce(portion));
      account.acknowledged += size;
    } catch (error) {
      account.unacknowledged += size;
      throw error;
    }
  }
}

/**
 * Produces events until `stop`, or until `maxEvents` are made, and returns once all that were made are acknowledged.
 * @param account is kept up to date, whatever happens.
 */
export async function generate(
  settings: Pick<GeneratorSettings, 'eventsPerSecond' | 'followsTimeOfDay' | 'isBurst' | 'maxEvents'>,
  sender: Sender,
  account: Account,
  stop: AbortSignal,
): Promise<void> {
  const portions = new OpenPortions(sender, account);
  const end = settings.maxEvents ?? Number.POSITIVE_INFINITY;
  const pace = new Pace(settings.eventsPerSecond, settings.followsTimeOfDay, new Date());
  try {
    for (let made = 0; made < end && !stop.aborted;) {
      await portions.room();
      const now = new Date();
      const due = settings.isBurst ? sender.maxEvents : pace.due(now);
      if (due === 0) {
        await pause(pace.waitMs(now), undefined, { signal: stop }).catch(() => undefined);
        continue;
      }
      const to = Math.min(made + Math.min(due, sender.maxEvents), end);
      pace.take(to - made);
      portions.add({ from: made, to, now });
      made = to;
    }
  } finally {
    await portions.finish();
  }
}
