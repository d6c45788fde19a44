import type { RowObject, SparkSession } from 'spark-connect-js';
import { CONTRACT_METRICS } from '../pipeline';
import { fileRows } from '../testing/file-rows';
import type { Cells } from '../testing/file-rows';
import { useSpark } from '../testing/use-spark';
import { retailAnalyses } from './analyses';
import { cleanSales } from './clean-sales';

jest.setTimeout(240_000);

let spark: SparkSession;

useSpark((session) => (spark = session));

const files = (rows: readonly Cells[]) => fileRows(spark, rows);
const clean = (rows: readonly Cells[]): Promise<RowObject[]> => cleanSales(files(rows)).collect();

async function cells(rows: readonly Cells[], column: string): Promise<unknown[]> {
  return (await clean(rows)).map((row) => row[column]);
}

const day = { order_date: '2025-01-15' };

it('a whole row comes as it is', async () => {
  const row = {
    order_id: '20250115-0001',
    order_date: '2025-01-15',
    store_id: 'BLR-01',
    store_city: 'Bengaluru',
    product: 'Masala dosa',
    quantity: '2',
    unit_price: '80.10',
    amount: '160.20',
  };
  const [sale] = await clean([row]);
  expect(sale).toEqual({
    ...row,
    quantity: 2,
    unit_price: 80.1,
    amount: 160.2,
  });
});

it('the product is the first that the row names, and UNKNOWN where it names none', async () => {
  const rows = [
    { ...day, product: 'tea', item: 'coffee' },
    { ...day, product: ' \u00a0\t', item: ' coffee\r' },
    { ...day, product: '', item: '' },
    { ...day, item: '\ufeffcake' },
    { ...day },
  ];
  expect(await cells(rows, 'product')).toEqual(['tea', 'coffee', 'UNKNOWN', 'cake', 'UNKNOWN']);
});

it('the day is the first that the row tells, in any of its columns and forms', async () => {
  const told = [
    { order_date: '2025-01-15' },
    { order_date: '20250116' },
    { order_date: ' 2025/1/17 ' },
    { order_date: 'soon', date: '2025-01-18T10:00:00+05:30' },
    { order_date: '2025-02-30', order_time: '2025-01-19 23:59:59' },
    { timestamp: '20250120 10:00' },
    { event_time: '2025-01-21T00:00:00.000Z' },
  ];
  expect(await cells(told, 'order_date')).toEqual(told.map((_, index) => `2025-01-${15 + index}`));
});

it('rows that tell no day are counted and dropped', async () => {
  const told = ['', '2025', '2025-01', '15-01-2025', '1736899200', '20251301', '2025-13-01', 'yesterday'];
  const rows = [day, ...told.map((text) => ({ order_date: text }))];
  const observed: RowObject[] = [];
  const sales = await cleanSales(files(rows)).collect({
    onObservedMetrics: ({ name, values }) => {
      if (name === CONTRACT_METRICS) observed.push(values);
    },
  });
  expect(sales).toHaveLength(1);
  expect(observed).toEqual([{ received: 9n, rejected: 8n }]);
});

it.each<[string, Cells, number]>([
  ['as it is told', { amount: '12.34', quantity: '9', unit_price: '9' }, 12.34],
  ['rounded, half a cent up', { amount: '12.345' }, 12.35],
  ['of a return', { amount: '-12.345' }, -12.35],
  ['in another spelling', { amount: ' 1.2e3 ' }, 1200],
  ['quantity times price where it is blank', { amount: ' ', quantity: '3', unit_price: '0.1' }, 0.3],
  ['quantity times price where it is no number', { amount: 'n/a', quantity: '3', price: '19.99' }, 59.97],
  ['quantity times price, rounded once', { quantity: '10000', price: '0.33335' }, 3333.5],
  ['unit_price before price', { quantity: '2', unit_price: '5', price: '7' }, 10],
  ['price where unit_price is none', { quantity: '2', unit_price: '-', price: '7' }, 14],
  ['0 where nothing tells', { quantity: '2' }, 0],
  ['0 where it is infinite', { amount: 'Infinity' }, 0],
  ['0 where it is not a number', { amount: 'NaN' }, 0],
  ['0 where it has more digits than can be kept', { amount: '1e30' }, 0],
  ['0 where the product has', { quantity: '9e12', price: '9e12' }, 0],
])('the amount is %s', async (_what, row, amount) => {
  expect(await cells([{ ...day, ...row }], 'amount')).toEqual([amount]);
});

it('days and products add up to the cent, in the order of days', async () => {
  const rows = [
    { order_date: '20250116', product: 'tea', amount: '0.10' },
    { order_date: '2025-01-15', product: 'tea', amount: '0.10' },
    ...Array.from({ length: 10 }, () => ({ ...day, product: 'coffee', amount: '0.10' })),
    { ...day, item: 'tea', amount: '0.20' },
  ];
  const sales = cleanSales(files(rows));
  const { daily_product: daily, kpis } = retailAnalyses;
  const figures = await daily.finish(daily.aggregate(sales)).collect();
  expect(figures).toEqual([
    { order_date: '2025-01-15', product: 'coffee', total_amount: 1 },
    { order_date: '2025-01-15', product: 'tea', total_amount: 0.3 },
    { order_date: '2025-01-16', product: 'tea', total_amount: 0.1 },
  ]);
  expect(await kpis.finish(kpis.aggregate(sales)).collect()).toEqual([
    { total_revenue: 1.4, distinct_products: 2n, row_count: 13n },
  ]);
  expect(await kpis.finish(kpis.aggregate(cleanSales(files([{ order_date: '' }])))).collect()).toEqual([
    { total_revenue: 0, distinct_products: 0n, row_count: 0n },
  ]);
});
