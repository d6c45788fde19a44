export { COLUMN_TYPES, toSparkDdl } from './column';
export type { Column, ColumnType, StoredColumn } from './column';
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
export { BOUNDED_READS } from './kafka/bounded-reads';
export {
  KAFKA_SASL_MECHANISMS,
  KAFKA_SECURITY_PROTOCOLS,
  NO_KAFKA_SECURITY,
  WrongKafkaSecurity,
  kafkaSecurityOf,
  kafkajsSecurity,
  sparkKafkaSecurity,
} from './kafka/kafka-security';
export type {
  KafkaSaslMechanism,
  KafkaSecurity,
  KafkaSecurityProblem,
  KafkaSecurityProtocol,
  KafkaSecurityValues,
  KafkaSecurityVariable,
  KafkajsSecurity,
} from './kafka/kafka-security';
export { topicDifferences, topicsFileSchema } from './kafka/topic-declaration';
export type { TopicDeclaration, TopicFacts } from './kafka/topic-declaration';
export type {
  MessagePlace,
  RejectReplay,
  RejectReplays,
  RejectedEvent,
  SentReplay,
} from './stream/reject-replays';
export { rejectsBodySchema } from './stream/rejects-body';
export type { RejectsBody } from './stream/rejects-body';
export { REJECT_COLUMNS } from './event/reject-columns';
export { NOT_AN_OBJECT, violationOf, wrongType } from './event/contract-rule';
export type { ContractRule, NullnessRule } from './event/contract-rule';
export { MAX_SECONDS_AHEAD, TRANSACTION_CONTRACT } from './event/transaction-contract';
export {
  ANALYSES,
  ANALYSIS_NAMES,
  FULL_REPORT,
  RAW_ROW_ORDER,
  REALTIME_DASHBOARD,
  WINDOW_TABLE_COLUMNS,
  REQUESTABLE_ANALYSES,
  analysesOf,
} from './analysis/analysis-catalog';
export type { AnalysisName, RequestedAnalysis } from './analysis/analysis-catalog';
export type { AnalysisEntry, SortKey } from './analysis/analysis-entry';
export { PRODUCT_REVENUE, RETAIL_ANALYSES } from './analysis/retail-analyses';
export type { RetailAnalysisName } from './analysis/retail-analyses';
export { withShares } from './analysis/shares';
export {
  STREAMED,
  STREAMED_ANALYSES,
  streamedAnalysesSchema,
  streamedEntry,
  streamedTableColumns,
} from './analysis/streamed-analysis';
export type { Share, StreamedAnalysis, StreamedEntry } from './analysis/streamed-analysis';
export { isBatchId, isBatchReference, makeBatchId } from './batch/batch-id';
export { FILTER_COLUMNS } from './batch/batch-filter';
export type { BatchFilters, FilterValue } from './batch/batch-filter';
export { comparisonSchema, resultSchemaSchema } from './batch/result-answers';
export type { ComparisonBody, ResultSchemaBody } from './batch/result-answers';
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
export { analysisSectionSchema } from './dataset/analysis-section';
export type { AnalysisColumns, AnalysisSection } from './dataset/analysis-section';
export { datasetListSchema, datasetSchema } from './dataset/dataset-answers';
export type { DatasetBody, DatasetListBody } from './dataset/dataset-answers';
export type { BooleanField, CategoryField } from './dataset/choice-fields';
export { datasetAnalyses } from './dataset/dataset-analyses';
export type { DatasetAnalysisName } from './dataset/dataset-analyses';
export {
  DATASET_FORMATS,
  MOST_RECORDS,
  datasetDefinitionSchema,
  parseDatasetDefinition,
} from './dataset/dataset-definition';
export type { DatasetDefinition, DatasetFormat } from './dataset/dataset-definition';
export { isTextSequence, valueKindOf } from './dataset/dataset-field';
export type { DatasetField, DatasetFieldType, FieldValueKind } from './dataset/dataset-field';
export { InvalidDatasetDefinition, jsonPath } from './dataset/dataset-problem';
export type { DatasetProblem } from './dataset/dataset-problem';
export { DAYS_PER_WEEK, HOURS_PER_DAY, windowOf, windowProblem } from './dataset/datetime-field';
export type { DatetimeField, Ramp, Seasonality, TimeWindow } from './dataset/datetime-field';
export type { ConcatField, LookupField } from './dataset/derived-field';
export { limitsOf } from './dataset/distribution';
export type { Distribution, LimitedDistribution } from './dataset/distribution';
export { columnNameOf } from './dataset/field-name';
export type { Area, Centre, GeoField } from './dataset/geo-fields';
export { PATTERN_LETTERS } from './dataset/identifier-fields';
export type { ConstantField, PatternField, SequenceField, UuidField } from './dataset/identifier-fields';
export type { FloatField, IntField } from './dataset/number-fields';
export type { Conditional } from './dataset/weights';
export { ERROR_CODES } from './error/error-code';
export type { ErrorBody, ErrorCode, ErrorDetail } from './error/error-code';
export {
  BatchEnded,
  BatchExpired,
  ResultsMissing,
  BatchNotFound,
  BatchNotReady,
  Conflict,
  DatasetNotFound,
  IdempotencyKeyReused,
  InvalidRequest,
  MillraceError,
  PreconditionFailed,
  RangeNotSatisfiable,
  ServiceUnavailable,
  StreamAlreadyRunning,
  TableNotFound,
  Unauthorized,
  WebhookNotFound,
  isMillraceError,
} from './error/millrace-error';
export { repeatedKey } from './json/repeated-key';
export { pageOf, pageQuerySchema } from './page/page';
export type { Page, PageLimits, PageQuery } from './page/page';
export type { QueryMeasures, TopicLag } from './stream/query-measures';
export { GAP_REASONS, gapId } from './stream/stream-gap';
export type { CheckpointGeneration, CheckpointOf, GapReason, StreamGap } from './stream/stream-gap';
export { DESIRED_STATES, QUERY_FAILURES, STREAM_MODES, TRANSACTIONS_STREAM } from './stream/stream-registry';
export type {
  DesiredState,
  JsonValue,
  StoredSession,
  QueryCounts,
  QueryFailure,
  StreamMode,
  StreamQueryRecord,
  StreamRecord,
  StreamRegistry,
} from './stream/stream-registry';
export {
  tableDetailSchema,
  tableHistorySchema,
  tableListSchema,
  upkeepRunSchema,
  upkeepRunsSchema,
} from './upkeep/table-answers';
export type {
  TableDetailBody,
  TableHistoryBody,
  TableListBody,
  UpkeepRunBody,
  UpkeepRunsBody,
} from './upkeep/table-answers';
export {
  KEPT_TABLES,
  NAMED_TABLES,
  RESULT_TABLE_NAMES,
  TABLE_DESCRIPTIONS,
  isKeptTable,
  parseTableName,
  requireTableName,
} from './upkeep/table-name';
export type { KeptTable, NamedTable, TableReference } from './upkeep/table-name';
export {
  KEPT_UPKEEP_RUNS,
  UPKEEP_OF,
  UPKEEP_OPERATIONS,
  UPKEEP_QUEUE,
  UPKEEP_STATUSES,
} from './upkeep/upkeep-registry';
export type {
  NewUpkeepRun,
  UpkeepEnd,
  UpkeepMetrics,
  UpkeepOperation,
  UpkeepRegistry,
  UpkeepRun,
  UpkeepStatus,
} from './upkeep/upkeep-registry';
export { consistencyBodySchema, consistencyRequestSchema } from './verify/consistency';
export type { ConsistencyBody, Tolerance } from './verify/consistency';
export { withoutUrlSecrets } from './url/without-url-secrets';
