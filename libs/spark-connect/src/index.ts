export type { InputOf, InputRowOf, Sendable } from './arrow/input-of';
export type { InputRow, InputTuple, InputValue } from './arrow/input-values';
export { Catalog } from './catalog/catalog';
export type { TableDefinition } from './catalog/catalog';
export type {
  CatalogColumn,
  CatalogFunction,
  CatalogMetadata,
  Database,
  Table,
} from './catalog/catalog-entries';
export { DEFAULT_RETRY_POLICY } from './channel/retry-policy';
export type { FailedCall, RetryPolicy } from './channel/retry-policy';
export type { TlsSettings } from './channel/channel-security';
export { parseConnectionString } from './channel/connection-string';
export type { ConnectionSettings } from './channel/connection-string';
export { DataFrame } from './dataframe/dataframe';
export type { ExplainMode } from './dataframe/dataframe-analysis';
export { DataFrameReader } from './dataframe/dataframe-reader';
export type { JdbcOptions } from './dataframe/dataframe-reader';
export { DataFrameWriter } from './dataframe/dataframe-writer';
export type { SaveMode } from './dataframe/dataframe-writer';
export { DataFrameWriterV2 } from './dataframe/dataframe-writer-v2';
export { GroupedData } from './dataframe/grouped-data';
export type { Aggregates, NamedAggregate } from './dataframe/grouped-data';
export type { JoinCondition, JoinType, LateralJoinType, LeftExistenceJoinType } from './dataframe/join';
export { DataFrameNaFunctions } from './dataframe/na-functions';
export type { DropNaOptions, FillValue, Replacements, ReplaceValue } from './dataframe/na-functions';
export { Observation } from './dataframe/observation';
export { MergeIntoWriter } from './dataframe/merge-into-writer';
export type {
  MergeAssignments,
  WhenMatched,
  WhenNotMatched,
  WhenNotMatchedBySource,
} from './dataframe/merge-into-writer';
export type { Options, OptionValue } from './dataframe/option-value';
export type { ByName } from './dataframe/entries';
export type { SampleOptions } from './dataframe/sampling';
export type { TextLine } from './dataframe/source-reader';
export { DataFrameStatFunctions } from './dataframe/stat-functions';
export type { Fractions } from './dataframe/stat-functions';
export { TableValuedFunctions } from './dataframe/table-valued-functions';
export { StorageLevels } from './dataframe/storage-level';
export type { StorageLevel } from './dataframe/storage-level';
export {
  AnalysisError,
  ClientClosedError,
  ConnectionUnavailableError,
  DeadlineExceededError,
  MessageTooLargeError,
  NotSparkConnectError,
  OperationAlreadyExistsError,
  OperationCanceledError,
  OperationNotFoundError,
  PermissionDeniedError,
  ProtocolError,
  SessionChangedError,
  SessionClosedError,
  SPARK_CONNECT_ERROR_CODES,
  SparkConnectError,
  StreamingQueryError,
  TlsError,
  UnauthenticatedError,
  UnsupportedServerError,
  isSparkConnectError,
} from './errors/spark-connect-error';
export type { SparkConnectErrorCode, SparkConnectErrorFacts } from './errors/spark-connect-error';
export type {
  ActionOptions,
  CallOptions,
  ExecutionProgress,
  ObservedMetrics,
  StageProgress,
} from './execute/action-options';
export type { ColumnOrNumber } from './functions/arguments';
export { CaseColumn, Column, SortColumn } from './functions/column';
export type { ColumnMetadata, ColumnOrLiteral } from './functions/column';
export type { ColumnOrName } from './functions/call';
export { Window, WindowSpec } from './functions/window';
export type { FrameBound, NamedFrameBound } from './functions/window';
export type { LiteralValue } from './plan/literal';
export type { ClientSettings, ClientSettingsChange } from './session/client-settings';
export type { ReattachedExecution, ReattachOptions } from './session/reattach';
export { RuntimeConf } from './session/runtime-conf';
export type { ConfValue } from './session/runtime-conf';
export { SparkSession } from './session/spark-session';
export { SCHEDULER_POOL_HEADER, SparkSessionBuilder } from './session/spark-session-builder';
export type { SqlArguments, SqlValue } from './session/sql';
export { DataStreamReader } from './streaming/data-stream-reader';
export { DataStreamWriter } from './streaming/data-stream-writer';
export type { OutputMode, Trigger } from './streaming/data-stream-writer';
export type { JsonObject, JsonValue } from './streaming/exact-json';
export type {
  QueryIdleEvent,
  QueryProgressEvent,
  QueryStartedEvent,
  QueryTerminatedEvent,
} from './streaming/listener-events';
export { parseStreamingQueryProgress } from './streaming/progress';
export type {
  SinkProgress,
  SourceProgress,
  StateOperatorProgress,
  StreamingQueryProgress,
} from './streaming/progress';
export type { StreamingCommandOptions } from './streaming/streaming-command';
export { StreamingQuery } from './streaming/streaming-query';
export type { StreamingQueryIdentity, StreamingQueryStatus } from './streaming/streaming-query';
export type { ListenerFailure, StreamingQueryListener } from './streaming/streaming-query-listener';
export { StreamingQueryManager } from './streaming/streaming-query-manager';
export type { AwaitTerminationOptions } from './streaming/waiting';
export {
  ArrayType,
  BinaryType,
  BooleanType,
  ByteType,
  CalendarIntervalType,
  CharType,
  CollatedStringType,
  DateType,
  DayTimeIntervalType,
  DecimalType,
  DoubleType,
  FloatType,
  IntegerType,
  LongType,
  MapType,
  NullType,
  ShortType,
  StringType,
  StructField,
  StructType,
  TimestampNTZType,
  TimestampType,
  VarcharType,
  VariantType,
  YearMonthIntervalType,
} from './types/data-type';
export type {
  AtomicType,
  AtomicTypeName,
  DataType,
  IntervalType,
  SizedStringType,
  UserDefinedType,
} from './types/data-type';
export { fromJson as dataTypeFromJson, toJson as dataTypeToJson } from './types/data-type-json';
export { toDdl } from './types/data-type-text';
export type { AsNullable, NullableColumns } from './types/nullable-columns';
export type { CalendarInterval, Row, RowObject, RowOf, RowValue, ValueOf } from './types/row';
export { Timestamp } from './types/timestamp';
