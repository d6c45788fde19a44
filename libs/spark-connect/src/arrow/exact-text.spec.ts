import { dateText, epochDayOf } from './exact-text';

const MS_PER_DAY = 86_400_000;

describe('a date', () => {
  it.each([
    [-735_525, '-0044-03-15'],
    [-719_529, '-0001-12-31'],
    [-719_528, '0000-01-01'],
    [-1, '1969-12-31'],
    [11_016, '2000-02-29'],
    [19_782, '2024-02-29'],
    [2_932_896, '9999-12-31'],
    [2_932_897, '+10000-01-01'],
    [2 ** 31 - 1, '+5881580-07-11'],
    [-(2 ** 31), '-5877641-06-23'],
  ])('of any year a DATE can have is written as Spark writes it: %i', (day, text) => {
    expect(dateText(day)).toBe(text);
  });

  it('is the one that JavaScript knows, in every month of two thousand years', () => {
    const days = Array.from({ length: 25_000 }, (_, at) => epochDayOf('0001-01-01') + at * 29);
    expect(days.map(dateText)).toEqual(
      days.map((day) => new Date(day * MS_PER_DAY).toISOString().slice(0, 'YYYY-MM-DD'.length)),
    );
  });

  it('comes back as the same day', () => {
    const days = [
      -(2 ** 31),
      -735_525,
      -719_529,
      -719_528,
      -719_162,
      -1,
      0,
      1,
      20_454,
      2_932_896,
      2_932_897,
      2 ** 31 - 1,
    ];
    expect(days.map((day) => epochDayOf(dateText(day)))).toEqual(days);
  });

  it.each([
    '+5881580-07-12',
    '-5877641-06-22',
    '-0000-01-01',
    '+09999-01-01',
    '+10001-02-29',
    '2026-02-30',
    '2025-02-29',
    '2026-04-31',
    '2026-00-10',
    '2026-13-01',
    '2026-01-32',
  ])('is refused where there is no such day: %s', (text) => {
    expect(() => epochDayOf(text)).toThrow(new RangeError(`there is no day ${text}`));
  });

  it.each(['2026-1-2', '26-01-02', '2026-01-02T00:00:00Z', '+2026-01-02', '12026-01-02', ''])(
    'is refused where written as %j',
    (text) => {
      expect(() => epochDayOf(text)).toThrow(TypeError);
    },
  );
});
