export { RAW_METRICS } from './pipeline';
export type {
  BatchAnalysis,
  Pipeline,
  RawMetrics,
  RowSelection,
  StreamingQueryPlan,
  StreamTable,
} from './pipeline';
export { CONTRACT_METRICS } from './transactions/parse-events';
export { transactionsPipeline } from './transactions/transactions-pipeline';
