export type { InputRow, InputValue } from './arrow/input-values';
export { DEFAULT_RETRY_POLICY } from './channel/retry-policy';
export type { RetryPolicy } from './channel/retry-policy';
export { parseConnectionString } from './channel/connection-string';
export type { ConnectionSettings } from './channel/connection-string';
export { DataFrame } from './dataframe/dataframe';
export type { ExplainMode } from './dataframe/dataframe-actions';
export { DataFrameReader } from './dataframe/dataframe-reader';
export { DataFrameWriter } from './dataframe/dataframe-writer';
export type { SaveMode } from './dataframe/dataframe-writer';
export { GroupedData } from './dataframe/grouped-data';
export type { JoinType } from './dataframe/join';
export type { OptionValue } from './dataframe/option-value';
export {
  AnalysisError,
  ConnectionUnavailableError,
  DeadlineExceededError,
  OperationCanceledError,
  OperationNotFoundError,
  ProtocolError,
  SessionChangedError,
  SessionClosedError,
  SPARK_CONNECT_ERROR_CODES,
  SparkConnectError,
  StreamingQueryError,
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
export {
  approxCountDistinct,
  avg,
  collectList,
  collectSet,
  count,
  countDistinct,
  countIf,
  first,
  last,
  max,
  maxBy,
  median,
  min,
  minBy,
  percentile,
  percentileApprox,
  stddev,
  sum,
  sumDistinct,
  trySum,
  variance,
} from './functions/aggregates';
export {
  array,
  arrayContains,
  arrayDistinct,
  createMap,
  elementAt,
  explode,
  explodeOuter,
  fromJson,
  getJsonObject,
  size,
  sortArray,
  struct,
  toJson,
} from './functions/collections';
export { CaseColumn, Column, SortColumn } from './functions/column';
export type { ColumnOrLiteral } from './functions/column';
export {
  asc,
  callFunction,
  coalesce,
  col,
  desc,
  expr,
  isNotNull,
  isNull,
  lit,
  litAs,
  not,
  tryCast,
  when,
} from './functions/core';
export type { ColumnOrName } from './functions/core';
export {
  currentDate,
  currentTimestamp,
  dateAdd,
  dateDiff,
  dateFormat,
  dateTrunc,
  dayofmonth,
  dayofweek,
  hour,
  minute,
  month,
  sessionWindow,
  timestampMicros,
  timestampMillis,
  toDate,
  toTimestamp,
  tryToTimestamp,
  unixMicros,
  unixMillis,
  unixTimestamp,
  window,
  windowTime,
  year,
} from './functions/datetime';
export { functions } from './functions/functions';
export {
  abs,
  ceil,
  floor,
  greatest,
  least,
  monotonicallyIncreasingId,
  pow,
  rand,
  round,
  sqrt,
  tryDivide,
} from './functions/numbers';
export {
  concat,
  concatWs,
  length,
  lower,
  md5,
  regexpExtract,
  regexpReplace,
  sha2,
  split,
  substring,
  trim,
  upper,
  xxhash64,
} from './functions/text';
export { Window, WindowSpec } from './functions/window';
export type { FrameBound } from './functions/window';
export { denseRank, lag, lead, ntile, rank, rowNumber } from './functions/window-functions';
export type { LiteralValue } from './plan/literal';
export type { ClientSettings } from './session/client-settings';
export type { ReattachedExecution, ReattachOptions } from './session/reattach';
export { RuntimeConf } from './session/runtime-conf';
export { SparkSession } from './session/spark-session';
export { SCHEDULER_POOL_HEADER, SparkSessionBuilder } from './session/spark-session-builder';
export type { SqlArguments } from './session/sql';
export { DataStreamWriter } from './streaming/data-stream-writer';
export type { OutputMode, Trigger } from './streaming/data-stream-writer';
export { parseStreamingQueryProgress } from './streaming/progress';
export type {
  JsonObject,
  JsonValue,
  SinkProgress,
  SourceProgress,
  StateOperatorProgress,
  StreamingQueryProgress,
} from './streaming/progress';
export { StreamingQuery } from './streaming/streaming-query';
export type {
  AwaitTerminationOptions,
  StreamingQueryIdentity,
  StreamingQueryStatus,
} from './streaming/streaming-query';
export { StreamingQueryManager } from './streaming/streaming-query-manager';
export {
  ArrayType,
  BinaryType,
  BooleanType,
  ByteType,
  CalendarIntervalType,
  DateType,
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
  VariantType,
} from './types/data-type';
export type {
  AtomicType,
  AtomicTypeName,
  DataType,
  IntervalType,
  SizedStringType,
  UserDefinedType,
} from './types/data-type';
export { fromJson as dataTypeFromJson, toDdl, toJson as dataTypeToJson } from './types/data-type-text';
export type { Row, RowObject, RowValue } from './types/row';
export { Timestamp } from './types/timestamp';
