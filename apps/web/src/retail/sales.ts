import type { ResultTable, Row } from '../api/result-rows';
import type { SeriesChart } from '../charts/series-chart';
import type { Tile } from '../charts/tiles';
import { sumsBy } from '../figures/cents';
import { amountFormat, count } from '../figures/format';

/** What the files of the chain are in. */
export const rupees = amountFormat('INR');

const MOST_PRODUCTS = 10;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : 'none');
const amountOf = ({ total_amount: amount }: Row): number => (typeof amount === 'number' ? amount : 0);

export function revenueByDay({ rows }: ResultTable): SeriesChart {
  const days = sumsBy(rows, (row) => textOf(row['order_date']), amountOf);
  return { kind: 'line', labelName: 'day', ...revenue([...days]) };
}

export function bestProducts({ rows }: ResultTable): SeriesChart {
  const products = [...sumsBy(rows, (row) => textOf(row['product']), amountOf)];
  const best = products.sort(([, a], [, b]) => b - a).slice(0, MOST_PRODUCTS);
  return { kind: 'bar', labelName: 'product', ...revenue(best) };
}

const revenue = (sums: readonly (readonly [string, number])[]) => ({
  valueName: 'revenue',
  points: sums.map(([label, value]) => ({ label, value })),
  format: rupees,
});

/** The figures of the API as they are: nothing is added up here. */
export function salesTiles({ rows: [figures] }: ResultTable): readonly Tile[] {
  const tile = (name: string, column: string, format: (value: number) => string): Tile => {
    const value = figures?.[column];
    return { name, value: typeof value === 'number' ? format(value) : '–' };
  };
  return [
    tile('Revenue', 'total_revenue', rupees),
    tile('Products', 'distinct_products', count),
    tile('Sales', 'row_count', count),
  ];
}
