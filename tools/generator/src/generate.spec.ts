import type { Message } from 'kafkajs';
import { readGeneratorSettings } from './config';
import { generate, messageMaker } from './generate';

const settings = (environment: Record<string, string>) =>
  readGeneratorSettings({ SEED: '1', TIME_OF_DAY: 'false', ...environment });

/** Keeps what it is given; acknowledges when told to. */
class SlowDelivery {
  readonly maxEventsPerSend = 100;
  readonly batches: Message[][] = [];
  private pending: (() => void)[] = [];

  send(messages: Message[]): Promise<void> {
    this.batches.push(messages);
    return new Promise((resolve) => this.pending.push(resolve));
  }

  acknowledge(): void {
    for (const resolve of this.pending.splice(0)) resolve();
  }
}

const delivery = (send: (messages: Message[]) => Promise<void>) => ({ maxEventsPerSend: 100, send });

describe('generate', () => {
  it('makes exactly MAX_EVENTS, in sends of at most the allowed size', async () => {
    const sizes: number[] = [];
    const accepting = delivery((messages) => Promise.resolve(void sizes.push(messages.length)));
    await generate(settings({ BURST: 'true', MAX_EVENTS: '250' }), accepting, new AbortController().signal);
    expect(sizes).toEqual([100, 100, 50]);
  });

  it('sends nothing more while a send waits, and ends only when it is acknowledged', async () => {
    const slow = new SlowDelivery();
    const stop = new AbortController();
    const end = { isReached: false };
    const run = generate(settings({ BURST: 'true' }), slow, stop.signal).then(() => (end.isReached = true));
    await new Promise(setImmediate);
    expect(slow.batches).toHaveLength(1);
    stop.abort();
    await new Promise(setImmediate);
    expect(end.isReached).toBe(false);
    while (!end.isReached) {
      slow.acknowledge();
      await new Promise(setImmediate);
    }
    await run;
    expect(slow.batches).toHaveLength(2);
  });

  it('stops at once when told to between two events', async () => {
    const stop = new AbortController();
    const idle = generate(
      settings({ EVENTS_PER_SECOND: '0.01' }),
      delivery(() => Promise.resolve()),
      stop.signal,
    );
    stop.abort();
    await expect(idle).resolves.toBeUndefined();
  });

  it('fails when the delivery gives up', async () => {
    const refusing = delivery(() => Promise.reject(new Error('refused')));
    const run = generate(settings({ BURST: 'true' }), refusing, new AbortController().signal);
    await expect(run).rejects.toThrow('refused');
  });
});

describe('messageMaker', () => {
  it('keys each message by its transaction and dates it by its event', () => {
    const time = new Date('2025-01-15T14:32:07.123Z');
    for (const message of messageMaker(settings({}))(20, time)) {
      const event = JSON.parse(String(message.value)) as Record<string, unknown>;
      expect(event['transaction_id']).toBe(message.key);
      expect(event['event_timestamp']).toBe('2025-01-15T14:32:07.123Z');
      expect(message.timestamp).toBe(String(time.getTime()));
    }
  });

  it('makes the same messages from the same seed however they are cut', () => {
    const time = new Date(0);
    const [whole, cut] = [messageMaker(settings({})), messageMaker(settings({}))];
    expect([...cut(3, time), ...cut(7, time)]).toEqual(whole(10, time));
  });
});
