export { DeltaTables } from './delta-tables';
export type { DeltaTablesOptions, SnapshotOptions } from './delta-tables';
export {
  CorruptDeltaLog,
  DELTA_ERROR_REASONS,
  DeltaError,
  DeltaFileMissing,
  DeltaTableNotFound,
  DeltaTimeNotFound,
  DeltaVersionNotFound,
  UnknownDeltaColumn,
  UnsafeDeltaPath,
  UnsupportedDeltaTable,
  isDeltaError,
} from './error/delta-error';
export type { DeltaErrorReason } from './error/delta-error';
export type { CommitInfo, HistoryEntry } from './log/commit-info';
export type { ValueCount } from './rows/group-query';
export type { RowChange } from './rows/compare-query';
export type { Comparison, ComparisonRequest } from './rows/compare-rows';
export { csvHeader } from './rows/csv-expression';
export type { PageRequest } from './rows/page-query';
export { FILTER_OPERATORS } from './rows/row-filter';
export type { ColumnFilter, FilterOperator, RowFilter } from './rows/row-filter';
export type { ExportOptions } from './rows/parquet-writer';
export type { LineFormat, RowText, TextFormat } from './rows/row-text';
export { isS3Uri as isObjectStore } from './storage/s3-location';
export type { S3StorageOptions } from './storage/s3-storage';
export type { DataFile, Snapshot } from './snapshot/snapshot';
export type { DeltaField, DeltaType, PrimitiveType } from './snapshot/table-schema';
