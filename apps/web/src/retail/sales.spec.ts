import { bestProducts, revenueByDay, salesTiles } from './sales';

const sale = (order_date: string, product: string | null, total_amount: number | null) => ({
  order_date,
  product,
  total_amount,
});

const table = {
  columns: [],
  rows: [
    sale('2025-01-01', 'Chai', 0.1),
    sale('2025-01-01', 'Vada Pav', 0.2),
    sale('2025-01-02', 'Chai', 1_000.35),
    sale('2025-01-02', null, null),
  ],
  total: 4,
};

it('adds a day to the paisa', () => {
  const { points, format } = revenueByDay(table);
  expect(points).toEqual([
    { label: '2025-01-01', value: 0.3 },
    { label: '2025-01-02', value: 1_000.35 },
  ]);
  expect(format(1_000.35)).toBe('₹1,000.35');
});

it('ranks products over all days', () => {
  expect(bestProducts(table).points).toEqual([
    { label: 'Chai', value: 1_000.45 },
    { label: 'Vada Pav', value: 0.2 },
    { label: 'none', value: 0 },
  ]);
});

it('shows the totals that the API has', () => {
  const rows = [{ total_revenue: 123_456_789.99, distinct_products: 12, row_count: 3_500 }];
  expect(salesTiles({ columns: [], rows, total: 1 })).toEqual([
    { name: 'Revenue', value: '₹123,456,789.99' },
    { name: 'Products', value: '12' },
    { name: 'Sales', value: '3,500' },
  ]);
  const nothing = [{ total_revenue: null, distinct_products: 0, row_count: 0 }];
  expect(salesTiles({ columns: [], rows: nothing, total: 1 })[0]).toEqual({ name: 'Revenue', value: '–' });
});
