import { Pace } from './pace';
import { HOURLY_TRAFFIC } from './traffic';

const NOON_MS = Date.UTC(2025, 0, 15, 12);
const at = (ms: number): Date => new Date(NOON_MS + ms);

function dueWithin(pace: Pace, fromMs: number, toMs: number, stepMs: number): number {
  let due = 0;
  for (let ms = fromMs + stepMs; ms <= toMs; ms += stepMs) due += pace.due(at(ms));
  return due;
}

describe('Pace', () => {
  it.each([0.5, 10, 333, 20_000])('keeps %d events per second over a minute', (rate) => {
    expect(dueWithin(new Pace(rate, false, at(0)), 0, 60_000, 50)).toBe(60 * rate);
  });

  it('makes an event due just when it says to ask again', () => {
    const pace = new Pace(4, false, at(0));
    expect(pace.due(at(0))).toBe(0);
    expect(pace.waitMs(at(0))).toBe(250);
    expect(pace.due(at(250))).toBe(1);
  });

  it('does not flood after a long pause or a clock set back', () => {
    const pace = new Pace(100, false, at(0));
    expect(pace.due(at(3_600_000))).toBe(100);
    expect(pace.due(at(0))).toBe(0);
    expect(dueWithin(pace, 0, 1000, 50)).toBe(100);
  });

  it('follows the hour of the day', () => {
    const perSecond = (hour: number) =>
      dueWithin(new Pace(1000, true, at(0)), 0, 0, 1) +
      new Pace(1000, true, new Date(Date.UTC(2025, 0, 15, hour))).due(
        new Date(Date.UTC(2025, 0, 15, hour, 0, 1)),
      );
    expect(perSecond(19)).toBeGreaterThan(4 * perSecond(3));
  });
});

describe('the traffic of a day', () => {
  it('has a mean of one and most of it from 8 to 22', () => {
    expect(HOURLY_TRAFFIC).toHaveLength(24);
    expect(HOURLY_TRAFFIC.reduce((sum, value) => sum + value, 0) / 24).toBeCloseTo(1, 12);
    const business = HOURLY_TRAFFIC.slice(8, 22).reduce((sum, value) => sum + value, 0) / 24;
    expect(business).toBeGreaterThan(0.75);
  });
});
