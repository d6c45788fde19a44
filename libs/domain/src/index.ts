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
export {
  ANALYSES,
  ANALYSIS_NAMES,
  FULL_REPORT,
  RAW_ROW_ORDER,
  REALTIME_DASHBOARD,
  REQUESTABLE_ANALYSES,
  analysesOf,
} from './analysis/analysis-catalog';
export type { AnalysisEntry, AnalysisName, RequestedAnalysis, SortKey } from './analysis/analysis-catalog';
export { isBatchId, isBatchReference, makeBatchId } from './batch/batch-id';
export { FILTER_COLUMNS } from './batch/batch-filter';
export type { BatchFilters, FilterValue } from './batch/batch-filter';
export { toBatchBody, membersOf } from './batch/batch-body';
export type { BatchBody, MemberBody } from './batch/batch-body';
export { batchDescriptionSchema, describeBatch } from './batch/batch-description';
export type { BatchDescription } from './batch/batch-description';
export type {
  BatchChanges,
  BatchEvent,
  BatchEventDetail,
  WebhookDelivery,
  WebhookOutbox,
} from './batch/batch-event';
export {
  ANALYSIS_QUEUE,
  analysisJobId,
  analysisJobSchema,
  BATCH_JOB_OPTIONS,
  BATCH_QUEUE,
  batchJobId,
  batchJobPriority,
  batchJobSchema,
} from './batch/batch-queue';
export type { AnalysisJob, BatchJob } from './batch/batch-queue';
export { BATCH_SOURCES, EXTRA_SINKS } from './batch/batch-record';
export type {
  BatchProgress,
  BatchRecord,
  BatchSource,
  BatchStep,
  ExtraSink,
  OffsetRange,
  Requester,
  StepOutcome,
  StoredExecution,
} from './batch/batch-record';
export type {
  AttemptKey,
  BatchFailure,
  BatchList,
  BatchListQuery,
  BatchOutcome,
  BatchRegistry,
  HandBack,
  Lineage,
  NewBatch,
  RecoveredBatch,
  Registration,
  Retry,
} from './batch/batch-registry';
export { deltaBatchRequestSchema, kafkaBatchRequestSchema, LABEL_NAME } from './batch/batch-request';
export type { BatchRequest, DeltaBatchRequest, KafkaBatchRequest } from './batch/batch-request';
export { offsetSpecOf, offsetSpecSchema, offsetText } from './batch/offset-spec';
export type { OffsetMap, OffsetSpec } from './batch/offset-spec';
export { BATCH_STATUSES, canTransition, isTerminal } from './batch/batch-status';
export type { BatchStatus } from './batch/batch-status';
export { tablePaths } from './batch/table-paths';
export type { TablePaths } from './batch/table-paths';
export { ERROR_CODES } from './error/error-code';
export type { ErrorBody, ErrorCode, ErrorDetail } from './error/error-code';
export {
  BatchEnded,
  BatchExpired,
  ResultsMissing,
  BatchNotFound,
  BatchNotReady,
  Conflict,
  IdempotencyKeyReused,
  InvalidRequest,
  MillraceError,
  ServiceUnavailable,
  StreamAlreadyRunning,
  Unauthorized,
  WebhookNotFound,
  isMillraceError,
} from './error/millrace-error';
export { repeatedKey } from './json/repeated-key';
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
export { withoutUrlSecrets } from './url/without-url-secrets';
