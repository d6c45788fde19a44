import { col, current_timestamp, lit } from 'spark-connect-js/functions';
import type { DataFrame } from 'spark-connect-js';
import type { RowSelection } from '../pipeline';

/**
 * A range of days, both included, and exact values. The date filter is on the partition column as such, so that Delta
 * prunes partitions.
 */
export function selectTransactions(table: DataFrame, selection: RowSelection): DataFrame {
  const inRange = table.filter(
    col('event_date')
      .geq(lit(selection.startDate).cast('date'))
      .and(col('event_date').leq(lit(selection.endDate).cast('date'))),
  );
  return Object.entries(selection.filters ?? {}).reduce(
    (rows, [column, value]) => rows.filter(col(column).eq(lit(value))),
    inRange,
  );
}

/**
 * The selected rows with the batch that took them and when, in the order pages are read. Rebalanced by category, the
 * partition they are stored under: a file or a few for each, however many partitions the source had.
 */
export function toRawTransactions(rows: DataFrame, batchId: string): DataFrame {
  return rows
    .withColumn('batch_id', lit(batchId))
    .withColumn('processing_timestamp', current_timestamp())
    .hint('rebalance', col('category'))
    .sortWithinPartitions('category', 'event_timestamp', 'transaction_id');
}
