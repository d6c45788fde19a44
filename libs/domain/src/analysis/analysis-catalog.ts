import type { Column } from '../column';
import { ascending, descending, nullable, required } from './analysis-entry';
import type { AnalysisEntry, SortKey } from './analysis-entry';

/** Analyses that a batch can ask for. */
export const ANALYSIS_NAMES = [
  'revenue_by_category',
  'revenue_by_region',
  'payment_analysis',
  'customer_segmentation',
  'fraud_analysis',
  'hourly_trends',
  'channel_performance',
  'inventory_velocity',
] as const;
export type AnalysisName = (typeof ANALYSIS_NAMES)[number];

/** All analyses over the same rows, each with a table of its own. */
export const FULL_REPORT = 'full_report';
/** What a request can name. */
export const REQUESTABLE_ANALYSES = [...ANALYSIS_NAMES, FULL_REPORT] as const;
export type RequestedAnalysis = (typeof REQUESTABLE_ANALYSES)[number];

/** The analyses that a request stands for. */
export function analysesOf(requested: RequestedAnalysis): readonly AnalysisName[] {
  return requested === FULL_REPORT ? ANALYSIS_NAMES : [requested];
}

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
  revenue_by_region: {
    name: 'revenue_by_region',
    title: 'Revenue by region',
    description: 'Revenue, order value, stores and customers of completed transactions, by region and city',
    columns: [
      nullable('region', 'string'),
      nullable('city', 'string'),
      nullable('total_revenue', 'double'),
      required('transaction_count', 'bigint'),
      nullable('avg_order_value', 'double'),
      required('active_stores', 'bigint'),
      required('unique_customers', 'bigint'),
    ],
    order: [descending('total_revenue'), ascending('region'), ascending('city')],
  },
  payment_analysis: {
    name: 'payment_analysis',
    title: 'Payment methods',
    description:
      'Completed transactions and their share of revenue (percent), by way of payment and card network',
    columns: [
      nullable('payment_method', 'string'),
      nullable('card_network', 'string'),
      required('transaction_count', 'bigint'),
      nullable('total_revenue', 'double'),
      nullable('avg_transaction_value', 'double'),
      required('unique_customers', 'bigint'),
      nullable('revenue_share_pct', 'double'),
    ],
    order: [descending('transaction_count'), ascending('payment_method'), ascending('card_network')],
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
  fraud_analysis: {
    name: 'fraud_analysis',
    title: 'Fraud',
    description:
      'Transactions known as fraud or scored above 0.7, of any status, by category, region, channel and way of payment',
    columns: [
      nullable('category', 'string'),
      nullable('region', 'string'),
      nullable('channel', 'string'),
      nullable('payment_method', 'string'),
      required('fraud_count', 'bigint'),
      nullable('fraud_total_amount', 'double'),
      nullable('avg_fraud_score', 'double'),
      nullable('avg_fraud_amount', 'double'),
      required('affected_customers', 'bigint'),
      required('affected_cities', 'array<string>'),
    ],
    order: [
      descending('fraud_count'),
      ascending('category'),
      ascending('region'),
      ascending('channel'),
      ascending('payment_method'),
    ],
  },
  hourly_trends: {
    name: 'hourly_trends',
    title: 'Hourly trends',
    description: 'Completed transactions of each hour (UTC) of each day',
    columns: [
      nullable('event_date', 'date'),
      nullable('event_hour', 'int'),
      required('transaction_count', 'bigint'),
      nullable('hourly_revenue', 'double'),
      nullable('avg_order_value', 'double'),
      required('unique_customers', 'bigint'),
      nullable('units_sold', 'bigint'),
    ],
    order: [ascending('event_date'), ascending('event_hour')],
  },
  channel_performance: {
    name: 'channel_performance',
    title: 'Channel performance',
    description:
      'Revenue, customers, discounts and fraud (percent) of completed transactions, by sales channel',
    columns: [
      nullable('channel', 'string'),
      required('transaction_count', 'bigint'),
      nullable('total_revenue', 'double'),
      nullable('avg_order_value', 'double'),
      required('unique_customers', 'bigint'),
      nullable('avg_discount', 'double'),
      required('fraud_count', 'bigint'),
      nullable('avg_fraud_score', 'double'),
      nullable('fraud_rate_pct', 'double'),
    ],
    order: [descending('total_revenue'), ascending('channel')],
  },
  inventory_velocity: {
    name: 'inventory_velocity',
    title: 'Inventory velocity',
    description: 'Units of each product sold a day, from its first to its last completed sale',
    columns: [
      nullable('product_id', 'string'),
      nullable('product_name', 'string'),
      nullable('category', 'string'),
      nullable('sub_category', 'string'),
      nullable('brand', 'string'),
      nullable('total_units_sold', 'bigint'),
      required('order_count', 'bigint'),
      nullable('total_revenue', 'double'),
      nullable('avg_selling_price', 'double'),
      nullable('avg_discount', 'double'),
      required('regions_sold_in', 'bigint'),
      required('stores_sold_in', 'bigint'),
      nullable('first_sale', 'timestamp'),
      nullable('last_sale', 'timestamp'),
      nullable('days_in_range', 'int'),
      nullable('daily_velocity', 'double'),
    ],
    order: [
      descending('daily_velocity'),
      ascending('product_id'),
      ascending('product_name'),
      ascending('category'),
      ascending('sub_category'),
      ascending('brand'),
    ],
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

/** Columns of the table of windows: those of the aggregation and what the stream adds. */
export const WINDOW_TABLE_COLUMNS: readonly Column[] = [
  ...REALTIME_DASHBOARD.columns,
  /** True once the watermark has passed the window's end: no event will change it any more. */
  nullable('final', 'boolean'),
  /** When the row was last changed. */
  nullable('as_of', 'timestamp'),
];

/** Order of raw rows (the seed's, with a tie-break that makes it total). */
export const RAW_ROW_ORDER: readonly SortKey[] = [ascending('event_timestamp'), ascending('transaction_id')];
