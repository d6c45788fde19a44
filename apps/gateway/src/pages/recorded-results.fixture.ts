import { ANALYSES, RETAIL_ANALYSES, datasetAnalyses } from '@millrace/domain';
import type { Column } from '@millrace/domain';
import { sendJson } from '../gateway.fixture';
import type { NeighbourService } from '../gateway.fixture';

interface RecordedResult {
  readonly columns: readonly Column[];
  readonly rows: readonly object[];
  /** How many rows the page asks for. */
  readonly limit: number;
}

/** Answers of the results service about one result of a batch. */
export function record(
  results: NeighbourService,
  of: { readonly batchId: string; readonly analysis?: string },
  { columns, rows, limit }: RecordedResult,
): void {
  const base = `GET /batch/data/${of.batchId}${of.analysis === undefined ? '' : '/aggregated'}`;
  const query = of.analysis === undefined ? '' : `?analysis=${of.analysis}`;
  results.on(`${base}/schema${query}`, sendJson(200, { columns }));
  const page = { total: rows.length, returned: rows.length };
  results.on(
    `${base}${query}${query === '' ? '?' : '&'}limit=${String(limit)}`,
    sendJson(200, { data: rows, page }),
  );
}

const DAYS = Array.from({ length: 14 }, (_, day) => `2025-01-${String(day + 1).padStart(2, '0')}`);
/** Grows and falls as a week does, the same each time. */
const wave = (index: number): number => Math.round((60 + 40 * Math.sin(index * 0.9)) * 1_237) / 100;

export const REVENUE_BY_CATEGORY: RecordedResult = {
  columns: ANALYSES.revenue_by_category.columns,
  rows: ['electronics', 'groceries', 'toys', 'books', 'garden'].map((category, index) => ({
    category,
    total_revenue: 98_765.43 / (index + 1),
    avg_order_value: 87.65,
    transaction_count: 1_200 - index * 100,
    total_units_sold: 3_400 - index * 100,
    avg_discount_pct: 4.2,
    unique_customers: 800 - index * 50,
  })),
  limit: 100,
};

export const HOURLY_TRENDS: RecordedResult = {
  columns: ANALYSES.hourly_trends.columns,
  rows: DAYS.slice(0, 3).flatMap((event_date) =>
    Array.from({ length: 24 }, (_, event_hour) => ({
      event_date,
      event_hour,
      transaction_count: 10,
      hourly_revenue: wave(event_hour),
      avg_order_value: 8.5,
      unique_customers: 9,
      units_sold: 20,
    })),
  ),
  limit: 8_784,
};

const PRODUCTS = ['Vada Pav', 'Masala Chai', 'Samosa', 'Filter Coffee', 'Pani Puri', 'Kulfi'];

export const DAILY_PRODUCT: RecordedResult = {
  columns: RETAIL_ANALYSES.daily_product.columns,
  rows: DAYS.flatMap((order_date, day) =>
    PRODUCTS.map((product, index) => ({ order_date, product, total_amount: wave(day + index) })),
  ),
  limit: 10_000,
};

export const RETAIL_KPIS: RecordedResult = {
  columns: RETAIL_ANALYSES.kpis.columns,
  rows: [{ total_revenue: 1_234_567.89, distinct_products: 6, row_count: 6_999 }],
  limit: 1,
};

const CARDS = datasetAnalyses({
  timestamp: 'event_time',
  dimensions: ['city', 'channel', 'merchant_cat'],
  numerics: ['amount'],
  booleans: ['is_chip', 'label_fraud'],
});

const figures = (sum_amount: number) => ({
  record_count: 100,
  sum_amount,
  count_is_chip: 60,
  count_label_fraud: 1,
  avg_amount: sum_amount / 100,
  rate_is_chip: 0.6,
  rate_label_fraud: 0.01,
});

export const DAILY_METRICS: RecordedResult = {
  columns: CARDS.daily_metrics.columns,
  rows: DAYS.flatMap((event_time_date, day) =>
    ['Mumbai', 'Pune', 'Delhi'].map((city, index) => ({
      event_time_date,
      city,
      channel: index === 1 ? 'POS' : 'e-commerce',
      merchant_cat: 'grocery',
      ...figures(wave(day + index)),
    })),
  ),
  limit: 10_000,
};

export const DATASET_KPIS: RecordedResult = {
  columns: CARDS.kpis.columns,
  rows: [figures(4_321_000.55)],
  limit: 1,
};

export const ROWS: RecordedResult = {
  columns: [
    { name: 'transaction_id', type: 'string', nullable: false },
    { name: 'event_timestamp', type: 'timestamp', nullable: false },
    { name: 'total_amount', type: 'double', nullable: true },
    { name: 'city', type: 'string', nullable: true },
  ],
  rows: [
    {
      transaction_id: 't-1',
      event_timestamp: '2025-01-15T08:00:01.250Z',
      total_amount: 12.5,
      city: '<b>Pune</b>',
    },
    { transaction_id: 't-2', event_timestamp: '2025-01-15T08:00:02.000Z', total_amount: null, city: null },
  ],
  limit: 10,
};
