import { once } from 'node:events';
import { ReplayAccount } from './account';
import { InMemoryDelivery } from './delivery.fixture';
import { replay } from './replay';
import type { RetailEvent } from './retail-event';

const never = new AbortController().signal;

async function* events(count: number, size = 10): AsyncGenerator<RetailEvent> {
  for (let number = 0; number < count; number++) {
    const eventMs = Date.UTC(2025, 0, 1) + ((number * 7) % 10) * 1000;
    await Promise.resolve();
    yield { key: `k${number}`, value: 'x'.repeat(size), eventTime: `t${eventMs % 60_000}`, eventMs };
  }
}

interface Given {
  readonly count: number;
  readonly size?: number;
  readonly delivery: InMemoryDelivery;
  readonly eventsPerSecond?: number;
  readonly limit?: number;
  readonly stop?: AbortSignal;
  readonly giveUp?: AbortSignal;
}

function start({ count, size, delivery, eventsPerSecond, limit, stop = never, giveUp = never }: Given) {
  const account = new ReplayAccount();
  const running = replay(events(count, size), {
    settings: { eventsPerSecond, limit },
    delivery,
    account,
    signals: { stop, giveUp },
  });
  return { account, running };
}

describe('a replay', () => {
  it('sends every event once, in its order, as many at a time as Kafka takes', async () => {
    const delivery = new InMemoryDelivery(4);
    const { account, running } = start({ count: 10, delivery });
    await running;
    expect(delivery.keys).toEqual(Array.from({ length: 10 }, (_, number) => `k${number}`));
    expect(delivery.sends.map(({ length }) => length)).toEqual([4, 4, 2]);
    expect(account.figures).toEqual({
      sent: 10,
      acknowledged: 10,
      unacknowledged: 0,
      firstEventTime: 't0',
      lastEventTime: 't9000',
    });
  });

  it('sends long events in smaller portions', async () => {
    const delivery = new InMemoryDelivery(1000);
    await start({ count: 6, size: 100_000, delivery }).running;
    expect(delivery.sends.map(({ length }) => length)).toEqual([5, 1]);
  });

  it('ends at the limit', async () => {
    const delivery = new InMemoryDelivery(4);
    const { account, running } = start({ count: Infinity, limit: 6, delivery });
    await running;
    expect(delivery.keys).toHaveLength(6);
    expect(account.figures.acknowledged).toBe(6);
  });

  it('has no more than one portion on its way', async () => {
    let open = 0;
    const delivery = new InMemoryDelivery(1, async () => {
      open += 1;
      expect(open).toBe(1);
      await new Promise(setImmediate);
      open -= 1;
    });
    await start({ count: 20, delivery }).running;
    expect(delivery.keys).toHaveLength(20);
  });

  it('keeps its rate', async () => {
    const delivery = new InMemoryDelivery(1000);
    const startMs = performance.now();
    await start({ count: 11, eventsPerSecond: 50, delivery }).running;
    expect(performance.now() - startMs).toBeGreaterThan(210);
    expect(delivery.keys).toHaveLength(11);
  });

  it('ends after a stop once what was sent is acknowledged', async () => {
    const stop = new AbortController();
    const delivery = new InMemoryDelivery(5, async (sends) => {
      if (sends === 3) stop.abort();
      await new Promise(setImmediate);
    });
    const { account, running } = start({ count: Infinity, delivery, stop: stop.signal });
    await running;
    expect(account.figures).toMatchObject({ sent: 15, acknowledged: 15, unacknowledged: 0 });
  });

  it('does not wait for its turn after a stop', async () => {
    const stop = new AbortController();
    const delivery = new InMemoryDelivery(5);
    const { account, running } = start({ count: 5, eventsPerSecond: 0.001, delivery, stop: stop.signal });
    setImmediate(() => {
      stop.abort();
    });
    await running;
    expect(account.figures.sent).toBe(0);
  });

  it('tells what may be stored or not where Kafka did not acknowledge in time', async () => {
    const [stop, giveUp] = [new AbortController(), new AbortController()];
    const delivery = new InMemoryDelivery(5, async (sends, signal = never) => {
      if (sends < 2) return;
      stop.abort();
      const given = once(signal, 'abort');
      giveUp.abort();
      await given;
      throw new Error('not in time');
    });
    const { account, running } = start({
      count: Infinity,
      delivery,
      stop: stop.signal,
      giveUp: giveUp.signal,
    });
    await expect(running).rejects.toThrow('not in time');
    expect(account.figures).toMatchObject({ sent: 10, acknowledged: 5, unacknowledged: 5 });
  });

  it('sends what came before a failure of the events, and waits for it', async () => {
    async function* failing(): AsyncGenerator<RetailEvent> {
      yield* events(3);
      throw new Error('unreadable');
    }
    const account = new ReplayAccount();
    const delivery = new InMemoryDelivery(2, () => new Promise(setImmediate));
    const signals = { stop: never, giveUp: never };
    const settings = { eventsPerSecond: undefined, limit: undefined };
    await expect(replay(failing(), { settings, delivery, account, signals })).rejects.toThrow('unreadable');
    expect(account.figures).toMatchObject({ sent: 3, acknowledged: 3 });
  });
});
