import { epochMsOf, midnightOf, timeTextOf } from './event-time';

const row = (cells: Record<string, string>) => new Map(Object.entries(cells));

describe('the time that a row says', () => {
  const cells = {
    timestamp: '2025-01-04',
    order_date: '2025-01-03',
    order_time: '2025-01-02',
    order_ts: '2025-01-01',
    event_time: '2025-01-05',
  };

  it.each([
    [[], '2025-01-01'],
    [['order_ts'], '2025-01-02'],
    [['order_ts', 'order_time'], '2025-01-03'],
    [['order_ts', 'order_time', 'order_date'], '2025-01-04'],
    [['order_ts', 'order_time', 'order_date', 'timestamp'], '2025-01-05'],
    [Object.keys(cells), undefined],
  ])('is the first that is not blank; where %j are, it is %s', (blank, time) => {
    expect(timeTextOf(row({ ...cells, ...Object.fromEntries(blank.map((name) => [name, ''])) }))).toBe(time);
    const absent = Object.entries(cells).filter(([name]) => !blank.includes(name));
    expect(timeTextOf(new Map(absent))).toBe(time);
  });
});

describe('the moment of a time', () => {
  it.each([
    ['2025-01-31', '2025-01-31T00:00:00.000Z'],
    ['20250131', '2025-01-31T00:00:00.000Z'],
    ['2025/01/31', '2025-01-31T00:00:00.000Z'],
    ['2025-01-31T08:05', '2025-01-31T08:05:00.000Z'],
    ['2025-01-31 08:05:09', '2025-01-31T08:05:09.000Z'],
    ['2025-01-31T08:05:09.5Z', '2025-01-31T08:05:09.500Z'],
    ['2025-01-31T08:05:09.123456789Z', '2025-01-31T08:05:09.123Z'],
    ['2025-01-31T02:00:00+05:30', '2025-01-30T20:30:00.000Z'],
    ['2025-01-31 02:00:00 -0800', '2025-01-31T10:00:00.000Z'],
    ['1738310709', '2025-01-31T08:05:09.000Z'],
    ['1738310709123', '2025-01-31T08:05:09.123Z'],
  ])('%s is %s', (text, moment) => {
    expect(new Date(epochMsOf(text) ?? NaN).toISOString()).toBe(moment);
  });

  it.each([
    '',
    'yesterday',
    '2025-02-29',
    '2025-04-31',
    '2025-13-01',
    '2025-01-31T25:00',
    '2025-0131',
    '31.01.2025',
    '12',
  ])('%j has none', (text) => {
    expect(epochMsOf(text)).toBeUndefined();
  });

  it('begins at midnight for a date without a time of day only', () => {
    expect(midnightOf('2025-01-31')).toBe(Date.UTC(2025, 0, 31));
    expect(midnightOf('20250131')).toBe(Date.UTC(2025, 0, 31));
    expect(midnightOf('2025-01-31T00:00:00')).toBeUndefined();
    expect(midnightOf('2025-02-30')).toBeUndefined();
    expect(midnightOf('17383107')).toBeUndefined();
  });
});
