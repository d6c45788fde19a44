import { STORED_TRANSACTION_COLUMNS, transactionEventSchema } from '@millrace/domain';
import { readSeederSettings } from './config';
import { chunksOf, historyId, makeHistory } from './history';
import type { StoredTransaction } from './history';

const settings = (environment: Record<string, string> = {}) =>
  readSeederSettings(
    { TOTAL_RECORDS: '2000', SEED_END_DATE: '2025-01-31', ...environment },
    [],
    new Date('2025-02-05T12:00:00Z'),
  ).history;

const rowsOf = (environment: Record<string, string> = {}) => [...makeHistory(settings(environment))];

describe('makeHistory', () => {
  const rows = rowsOf();

  it('makes the wanted number of rows, ascending in time, each day within the range', () => {
    expect(rows).toHaveLength(2000);
    const times = rows.map((row) => row.event_timestamp);
    expect([...times].sort()).toEqual(times);
    const days = rows.map((row) => row.event_date);
    expect([days[0], days.at(-1)]).toEqual(['2024-11-03', '2025-01-31']);
  });

  it('makes rows with exactly the stored columns that satisfy the contract', () => {
    const columns = STORED_TRANSACTION_COLUMNS.map(({ name }) => name).sort();
    for (const row of rows) {
      expect(Object.keys(row).sort()).toEqual(columns);
      const { event_date: eventDate, ...event } = row;
      transactionEventSchema.strict().parse(event);
      expect(event.event_timestamp.slice(0, 10)).toBe(eventDate);
      expect(event.processing_timestamp > event.event_timestamp).toBe(true);
      expect(event.batch_id).toBeNull();
    }
  });

  it('makes the same rows from the same settings, whenever it runs', () => {
    expect(rowsOf()).toEqual(rows);
    expect(historyId(settings())).toBe(historyId(settings({ SEED: '42' })));
  });

  it.each([
    ['SEED', '43'],
    ['SEED_END_DATE', '2025-01-30'],
    ['DATE_RANGE_DAYS', '89'],
    ['TOTAL_RECORDS', '2001'],
    ['NUM_STORES', '51'],
  ])('makes other rows, under another name, with another %s', (name, value) => {
    const ids = new Set(rows.map((row) => row.transaction_id));
    expect(rowsOf({ [name]: value }).filter((row) => ids.has(row.transaction_id))).toEqual([]);
    expect(historyId(settings({ [name]: value }))).not.toBe(historyId(settings()));
  });
});

describe('the seasons of the week', () => {
  const rows = rowsOf({ TOTAL_RECORDS: '100000', DATE_RANGE_DAYS: '70' });
  const isWeekend = (row: StoredTransaction) => [0, 6].includes(new Date(row.event_timestamp).getUTCDay());
  /** Sales of a weekend day, as a multiple of those of a weekday; the range has 20 of the one and 50 of the other. */
  const weekendRatio = (category: string): number => {
    const sold = rows.filter((row) => row.category === category);
    const weekend = sold.filter(isWeekend).length;
    return weekend / 20 / ((sold.length - weekend) / 50);
  };

  it('sell 40 % more grocery and clothing on weekends, 30 % more electronics on weekdays, the rest alike', () => {
    expect(weekendRatio('grocery')).toBeCloseTo(1.4, 1);
    expect(weekendRatio('clothing')).toBeCloseTo(1.4, 1);
    expect(1 / weekendRatio('electronics')).toBeCloseTo(1.3, 1);
    expect(weekendRatio('home_garden')).toBeCloseTo(1, 1);
  });
});

describe('chunksOf', () => {
  it('cuts without losing the rest', () => {
    expect([...chunksOf([1, 2, 3, 4, 5], 2)]).toEqual([[1, 2], [3, 4], [5]]);
    expect([...chunksOf([], 2)]).toEqual([]);
  });
});
