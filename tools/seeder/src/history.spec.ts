import { createHash } from 'node:crypto';
import { STORED_TRANSACTION_COLUMNS, transactionEventSchema } from '@millrace/domain';
import {
  CHANNEL_WEIGHTS,
  PAYMENT_WEIGHTS,
  REGION_WEIGHTS,
  STATUS_WEIGHTS,
  makePools,
} from '@millrace/generator';
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
      expect(event.processing_timestamp <= '2025-02-01T00:00:00.000Z').toBe(true);
    }
  });

  it('makes the same rows from the same settings, whenever and wherever it runs', () => {
    expect(rowsOf()).toEqual(rows);
    // Another digest means other rows than before under the same settings: raise ROWS_VERSION with it.
    expect(createHash('sha256').update(JSON.stringify(rows)).digest('hex')).toBe(
      '602fe1283681e65164f93bf5ff05650770bb511ad9b87874789a46abff43d797',
    );
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

describe('the seasons', () => {
  const DAYS = 70;
  const rows = rowsOf({ TOTAL_RECORDS: '200000', DATE_RANGE_DAYS: String(DAYS) });
  const isWeekend = (row: StoredTransaction) => [0, 6].includes(new Date(row.event_timestamp).getUTCDay());
  const countIf = (holds: (row: StoredTransaction) => boolean) =>
    rows.reduce((count, row) => count + (holds(row) ? 1 : 0), 0);

  /** Sales of a weekend day as a multiple of those of a weekday; the range has 20 of the one and 50 of the other. */
  const weekendRatio = (category: string) => {
    const weekend = countIf((row) => row.category === category && isWeekend(row));
    const weekday = countIf((row) => row.category === category && !isWeekend(row));
    // Four standard deviations of a ratio of two counts. The seed is fixed: what passes once always passes.
    return { ratio: weekend / 20 / (weekday / 50), bound: 4 * Math.sqrt(1 / weekend + 1 / weekday) };
  };

  it.each([
    ['grocery', 1.4],
    ['clothing', 1.4],
    ['electronics', 1 / 1.3],
    ['home_garden', 1],
    ['sports', 1],
    ['beauty', 1],
    ['books', 1],
    ['automotive', 1],
    ['toys', 1],
    ['pharmacy', 1],
  ])('of the week: a weekend day sells %s %d times as much as a weekday', (category, expected) => {
    const { ratio, bound } = weekendRatio(category);
    expect(Math.abs(ratio / expected - 1)).toBeLessThan(bound);
    expect(bound).toBeLessThan(0.13);
  });

  it('of the day: each hour has its share, 82 % of all lies between 8 and 22', () => {
    const byHour = new Array<number>(24).fill(0);
    for (const { event_timestamp: time } of rows) {
      const hour = Number(time.slice(11, 13));
      byHour[hour] = (byHour[hour] ?? 0) + 1;
    }
    const shape = [4, 3, 3, 3, 3, 4, 5, 8, 12, 14, 15, 16, 17, 16, 15, 14, 15, 16, 18, 19, 18, 15, 9, 6];
    const total = shape.reduce((sum, weight) => sum + weight, 0);
    shape.forEach((weight, hour) => {
      const expected = weight / total;
      const found = (byHour[hour] ?? 0) / rows.length;
      expect(Math.abs(found - expected)).toBeLessThan(
        4 * Math.sqrt((expected * (1 - expected)) / rows.length),
      );
    });
    const business = byHour.slice(8, 22).reduce((sum, count) => sum + count, 0) / rows.length;
    expect(business).toBeCloseTo(220 / 268, 2);
  });

  it("leave the generator's shares of all else as they are", () => {
    const expectShare = (holds: (row: StoredTransaction) => boolean, expected: number) => {
      const bound = 4 * Math.sqrt((expected * (1 - expected)) / rows.length);
      expect(Math.abs(countIf(holds) / rows.length - expected)).toBeLessThan(bound);
    };
    for (const [name, weight] of Object.entries(REGION_WEIGHTS))
      expectShare((row) => row.region === name, weight);
    for (const [name, weight] of Object.entries(CHANNEL_WEIGHTS))
      expectShare((row) => row.channel === name, weight);
    for (const [name, weight] of Object.entries(PAYMENT_WEIGHTS))
      expectShare((row) => row.payment_method === name, weight);
    for (const [name, weight] of Object.entries(STATUS_WEIGHTS))
      expectShare((row) => row.transaction_status === name, weight);
    expectShare((row) => row.is_fraudulent === true, 0.02);
  });
});

describe('the customers, products and stores of the history', () => {
  it('are those of the stream', () => {
    const pools = makePools();
    const known = {
      customers: new Map(pools.customers.map(({ id, tier }) => [id, tier])),
      products: new Map(pools.products.map(({ id, name }) => [id, name])),
      stores: new Map(pools.stores.map(({ id, city }) => [id, city.name])),
    };
    for (const row of rowsOf()) {
      expect(known.customers.get(row.customer_id)).toBe(row.customer_tier);
      expect(known.products.get(row.product_id)).toBe(row.product_name);
      if (row.store_id !== null) expect(known.stores.get(row.store_id)).toBe(row.city);
    }
  });
});

describe('chunksOf', () => {
  it('cuts without losing the rest', () => {
    expect([...chunksOf([1, 2, 3, 4, 5], 2)]).toEqual([[1, 2], [3, 4], [5]]);
    expect([...chunksOf([], 2)]).toEqual([]);
  });
});
