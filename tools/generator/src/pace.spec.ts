import { Pace } from './pace';
import { Random } from './random';
import { HOURLY_TRAFFIC } from './traffic';

const NOON_MS = Date.UTC(2025, 0, 15, 12);
const at = (ms: number): Date => new Date(NOON_MS + ms);

/** Takes what is due. */
function taken(pace: Pace, now: Date): number {
  const due = pace.due(now);
  pace.take(due);
  return due;
}

function takenWithin(pace: Pace, fromMs: number, toMs: number, stepMs: number): number {
  let sum = 0;
  for (let ms = fromMs + stepMs; ms <= toMs; ms += stepMs) sum += taken(pace, at(ms));
  return sum;
}

describe('Pace', () => {
  it.each([0.5, 10, 333, 20_000])('keeps %d events per second over a minute', (rate) => {
    expect(takenWithin(new Pace(rate, false, at(0)), 0, 60_000, 50)).toBe(60 * rate);
  });

  it.each([0.7, 9.9, 1234.5])(
    'has not drifted by an event after a day at %d/s, however irregular the looks',
    (rate) => {
      const pace = new Pace(rate, false, at(0));
      const random = Random.of('looks');
      let sum = 0;
      let ms = 0;
      for (; ms < 86_400_000; ms += random.integer(1, 2000)) sum += taken(pace, at(ms));
      sum += taken(pace, at(ms));
      expect(Math.abs(sum - (ms / 1000) * rate)).toBeLessThanOrEqual(1);
    },
  );

  it('makes an event due just when it says to ask again', () => {
    const pace = new Pace(4, false, at(0));
    expect(pace.due(at(0))).toBe(0);
    expect(pace.waitMs(at(0))).toBe(250);
    expect(pace.due(at(250))).toBe(1);
  });

  it('keeps due what could not be made at once', () => {
    const pace = new Pace(1000, false, at(0));
    expect(pace.due(at(1000))).toBe(1000);
    pace.take(300);
    expect(pace.due(at(1000))).toBe(700);
    pace.take(700);
    expect(pace.due(at(2000))).toBe(1000);
  });

  it('makes up for ten seconds and not for an hour, nor for a clock set back', () => {
    const pace = new Pace(100, false, at(0));
    expect(taken(pace, at(9000))).toBe(900);
    expect(taken(pace, at(3_600_000))).toBe(1000);
    expect(taken(pace, at(0))).toBe(0);
    expect(takenWithin(pace, 0, 1000, 50)).toBe(100);
  });

  it('follows the hours of the day and keeps their mean', () => {
    const pace = new Pace(10, true, new Date(Date.UTC(2025, 0, 15)));
    const byHour = Array.from({ length: 24 }, (_, hour) => {
      let sum = 0;
      for (let second = 1; second <= 3600; second++) {
        sum += taken(pace, new Date(Date.UTC(2025, 0, 15, hour, 0, second)));
      }
      return sum;
    });
    // The look at a full hour counts the second before it at the new rate: a dozen events at most.
    byHour.forEach((sum, hour) => {
      expect(Math.abs(sum - 36_000 * (HOURLY_TRAFFIC[hour] ?? 0))).toBeLessThanOrEqual(15);
    });
    expect(Math.abs(byHour.reduce((sum, value) => sum + value, 0) - 864_000)).toBeLessThanOrEqual(15);
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
