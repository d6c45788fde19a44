import { ascending, nullable, required } from './analysis-entry';
import type { AnalysisEntry } from './analysis-entry';

/** Analyses of sales that come in files. */
export type RetailAnalysisName = 'daily_product' | 'kpis';

export const RETAIL_ANALYSES: Readonly<Record<RetailAnalysisName, AnalysisEntry>> = {
  daily_product: {
    name: 'daily_product',
    title: 'Daily sales by product',
    description: 'The amount that each product was sold for on each day',
    columns: [
      nullable('order_date', 'date'),
      nullable('product', 'string'),
      nullable('total_amount', 'double'),
    ],
    order: [ascending('order_date'), ascending('product')],
  },
  kpis: {
    name: 'kpis',
    title: 'Key figures of sales',
    description: 'One row: the amount of all sales, how many products there are, and how many rows',
    columns: [
      nullable('total_revenue', 'double'),
      required('distinct_products', 'bigint'),
      required('row_count', 'bigint'),
    ],
    order: [],
  },
};

/** What a stream keeps of the sales that come as events: windows overlap, so that their revenue must never be added up. */
export const PRODUCT_REVENUE: AnalysisEntry = {
  name: 'product_revenue',
  title: 'Revenue by product in the last hour',
  description: 'What each product was sold for in windows of an hour, one more every 15 minutes',
  columns: [
    required('product', 'string'),
    required('revenue', 'double'),
    required('window_start', 'timestamp'),
    required('window_end', 'timestamp'),
  ],
  order: [ascending('window_start'), ascending('product')],
};
