import { STORED_TRANSACTION_COLUMNS } from '@millrace/domain';
import type { ColumnType } from '@millrace/domain';
import { col, count, current_timestamp, lit, max, typedlit } from 'spark-connect-js/functions';
import { BooleanType, DoubleType, IntegerType, StringType } from 'spark-connect-js';
import type { AtomicType, Column, DataFrame } from 'spark-connect-js';
import { RAW_METRICS } from '../pipeline';
import type { RowSelection } from '../pipeline';
import { SHARES, shareNumber } from './ordered-shares';

/** Types of columns that can be compared with a value of JSON. */
const LITERAL_TYPES: Readonly<Partial<Record<ColumnType, AtomicType>>> = {
  string: StringType,
  int: IntegerType,
  double: DoubleType,
  boolean: BooleanType,
};

/**
 * A range of days, both included, and exact values. Each condition compares a column as such with a literal of its own
 * type: a cast around the column would keep Delta from pruning partitions and Parquet from skipping row groups.
 */
export function selectTransactions(rows: DataFrame, selection: RowSelection): DataFrame {
  const { startDate, endDate, afterEventTimestamp: after, filters } = selection;
  const conditions = Object.entries(filters ?? {}).map(([name, value]) => hasValue(name, value));
  if (startDate !== null) conditions.unshift(col('event_date').geq(lit(startDate).cast('date')));
  if (endDate !== null) conditions.unshift(col('event_date').leq(lit(endDate).cast('date')));
  if (after !== null) {
    // The day as well: partitions are pruned by it.
    conditions.unshift(col('event_date').geq(lit(after.slice(0, 'YYYY-MM-DD'.length)).cast('date')));
    conditions.push(col('event_timestamp').gt(lit(after).cast('timestamp')));
  }
  return conditions.reduce((selected, condition) => selected.filter(condition), rows);
}

/** @throws Error for a column that no row has, or that has no exact values: requests are checked long before. */
function hasValue(name: string, value: string | number | boolean): Column {
  const column = STORED_TRANSACTION_COLUMNS.find((stored) => stored.name === name);
  const type = column && LITERAL_TYPES[column.type];
  if (type === undefined) throw new Error(`Rows cannot be filtered by ${JSON.stringify(name)}`);
  return col(name).eq(typedlit(value, type));
}

const SHARE = '_share';

/**
 * The selected rows with the batch that took them and when, in the order pages are read. Rebalanced by time and category, the
 * partition they are stored under: the rows of a category and a time are in one file, so that a page opens few files.
 */
export function toRawTransactions(rows: DataFrame, batchId: string, selection: RowSelection): DataFrame {
  return (
    rows
      .withColumn('batch_id', lit(batchId))
      .withColumn('processing_timestamp', current_timestamp())
      .withColumn(SHARE, shareNumber(selection))
      .hint('rebalance', SHARES, col(SHARE))
      .drop(SHARE)
      .sortWithinPartitions('category', 'event_timestamp', 'transaction_id')
      // Last: only in the stage that writes does Spark count a task once that had to be repeated.
      .observe(
        RAW_METRICS,
        count(lit(1)).alias('row_count'),
        max('event_timestamp').alias('max_event_timestamp'),
      )
  );
}
