import type { Message } from 'kafkajs';
import { readGeneratorSettings } from './config';
import { Account, generate } from './generate';
import { Sender } from './sender';
import type { GeneratorSettings } from './config';

const settings = (environment: Record<string, string>) =>
  readGeneratorSettings({ SEED: '1', TIME_OF_DAY: 'false', ...environment });

/** Keeps what it is given; acknowledges when told to. */
class SlowDelivery {
  readonly maxEventsPerSend = 100;
  readonly mayHaveDoubled = false;
  readonly batches: Message[][] = [];
  private pending: (() => void)[] = [];

  send(messages: Message[]): Promise<void> {
    this.batches.push(messages);
    return new Promise((resolve) => this.pending.push(resolve));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  acknowledge(): void {
    for (const resolve of this.pending.splice(0)) resolve();
  }
}

const delivery = (send: (messages: Message[]) => Promise<void>) => ({
  maxEventsPerSend: 100,
  mayHaveDoubled: false,
  send,
  close: () => Promise.resolve(),
});

type Delivery = ReturnType<typeof delivery>;

const run = (
  chosen: GeneratorSettings,
  to: Delivery,
  account: Account = new Account(),
  stop: AbortSignal = new AbortController().signal,
) => generate(chosen, new Sender(chosen, to), account, stop);

describe('generate', () => {
  it('makes exactly the wanted number, in sends of at most the allowed size', async () => {
    const sizes: number[] = [];
    const accepting = delivery((messages) => Promise.resolve(void sizes.push(messages.length)));
    const account = new Account();
    await run(settings({ MAX_EVENTS: '250' }), accepting, account);
    expect(sizes).toEqual([100, 100, 50]);
    expect([account.truth.counts.sent, account.acknowledged]).toEqual([250, 250]);
  });

  it('sends nothing more while a send waits, and ends only when it is acknowledged', async () => {
    const slow = new SlowDelivery();
    const stop = new AbortController();
    const end = { isReached: false };
    const account = new Account();
    const running = run(settings({ BURST: 'true' }), slow, account, stop.signal).then(
      () => (end.isReached = true),
    );
    await new Promise(setImmediate);
    expect(slow.batches).toHaveLength(1);
    stop.abort();
    await new Promise(setImmediate);
    expect(end.isReached).toBe(false);
    expect(account.truth.counts.sent).toBe(0);
    while (!end.isReached) {
      slow.acknowledge();
      await new Promise(setImmediate);
    }
    await running;
    expect(account.truth.counts.sent).toBe(100 * slow.batches.length);
    expect(slow.batches.length).toBeLessThanOrEqual(3);
  });

  it('sends a live event again as it was', async () => {
    const values = new Map<string, Set<string>>();
    const take = (batch: Message[]) =>
      new Promise<void>((resolve) => {
        for (const { key, value } of batch) {
          const known = values.get(String(key)) ?? new Set();
          values.set(String(key), known.add(String(value)));
        }
        setTimeout(resolve, 2);
      });
    const account = new Account();
    const chosen = settings({ MAX_EVENTS: '5000', DUPLICATE_RATE: '0.5' });
    await run(chosen, delivery(take), account);
    expect(account.truth.counts.duplicates.total).toBeGreaterThan(2000);
    expect([...values.values()].filter((known) => known.size > 1)).toEqual([]);
    expect(values.size).toBe(account.truth.counts.distinctValid);
  });

  it('stops at once when told to between two events', async () => {
    const stop = new AbortController();
    const idle = run(
      settings({ EVENTS_PER_SECOND: '0.01' }),
      delivery(() => Promise.resolve()),
      new Account(),
      stop.signal,
    );
    stop.abort();
    await expect(idle).resolves.toBeUndefined();
  });

  it('fails when a delivery gives up, and does not count what it gave up', async () => {
    const refusing = delivery(() => Promise.reject(new Error('refused')));
    const account = new Account();
    await expect(run(settings({ BURST: 'true' }), refusing, account)).rejects.toThrow('refused');
    expect(account.truth.counts.sent).toBe(0);
    expect(account.unacknowledged).toBeGreaterThanOrEqual(100);
    expect(account.unacknowledged).toBeLessThanOrEqual(300);
  });
});
