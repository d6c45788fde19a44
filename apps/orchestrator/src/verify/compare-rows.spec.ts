import { compareRows, tolerancesOf } from './compare-rows';

const books = {
  category: 'books',
  total_revenue: 100,
  avg_order_value: 25,
  transaction_count: 4n,
  total_units_sold: 9n,
  avg_discount_pct: null,
  unique_customers: 3n,
};
const toys = { ...books, category: 'toys', avg_discount_pct: 2.5 };

const compare = (stream: object[], batch: object[]) =>
  compareRows('revenue_by_category', {
    stream: stream as Record<string, never>[],
    batch: batch as Record<string, never>[],
  });

describe('comparing what the stream and the batch say', () => {
  it('finds no difference where there is none, in whatever order', () => {
    expect(compare([books, toys], [toys, books])).toEqual({
      rows: 2,
      cells: 12,
      equal: true,
      different: 0,
      differences: [],
    });
    expect(compare([], [])).toMatchObject({ rows: 0, cells: 0, equal: true });
  });

  it('names the cell that differs', () => {
    expect(compare([books, { ...toys, transaction_count: 5n }], [books, toys])).toMatchObject({
      equal: false,
      different: 1,
      differences: [{ key: { category: 'toys' }, column: 'transaction_count', stream: 5, batch: 4 }],
    });
  });

  it('allows for the order of a sum of doubles, and for no more', () => {
    const sum = 0.1 + 0.2;
    expect(compare([{ ...books, total_revenue: sum }], [{ ...books, total_revenue: 0.3 }]).equal).toBe(true);
    const million = { ...books, total_revenue: 1_000_000_000 };
    const cent = { ...books, total_revenue: 1_000_000_000.02 };
    expect(compare([million], [cent]).differences).toMatchObject([{ column: 'total_revenue' }]);
  });

  it('takes null for nothing but null', () => {
    expect(compare([{ ...books, avg_discount_pct: 0 }], [books]).differences).toEqual([
      { key: { category: 'books' }, column: 'avg_discount_pct', stream: 0, batch: null },
    ]);
  });

  it('counts every cell of a group that one of them lacks, also those that are null', () => {
    expect(compare([books, toys], [toys])).toMatchObject({ rows: 2, equal: false, different: 6 });
    expect(compare([], [books]).differences).toHaveLength(6);
    const nobody = { ...toys, category: null };
    expect(compare([nobody], [toys]).differences).toHaveLength(12);
    expect(compare([nobody], [nobody]).equal).toBe(true);
  });

  it('shows the first 20 of many', () => {
    const rows = Array.from({ length: 10 }, (_, index) => ({ ...books, category: `c${index}` }));
    const { different, differences } = compare(rows, []);
    expect(different).toBe(60);
    expect(differences).toHaveLength(20);
  });
});

describe('tolerances', () => {
  it('are for doubles alone, and of a rounded share one step', () => {
    expect(tolerancesOf('payment_analysis')).toEqual({
      total_revenue: { relative: 1e-11 },
      avg_transaction_value: { relative: 1e-11 },
      revenue_share_pct: { absolute: 0.01 },
    });
  });

  it('let shares be neighbours', () => {
    const row = {
      payment_method: 'upi',
      card_network: null,
      transaction_count: 1n,
      revenue_share_pct: 33.33,
    };
    const compared = (share: number) =>
      compareRows('payment_analysis', { stream: [row], batch: [{ ...row, revenue_share_pct: share }] });
    expect(compared(33.34).equal).toBe(true);
    expect(compared(33.35).equal).toBe(false);
  });
});
