import type { RejectReplays } from '@millrace/domain';
import { openedForEachTest } from './opened';
import type { Opened } from './opened';

const KAFKA_TIME = new Date('2025-01-15T08:00:00.123Z');
const NOW = new Date('2025-01-16T09:00:00.456Z');

const rejected = (
  offset: number,
  overrides: Partial<{ topic: string; kafkaTime: Date; reason: string }> = {},
) => ({
  topic: 'transactions-stream',
  partition: 3,
  offset,
  kafkaTime: KAFKA_TIME,
  reason: 'quantity: below 1',
  ...overrides,
});
const copyOf = (offset: number) => ({ time: NOW, partition: 5, offset: offset + 1_000 });
const sent = (offset: number, overrides: Parameters<typeof rejected>[1] = {}) => ({
  ...rejected(offset, overrides),
  sent: copyOf(offset),
});

/**
 * What every record of replays must do. Call it at the top of a spec.
 * @param open gives an empty one.
 */
export function describeRejectReplays(name: string, open: () => Promise<Opened<RejectReplays>>): void {
  describe(`${name} as the record of replays`, () => {
    const replays = openedForEachTest(open);

    it('gives what was not sent before, in its order', async () => {
      const events = [rejected(9), rejected(7), rejected(8)];
      expect(await replays().begin(events, NOW)).toEqual(events);
      await replays().end([sent(7)]);
      expect(await replays().begin(events, NOW)).toEqual([rejected(9), rejected(8)]);
      expect(await replays().begin([], NOW)).toEqual([]);
    });

    it('gives an event once that is named twice', async () => {
      expect(await replays().begin([rejected(7), rejected(7)], NOW)).toEqual([rejected(7)]);
    });

    it('gives the events as they are, whatever else they hold', async () => {
      const event = { ...rejected(7), value: 'bytes' };
      expect(await replays().begin([event], NOW)).toEqual([event]);
    });

    it('finds replays by the event and by its copy', async () => {
      await replays().begin([rejected(7), rejected(8)], NOW);
      await replays().end([sent(7)]);
      const place = { topic: 'transactions-stream', partition: 3, offset: 7 };
      expect(await replays().find([place])).toEqual([sent(7)]);
      expect(await replays().find([{ ...place, partition: 5, offset: 1_007 }])).toEqual([sent(7)]);
      expect(await replays().find([{ ...place, offset: 8 }, place])).toEqual([
        sent(7),
        { ...rejected(8), sent: null },
      ]);
      expect(await replays().find([{ ...place, topic: 'another' }])).toEqual([]);
      expect(await replays().find([])).toEqual([]);
    });

    it('tells an event from one of an earlier topic of that name', async () => {
      await replays().begin([rejected(7)], NOW);
      await replays().end([sent(7)]);
      const later = rejected(7, { kafkaTime: NOW });
      expect(await replays().begin([rejected(7), later], NOW)).toEqual([later]);
      expect(await replays().find([later])).toEqual([sent(7), { ...later, sent: null }]);
    });

    it('counts what was sent, by reason', async () => {
      expect(await replays().counts()).toEqual(new Map());
      const other = { reason: 'city: empty' };
      await replays().begin([rejected(1), rejected(2), rejected(3, other), rejected(4, other)], NOW);
      await replays().end([sent(1), sent(2), sent(3)]);
      expect(await replays().counts()).toEqual(
        new Map([
          ['quantity: below 1', 2],
          ['city: empty', 1],
        ]),
      );
    });

    it('keeps offsets beyond 32 bits', async () => {
      const offset = 9_007_199_254_740_000;
      await replays().begin([rejected(offset)], NOW);
      await replays().end([{ ...rejected(offset), sent: { time: NOW, partition: 0, offset } }]);
      expect(await replays().find([rejected(offset)])).toMatchObject([{ offset, sent: { offset } }]);
    });

    it('notes an event once that several begin with', async () => {
      await Promise.all(Array.from({ length: 10 }, () => replays().begin([rejected(1), rejected(2)], NOW)));
      expect(await replays().find([rejected(1), rejected(2)])).toHaveLength(2);
    });
  });
}
