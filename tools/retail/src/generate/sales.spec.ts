import { MENU, STORES } from './catalogue';
import { MAX_DAYS, MAX_TRANSACTIONS } from './config';
import { salesOf } from './sales';

const day = (transactions: number, date = '2025-01-31', seed = '42') => [
  ...salesOf({ date, transactions, seed }),
];

describe('the catalogue', () => {
  it('names each item and each store once', () => {
    expect(new Set(MENU.map(({ name }) => name)).size).toBe(MENU.length);
    expect(new Set(STORES.map(({ id }) => id)).size).toBe(STORES.length);
    expect(MENU).toHaveLength(15);
    expect(STORES).toHaveLength(30);
  });

  it('has stores named by city and number', () => {
    for (const { id, city } of STORES) {
      expect(id).toMatch(/^[A-Z]{3}-\d{2}$/);
      expect(city).toMatch(/^[A-Z][a-z]+$/);
    }
  });

  it('keeps the total of the longest run a whole number of paise that is exact', () => {
    const dearest = Math.max(...MENU.map(({ basePaise }) => basePaise));
    expect(MAX_DAYS * MAX_TRANSACTIONS * 5 * dearest).toBeLessThan(Number.MAX_SAFE_INTEGER);
  });
});

describe('the sales of a day', () => {
  it('are numbered from 0001, with more digits beyond 9999', () => {
    const ids = day(10_001).map(({ orderId }) => orderId);
    expect(ids[0]).toBe('20250131-0001');
    expect(ids[9998]).toBe('20250131-9999');
    expect(ids[10_000]).toBe('20250131-10001');
    expect(new Set(ids).size).toBe(10_001);
  });

  it('cost what their units cost, after a discount of whole paise', () => {
    const sales = day(5000);
    for (const { item, quantity, unitPaise, amountPaise } of sales) {
      expect([1, 2, 3, 4, 5]).toContain(quantity);
      expect(Number.isInteger(unitPaise)).toBe(true);
      expect(unitPaise).toBeGreaterThanOrEqual(item.basePaise * 0.75);
      expect(unitPaise).toBeLessThanOrEqual(item.basePaise);
      expect(amountPaise).toBe(quantity * unitPaise);
    }
    const discounts = sales.map(({ item, unitPaise }) => 100 - (unitPaise * 100) / item.basePaise);
    expect(new Set(discounts.map((percent) => percent.toFixed(6))).size).toBe(6);
  });

  it('are of every item, every store and every quantity', () => {
    const sales = day(5000);
    expect(new Set(sales.map(({ item }) => item)).size).toBe(MENU.length);
    expect(new Set(sales.map(({ store }) => store)).size).toBe(STORES.length);
    expect(new Set(sales.map(({ quantity }) => quantity)).size).toBe(5);
  });

  it('are the same whenever they are made, and begin alike whatever their number', () => {
    expect(day(300)).toEqual(day(300));
    expect(day(300).slice(0, 100)).toEqual(day(100));
  });

  it('are others on another day and with another seed', () => {
    const soldOf = (...of: Parameters<typeof day>) =>
      day(...of).map(({ item, quantity }) => `${item.name} ${quantity}`);
    expect(soldOf(50)).not.toEqual(soldOf(50, '2025-02-01'));
    expect(soldOf(50)).not.toEqual(soldOf(50, '2025-01-31', '43'));
  });
});
