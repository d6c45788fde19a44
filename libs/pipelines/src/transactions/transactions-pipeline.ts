import { REALTIME_DASHBOARD, STORED_TRANSACTION_COLUMNS, TRANSACTIONS_STREAM } from '@millrace/domain';
import type { AnalysisName } from '@millrace/domain';
import { col } from 'spark-connect-js/functions';
import type { BatchAnalysis, Pipeline, StreamingQueryPlan } from '../pipeline';
import { customerSegmentation } from './analyses/customer-segmentation';
import { revenueByCategory } from './analyses/revenue-by-category';
import { parseTransactionEvents } from './parse-events';
import { realtimeDashboard } from './realtime-dashboard';
import { selectTransactions, toRawTransactions } from './select-rows';

const analyses: Readonly<Record<AnalysisName, BatchAnalysis>> = {
  revenue_by_category: revenueByCategory,
  customer_segmentation: customerSegmentation,
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
