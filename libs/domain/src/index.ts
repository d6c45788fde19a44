export { COLUMN_TYPES, toSparkDdl } from './column';
export type { Column, ColumnType } from './column';
export {
  CARD_NETWORKS,
  CATEGORIES,
  CHANNELS,
  CUSTOMER_TIERS,
  DEVICE_TYPES,
  PAYMENT_METHODS,
  REGIONS,
  STORED_TRANSACTION_COLUMNS,
  TRANSACTION_COLUMNS,
  TRANSACTION_STATUSES,
  transactionEventSchema,
} from './event/transaction-event';
export type { TransactionEvent, TransactionField } from './event/transaction-event';
export { ANALYSES, ANALYSIS_NAMES, RAW_ROW_ORDER, REALTIME_DASHBOARD } from './analysis/analysis-catalog';
export type { AnalysisEntry, AnalysisName, SortKey } from './analysis/analysis-catalog';
export { isBatchId, isBatchReference, makeBatchId } from './batch/batch-id';
export { FILTER_COLUMNS } from './batch/batch-filter';
export type { BatchFilters, FilterValue } from './batch/batch-filter';
export { BATCH_JOB_OPTIONS, BATCH_QUEUE, batchJobId, batchJobSchema } from './batch/batch-queue';
export type { BatchJob } from './batch/batch-queue';
export { BATCH_STEPS, toBatchBody } from './batch/batch-record';
export type { BatchBody, BatchRecord, BatchStep, StoredExecution } from './batch/batch-record';
export type {
  AttemptKey,
  BatchListQuery,
  BatchOutcome,
  BatchRegistry,
  HandBack,
  NewBatch,
} from './batch/batch-registry';
export { deltaBatchRequestSchema } from './batch/batch-request';
export type { DeltaBatchRequest } from './batch/batch-request';
export { BATCH_STATUSES, canTransition, isTerminal } from './batch/batch-status';
export type { BatchStatus } from './batch/batch-status';
export { tablePaths } from './batch/table-paths';
export type { TablePaths } from './batch/table-paths';
export { ERROR_CODES } from './error/error-code';
export type { ErrorBody, ErrorCode, ErrorDetail } from './error/error-code';
export {
  BatchNotFound,
  BatchNotReady,
  Conflict,
  InvalidRequest,
  MillraceError,
  ServiceUnavailable,
  StreamAlreadyRunning,
  Unauthorized,
  isMillraceError,
} from './error/millrace-error';
export { pageOf, pageQuerySchema } from './page/page';
export type { Page, PageLimits, PageQuery } from './page/page';
export { DESIRED_STATES, TRANSACTIONS_STREAM } from './stream/stream-registry';
export type {
  DesiredState,
  JsonValue,
  StoredSession,
  StreamQueryRecord,
  StreamRecord,
  StreamRegistry,
} from './stream/stream-registry';
