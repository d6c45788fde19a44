import { eventOf } from './retail-event';

const NOW = '2025-06-01T12:00:00.000Z';
const event = (cells: Record<string, string>, spreadsDay = false) =>
  eventOf(new Map(Object.entries(cells)), spreadsDay, () => new Date(NOW));

const spread = (cells: Record<string, string>) => event(cells, true).eventTime;

describe('the event of a row', () => {
  it('is a JSON object of texts, with the time that the row says', () => {
    const { key, value, eventTime, eventMs } = event({
      order_id: 'a-1',
      order_date: '2025-01-31',
      quantity: '2',
    });
    expect(key).toBe('a-1');
    expect(value).toBe(
      '{"order_id":"a-1","order_date":"2025-01-31","quantity":"2","event_time":"2025-01-31"}',
    );
    expect(eventTime).toBe('2025-01-31');
    expect(eventMs).toBe(Date.UTC(2025, 0, 31));
  });

  it('happens now where the row says no time, and has no key where it has no id', () => {
    expect(event({ product: 'tea', order_id: '' })).toMatchObject({ key: null, eventTime: NOW });
    expect(JSON.parse(event({ product: 'tea' }).value)).toEqual({ product: 'tea', event_time: NOW });
  });

  it('keeps cells whose names mean something to JavaScript', () => {
    expect(event({ ['__proto__']: 'x', constructor: 'y', order_date: '2025' }).value).toContain(
      '"__proto__":"x","constructor":"y"',
    );
  });

  it('has no moment where its time is no time', () => {
    expect(event({ order_date: 'soon' })).toMatchObject({ eventTime: 'soon', eventMs: undefined });
  });
});

describe('a spread day', () => {
  it('gives a date a time of day within it, always the same for an order', () => {
    const time = spread({ order_id: 'a-1', order_date: '2025-01-31', product: 'tea' });
    expect(time).toMatch(/^2025-01-31T\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(spread({ order_id: 'a-1', order_date: '20250131' })).toBe(time);
    expect(spread({ order_id: 'a-2', order_date: '2025-01-31' })).not.toBe(time);
  });

  it('changes the time of the event alone', () => {
    const { value, eventTime } = event({ order_id: 'a-1', order_date: '2025-01-31' }, true);
    expect(JSON.parse(value)).toEqual({ order_id: 'a-1', order_date: '2025-01-31', event_time: eventTime });
  });

  it('leaves a time of day that is there, and what is no date', () => {
    expect(spread({ order_id: 'a', order_time: '2025-01-31 00:00:00' })).toBe('2025-01-31 00:00:00');
    expect(spread({ order_id: 'a', order_time: '2025-02-30' })).toBe('2025-02-30');
    expect(spread({ order_id: 'a' })).toBe(NOW);
  });

  it('tells rows without an id apart by what they hold', () => {
    expect(spread({ order_date: '2025-01-31', product: 'tea' })).not.toBe(
      spread({ order_date: '2025-01-31', product: 'coffee' }),
    );
  });

  it('uses all hours, and those of the day more than those of the night', () => {
    const counts = new Array<number>(24).fill(0);
    for (let order = 0; order < 5000; order++) {
      const hour = new Date(spread({ order_id: String(order), order_date: '2025-01-31' })).getUTCHours();
      counts[hour] = (counts[hour] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(0);
    expect(counts[18]).toBeGreaterThan(2 * (counts[3] ?? 0));
  });
});
