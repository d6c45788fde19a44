import type { AnalysisName } from '@millrace/domain';

/** Which columns of an analysis its chart shows. */
export interface ChartPlan {
  readonly kind: 'bar' | 'line';
  readonly labels: readonly string[];
  readonly value: string;
}

const bar = (value: string, ...labels: readonly string[]): ChartPlan => ({ kind: 'bar', labels, value });

export const CHART_PLANS: Readonly<Record<AnalysisName, ChartPlan>> = {
  revenue_by_category: bar('total_revenue', 'category'),
  revenue_by_region: bar('total_revenue', 'region', 'city'),
  payment_analysis: bar('transaction_count', 'payment_method', 'card_network'),
  customer_segmentation: bar('lifetime_value', 'customer_id'),
  fraud_analysis: bar('fraud_count', 'category', 'region', 'channel', 'payment_method'),
  hourly_trends: { kind: 'line', labels: ['event_date', 'event_hour'], value: 'hourly_revenue' },
  channel_performance: bar('total_revenue', 'channel'),
  inventory_velocity: bar('daily_velocity', 'product_name', 'product_id'),
};
