export { createTableSql, tableIdentifier } from './create-table';
export type { TableDefinition } from './create-table';
export { eventWriter } from './event-writer';
export type { Deduplication, EventSink } from './event-writer';
export { REJECT_REASON } from './examined-event';
export { CONTRACT_METRICS, RAW_METRICS } from './pipeline';
export type {
  AggregateQueryPlan,
  BatchAnalysis,
  CountDistinct,
  EventQueryPlan,
  Pipeline,
  RawMetrics,
  RowSelection,
  StreamingQueryPlan,
  StreamTable,
} from './pipeline';
export { transactionsPipeline } from './transactions/transactions-pipeline';
