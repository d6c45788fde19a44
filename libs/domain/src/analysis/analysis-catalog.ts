import type { Column, ColumnType } from '../column';

export interface SortKey {
  readonly column: string;
  readonly direction: 'asc' | 'desc';
}

/** What an analysis gives, without how: the plan is built in `libs/pipelines`. */
export interface AnalysisEntry {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly columns: readonly Column[];
  /** The analysis's own order, then the group keys, so that equal values page in a stable order. */
  readonly order: readonly SortKey[];
}

const required = (name: string, type: ColumnType): Column => ({ name, type, nullable: false });
const nullable = (name: string, type: ColumnType): Column => ({ name, type, nullable: true });
const ascending = (column: string): SortKey => ({ column, direction: 'asc' });
const descending = (column: string): SortKey => ({ column, direction: 'desc' });

/** Analyses that a batch can ask for. */
export const ANALYSIS_NAMES = ['revenue_by_category', 'customer_segmentation'] as const;
export type AnalysisName = (typeof ANALYSIS_NAMES)[number];

export const ANALYSES: Readonly<Record<AnalysisName, AnalysisEntry>> = {
  revenue_by_category: {
    name: 'revenue_by_category',
    title: 'Revenue by category',
    description: 'Revenue, order value, units and customers of completed transactions, by product category',
    columns: [
      nullable('category', 'string'),
      nullable('total_revenue', 'double'),
      nullable('avg_order_value', 'double'),
      required('transaction_count', 'bigint'),
      nullable('total_units_sold', 'bigint'),
      nullable('avg_discount_pct', 'double'),
      required('unique_customers', 'bigint'),
    ],
    order: [descending('total_revenue'), ascending('category')],
  },
  customer_segmentation: {
    name: 'customer_segmentation',
    title: 'Customer segmentation',
    description: 'Lifetime value, habits and segment of each customer with completed transactions',
    columns: [
      nullable('customer_id', 'string'),
      nullable('customer_tier', 'string'),
      nullable('lifetime_value', 'double'),
      required('total_transactions', 'bigint'),
      nullable('avg_order_value', 'double'),
      nullable('last_purchase_date', 'timestamp'),
      nullable('first_purchase_date', 'timestamp'),
      required('category_diversity', 'bigint'),
      nullable('mobile_orders', 'bigint'),
      nullable('web_orders', 'bigint'),
      nullable('instore_orders', 'bigint'),
      required('segment', 'string'),
    ],
    order: [descending('lifetime_value'), ascending('customer_id'), ascending('customer_tier')],
  },
};

/** The windowed aggregation that the stream keeps: 5 minutes, one more each minute, by category. */
export const REALTIME_DASHBOARD: AnalysisEntry = {
  name: 'realtime_dashboard',
  title: 'Realtime dashboard',
  description: 'Sliding windows of completed and pending transactions, by product category',
  columns: [
    nullable('window_start', 'timestamp'),
    nullable('window_end', 'timestamp'),
    nullable('category', 'string'),
    required('txn_count', 'bigint'),
    nullable('window_revenue', 'double'),
    nullable('avg_order_value', 'double'),
    nullable('fraud_alerts', 'bigint'),
    required('approx_unique_customers', 'bigint'),
  ],
  order: [ascending('window_start'), ascending('category')],
};

/** Order of raw rows (the seed's, with a tie-break that makes it total). */
export const RAW_ROW_ORDER: readonly SortKey[] = [ascending('event_timestamp'), ascending('transaction_id')];
