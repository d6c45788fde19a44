export type { BatchAnalysis, Pipeline, RowSelection, StreamingQueryPlan, StreamTable } from './pipeline';
export { CONTRACT_METRICS } from './transactions/parse-events';
export { transactionsPipeline } from './transactions/transactions-pipeline';
