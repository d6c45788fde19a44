// Mirrors org.apache.spark.sql.functions: partition transforms (also `org.apache.spark.sql.functions.partitioning`).
import { internalCall, type ColumnOrName } from './call';
import type { Column } from './column';
import { lit } from './core';

/** For `partitionedBy` of a table: a partition for each year. */
export function years(column: ColumnOrName): Column {
  return internalCall('years', column);
}

/** For `partitionedBy` of a table: a partition for each month. */
export function months(column: ColumnOrName): Column {
  return internalCall('months', column);
}

/** For `partitionedBy` of a table: a partition for each day. */
export function days(column: ColumnOrName): Column {
  return internalCall('days', column);
}

/** For `partitionedBy` of a table: a partition for each hour. */
export function hours(column: ColumnOrName): Column {
  return internalCall('hours', column);
}

/** For `partitionedBy` of a table: `buckets` partitions by the column's hash. */
export function bucket(buckets: Column | number, column: ColumnOrName): Column {
  return internalCall('bucket', lit(buckets), column);
}
