import { LiveClock, PastClock } from './event-clock';

describe('LiveClock', () => {
  it('remembers when the newest events were made', () => {
    const clock = new LiveClock(10);
    for (let from = 0; from < 40; from += 4) clock.reach(from, from + 4, new Date(1000 + from));
    expect([39, 36, 35, 31, 30].map((index) => clock.timeOf(index))).toEqual([1036, 1036, 1032, 1028, 1028]);
  });
});

describe('PastClock', () => {
  it('lets events happen at an even rate, whenever they are made', () => {
    const clock = new PastClock(5000, 4);
    expect([0, 1, 2, 4, 4_000_000].map((index) => clock.timeOf(index))).toEqual([
      5000, 5250, 5500, 6000, 1_000_005_000,
    ]);
  });
});
