import { chiSquare, countsOf, valuesOf } from '../records.fixture';

const DAY_MS = 86_400_000;
const HOURS = [1, 0, 1, 2, 1, 3, 5, 8, 15, 15, 9, 9, 12, 11, 9, 9, 10, 12, 15, 15, 10, 8, 5, 2];
/** Monday to Sunday. */
const WEEKDAYS = [2, 2, 2, 3, 5, 7, 4];

/** Milliseconds since 1970. */
const momentsOf = (field: object, records = 50_000): readonly number[] =>
  valuesOf([{ name: 't', type: 'datetime', ...field }], records).map((time) => Date.parse(String(time)));

const hourOf = (ms: number) => new Date(ms).getUTCHours();
const weekdayOf = (ms: number) => (new Date(ms).getUTCDay() + 6) % 7;

describe('datetime', () => {
  it('is ISO 8601 in UTC, to the millisecond', () => {
    const [time] = valuesOf([{ name: 't', type: 'datetime', start: '-30d', end: 'now' }], 1);
    expect(time).toMatch(/^2026-0[123]-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('lies in its window, evenly, and reaches both ends', () => {
    const moments = momentsOf({ start: '2026-01-01', end: '2026-01-11' });
    const startMs = Date.parse('2026-01-01');
    const days = moments.map((ms) => Math.floor((ms - startMs) / DAY_MS));
    // 99.9 %, 9 degrees of freedom.
    expect(chiSquare(countsOf(days, 10), new Array<number>(10).fill(1))).toBeLessThan(27.88);
    expect(Math.min(...moments)).toBeGreaterThanOrEqual(startMs);
    expect(Math.max(...moments)).toBeLessThan(startMs + 10 * DAY_MS);
    expect(Math.max(...moments) - Math.min(...moments)).toBeGreaterThan(9.99 * DAY_MS);
  });

  it('never reaches the end of a window of a millisecond', () => {
    const window = { start: '2026-01-01T00:00:00Z', end: '2026-01-01T00:00:00.001Z' };
    for (const more of [{}, { ramp: { from: 0, to: 1 } }, { seasonality: { hours: HOURS } }]) {
      expect(new Set(momentsOf({ ...window, ...more }, 500))).toEqual(new Set([Date.parse('2026-01-01')]));
    }
  });

  it('is refused where the reference time leaves nothing', () => {
    expect(() => momentsOf({ start: '2026-03-02', end: 'now' }, 1)).toThrow(
      'fields[0].end: must be after start',
    );
  });
});

describe('seasonality', () => {
  const window = { start: '2026-01-05', end: '2026-02-02' };

  it('has the hours and the weekdays in exactly the shares that are asked for, and both at once', () => {
    const moments = momentsOf({ ...window, seasonality: { hours: HOURS, weekdays: WEEKDAYS } }, 200_000);
    // The 99.9 % points for 22 (one hour weighs nothing), 6 and 160 degrees of freedom.
    expect(chiSquare(countsOf(moments.map(hourOf), 24), HOURS)).toBeLessThan(48.27);
    expect(chiSquare(countsOf(moments.map(weekdayOf), 7), WEEKDAYS)).toBeLessThan(22.46);
    const cells = moments.map((ms) => weekdayOf(ms) * 24 + hourOf(ms));
    const products = WEEKDAYS.flatMap((day) => HOURS.map((hour) => day * hour));
    expect(chiSquare(countsOf(cells, 168), products)).toBeLessThan(221.02);
  });

  it('does not depend on the size of the weights: 1.5 times as many is 1.5 times as many', () => {
    const hours = new Array<number>(24).fill(1);
    for (const peak of [8, 9, 18, 19]) hours[peak] = 1.5;
    const counts = countsOf(momentsOf({ ...window, seasonality: { hours } }, 100_000).map(hourOf), 24);
    const mean = (of: readonly number[]) => of.reduce((sum, count) => sum + count, 0) / of.length;
    const isPeak = (hour: number) => (hours[hour] ?? 1) > 1;
    const ratio =
      mean(counts.filter((_, hour) => isPeak(hour))) / mean(counts.filter((_, hour) => !isPeak(hour)));
    expect(ratio).toBeGreaterThan(1.46);
    expect(ratio).toBeLessThan(1.54);
    const huge = hours.map((weight) => weight * 1e6);
    expect(momentsOf({ ...window, seasonality: { hours: huge } }, 200)).toEqual(
      momentsOf({ ...window, seasonality: { hours } }, 200),
    );
  });

  it('is even within an hour', () => {
    const moments = momentsOf({ ...window, seasonality: { hours: HOURS } });
    const minutes = moments.map((ms) => new Date(ms).getUTCMinutes());
    // 99.9 %, 59 degrees of freedom.
    expect(chiSquare(countsOf(minutes, 60), new Array<number>(60).fill(1))).toBeLessThan(98.32);
  });

  it('weighs hours that are in the window only in part by that part', () => {
    const hours = new Array<number>(24).fill(0).map((_, hour) => (hour === 9 || hour === 10 ? 1 : 0));
    const moments = momentsOf({
      start: '2026-01-05T09:45:00Z',
      end: '2026-01-05T12:30:00Z',
      seasonality: { hours },
    });
    const late = moments.filter((ms) => hourOf(ms) === 10).length;
    // 15 minutes and 60; 99.9 %, 1 degree of freedom.
    expect(chiSquare([moments.length - late, late], [15, 60])).toBeLessThan(10.83);
    expect(Math.min(...moments)).toBeGreaterThanOrEqual(Date.parse('2026-01-05T09:45:00Z'));
    expect(Math.max(...moments)).toBeLessThan(Date.parse('2026-01-05T11:00:00Z'));
  });

  it('knows the weekdays before 1970, too', () => {
    const only = { seasonality: { weekdays: [0, 0, 1, 0, 0, 0, 0] } };
    const moments = momentsOf({ start: '1969-01-01', end: '1970-03-01', ...only }, 2000);
    expect(new Set(moments.map(weekdayOf))).toEqual(new Set([2]));
    expect(Math.min(...moments)).toBeLessThan(0);
  });

  it('is refused where it leaves nothing of the window', () => {
    const only = { seasonality: { weekdays: [1, 1, 1, 1, 1, 0, 0] } };
    expect(() => momentsOf({ start: '2026-01-10', end: '2026-01-12', ...only }, 1)).toThrow(
      'fields[0].seasonality: must have a weight above 0 between start and end',
    );
  });
});

describe('ramp', () => {
  const window = { start: '2026-01-01', end: '2026-01-11' };
  const startMs = Date.parse('2026-01-01');

  it.each([
    [1, 3],
    [0, 2],
    [5, 1],
    [2, 0],
    [1, 1],
  ])('from %d to %d grows evenly', (from, to) => {
    const moments = momentsOf({ ...window, ramp: { from, to } });
    const days = moments.map((ms) => Math.floor((ms - startMs) / DAY_MS));
    const weights = days.slice(0, 10).map((_, day) => from + ((to - from) * (day + 0.5)) / 10);
    // 99.9 %, 9 degrees of freedom.
    expect(chiSquare(countsOf(days, 10), weights)).toBeLessThan(27.88);
  });
});
