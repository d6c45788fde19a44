import {
  MAX_SECONDS_AHEAD,
  REJECT_COLUMNS,
  STORED_TRANSACTION_COLUMNS,
  TRANSACTIONS_STREAM,
  WINDOW_TABLE_COLUMNS,
} from '@millrace/domain';
import type { AnalysisName } from '@millrace/domain';
import type { AggregateQueryPlan, BatchAnalysis, EventQueryPlan, Pipeline, StreamTable } from '../pipeline';
import { channelPerformance } from './analyses/channel-performance';
import { customerSegmentation } from './analyses/customer-segmentation';
import { fraudAnalysis } from './analyses/fraud-analysis';
import { hourlyTrends } from './analyses/hourly-trends';
import { inventoryVelocity } from './analyses/inventory-velocity';
import { paymentAnalysis } from './analyses/payment-analysis';
import { revenueByCategory } from './analyses/revenue-by-category';
import { revenueByRegion } from './analyses/revenue-by-region';
import { examineTransactionEvents, parseTransactionEvents } from './parse-events';
import { realtimeDashboard } from './realtime-dashboard';
import { selectTransactions, toRawTransactions } from './select-rows';
import { streamedAnalysis } from './streamed-analyses';

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

const eventTable: StreamTable = {
  path: 'transactions',
  columns: STORED_TRANSACTION_COLUMNS,
  partitionBy: ['event_date'],
  // What files are sorted by: the order in which events come, and that of Z-ORDER.
  statisticsColumns: ['event_timestamp', 'customer_id', 'category'],
};

const rawEvents: EventQueryPlan = {
  kind: 'events',
  name: 'transactions',
  examine: examineTransactionEvents,
  table: eventTable,
  rejects: { path: 'rejects', columns: REJECT_COLUMNS, partitionBy: ['reject_date'] },
  keyColumn: 'transaction_id',
  timeColumn: 'event_timestamp',
  maxSecondsAhead: MAX_SECONDS_AHEAD,
  dateColumn: 'event_date',
  triggerIntervalMs: 500,
};

const dashboard: AggregateQueryPlan = {
  kind: 'aggregate',
  name: 'realtime_dashboard',
  transform: realtimeDashboard,
  source: eventTable,
  table: { path: 'aggregations', columns: WINDOW_TABLE_COLUMNS, partitionBy: ['window_start'] },
  reads: 'new rows',
  keys: ['window_start', 'category'],
  windowEndColumn: 'window_end',
  triggerIntervalMs: 10_000,
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
  streamedAnalyses: {
    revenue_by_category: streamedAnalysis('revenue_by_category', revenueByCategory, eventTable),
    payment_analysis: streamedAnalysis('payment_analysis', paymentAnalysis, eventTable),
    channel_performance: streamedAnalysis('channel_performance', channelPerformance, eventTable),
  },
};
