import { InvalidSettings, Random } from '@millrace/generator';
import { held, inOrderOfTime, shuffled } from './arranged-events';
import type { RetailEvent } from './retail-event';

const event = (key: string, eventMs?: number): RetailEvent => ({
  key,
  value: '12345',
  eventTime: '',
  eventMs,
});
const keys = (events: readonly RetailEvent[]) => events.map(({ key }) => key).join('');

async function* eachOf(events: readonly RetailEvent[]): AsyncGenerator<RetailEvent> {
  yield* events;
  await Promise.resolve();
}

describe('events in order of time', () => {
  it('stay as they came where their times are the same, and come last without one', () => {
    const events = [event('a', 3), event('x'), event('b', 1), event('c', 3), event('y'), event('d', 1)];
    expect(keys(inOrderOfTime(events))).toBe('bdacxy');
  });
});

describe('shuffled events', () => {
  const events = Array.from('abcdefghij', (key) => event(key));

  it('are all there once, in an order that the stream of random numbers decides', () => {
    const once = keys(shuffled(events, Random.of('a')));
    expect(Array.from(once).sort().join('')).toBe('abcdefghij');
    expect(keys(shuffled(events, Random.of('a')))).toBe(once);
    expect(keys(shuffled(events, Random.of('b')))).not.toBe(once);
    expect(keys(events)).toBe('abcdefghij');
  });

  it('come first about as often as any other', () => {
    const counts = new Map<string, number>();
    const random = Random.of('fair');
    for (let run = 0; run < 10_000; run++) {
      const first = shuffled(events, random)[0]?.key ?? '';
      counts.set(first, (counts.get(first) ?? 0) + 1);
    }
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
    expect(counts.size).toBe(10);
  });
});

describe('events that are held', () => {
  it.each([[{ events: 2, characters: 100 }], [{ events: 100, characters: 14 }]])(
    'are refused beyond %j, with a way out',
    async (limits) => {
      const holding = held(eachOf([event('a'), event('b'), event('c')]), limits);
      await expect(holding).rejects.toBeInstanceOf(InvalidSettings);
      await expect(holding).rejects.toThrow(/^--order time and shuffle hold all rows .* use --order file/);
    },
  );

  it('are all of them up to that', async () => {
    const limits = { events: 3, characters: 15 };
    expect(keys(await held(eachOf([event('a'), event('b'), event('c')]), limits))).toBe('abc');
  });
});
