export { KAFKA_COLUMNS, eventWriter } from './event-writer';
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
