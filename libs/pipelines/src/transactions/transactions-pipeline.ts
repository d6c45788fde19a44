import { REALTIME_DASHBOARD, STORED_TRANSACTION_COLUMNS, TRANSACTIONS_STREAM } from '@millrace/domain';
import type { AnalysisName } from '@millrace/domain';
import { col } from 'spark-connect-js/functions';
import type { BatchAnalysis, Pipeline, StreamingQueryPlan } from '../pipeline';
import { channelPerformance } from './analyses/channel-performance';
import { customerSegmentation } from './analyses/customer-segmentation';
import { fraudAnalysis } from './analyses/fraud-analysis';
import { hourlyTrends } from './analyses/hourly-trends';
import { inventoryVelocity } from './analyses/inventory-velocity';
import { paymentAnalysis } from './analyses/payment-analysis';
import { revenueByCategory } from './analyses/revenue-by-category';
import { revenueByRegion } from './analyses/revenue-by-region';
import { parseTransactionEvents } from './parse-events';
import { realtimeDashboard } from './realtime-dashboard';
import { selectTransactions, toRawTransactions } from './select-rows';

const analyses: Readonly<Record<AnalysisName, BatchAnalysis>> = {
  revenue_by_category: revenueByCategory,
  revenue_by_region: revenueByRegion,
  payment_analysis: paymentAnalysis,
  customer_segmentation: customerSegmentation,
  fraud_analysis: fraudAnalysis,
  hourly_trends: hourlyTrends,
  channel_performance: channelPerformance,
  inventory_velocity: inventoryVelocity,
};

const rawEvents: StreamingQueryPlan = {
  name: 'transactions',
  transform: (events) => events.select(...STORED_TRANSACTION_COLUMNS.map((column) => col(column.name))),
  table: { path: 'transactions', columns: STORED_TRANSACTION_COLUMNS, partitionBy: ['event_date'] },
  outputMode: 'append',
  triggerIntervalSeconds: 2,
};

const dashboard: StreamingQueryPlan = {
  name: 'realtime_dashboard',
  transform: realtimeDashboard,
  table: { path: 'aggregations', columns: REALTIME_DASHBOARD.columns, partitionBy: ['window_start'] },
  outputMode: 'append',
  triggerIntervalSeconds: 10,
};

/** System A: card, store and web transactions. */
export const transactionsPipeline: Pipeline = {
  name: TRANSACTIONS_STREAM,
  parse: parseTransactionEvents,
  selectRows: selectTransactions,
  toRawOutput: toRawTransactions,
  rawPartitionBy: ['category'],
  analyses,
  queries: [rawEvents, dashboard],
};
