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
const PORTIONS_PER_SENDER = 2;

/** A sender with what it does and what it does not know yet. */
class Desk {
  private missed: Portion[] = [];
  open = 0;

  constructor(private readonly sender: Sender) {}

  get missedCount(): number {
    return this.missed.length;
  }

  miss(portion: Portion): void {
    this.missed.push(portion);
  }

  async produce(portion: Portion, account: Account): Promise<void> {
    const { missed } = this;
    this.missed = [];
    this.open++;
    const size = portion.to - portion.from;
    try {
      account.truth.add(await this.sender.produce(portion, missed));
      account.acknowledged += size;
    } catch (error) {
      account.unacknowledged += size;
      throw error;
    } finally {
      this.open--;
    }
  }
}

/** Hands portions to senders and waits where all have enough to do. */
class Desks {
  private readonly desks: readonly Desk[];
  private readonly working = new Set<Promise<void>>();
  /** The first that failed. */
  private failed: Promise<void> | undefined;

  constructor(
    senders: readonly Sender[],
    private readonly account: Account,
  ) {
    this.desks = senders.map((sender) => new Desk(sender));
  }

  /** Resolves when a sender has room. @throws what a portion failed with */
  async room(): Promise<void> {
    while (this.failed === undefined && this.idlest.open >= PORTIONS_PER_SENDER) {
      await Promise.race(this.working);
    }
    await this.failed;
  }

  assign(portion: Portion): void {
    const chosen = this.idlest;
    for (const desk of this.desks) if (desk !== chosen) desk.miss(portion);
    const work = chosen.produce(portion, this.account);
    this.working.add(work);
    work.then(
      () => this.working.delete(work),
      () => {
        this.failed ??= work;
      },
    );
  }

  /** Waits for all that was assigned. @throws what the first portion failed with */
  async finish(): Promise<void> {
    await Promise.allSettled(this.working);
    await this.failed;
  }

  /** Among those that do as little, the one that had nothing to do for longest. */
  private get idlest(): Desk {
    return this.desks.reduce((idlest, desk) =>
      desk.open < idlest.open || (desk.open === idlest.open && desk.missedCount > idlest.missedCount)
        ? desk
        : idlest,
    );
  }
}

/**
 * Produces events until `stop`, or until `maxEvents` are made, and returns once all that were made are acknowledged.
 * @param account is kept up to date, whatever happens.
 */
export async function generate(
  settings: Pick<GeneratorSettings, 'eventsPerSecond' | 'followsTimeOfDay' | 'isBurst' | 'maxEvents'>,
  senders: readonly Sender[],
  account: Account,
  stop: AbortSignal,
): Promise<void> {
  const desks = new Desks(senders, account);
  const most = Math.min(...senders.map(({ maxEvents }) => maxEvents));
  const end = settings.maxEvents ?? Number.POSITIVE_INFINITY;
  const pace = new Pace(settings.eventsPerSecond, settings.followsTimeOfDay, new Date());
  try {
    for (let made = 0; made < end && !stop.aborted;) {
      await desks.room();
      const now = new Date();
      const due = settings.isBurst ? most : pace.due(now);
      if (due === 0) {
        await pause(pace.waitMs(now), undefined, { signal: stop }).catch(() => undefined);
        continue;
      }
      const to = Math.min(made + Math.min(due, most), end);
      pace.take(to - made);
      desks.assign({ from: made, to, nowMs: now.getTime() });
      made = to;
    }
  } finally {
    await desks.finish();
  }
}
