import { REALTIME_DASHBOARD } from '@millrace/domain';
import { approx_count_distinct, avg, col, count, lit, sum, when, window } from 'spark-connect-js/functions';
import type { DataFrame } from 'spark-connect-js';
import { selectCatalogColumns } from '../catalog-columns';

/** How late an event may be and still count in its windows. */
const WATERMARK = '10 minutes';

/**
 * sliding windows of 5 minutes, one more each minute, of completed and pending transactions by category. Stored
 * events have no duplicates; the deduplication is there because it drops late events one by one, where Spark counts them. The aggregate
 * would drop what is left of them after a first sum, and count that.
 */
export function realtimeDashboard(events: DataFrame): DataFrame {
  const windows = events
    .filter(col('transaction_status').isin('completed', 'pending'))
    .withWatermark('event_timestamp', WATERMARK)
    .dropDuplicatesWithinWatermark('transaction_id')
    .groupBy(window(col('event_timestamp'), '5 minutes', '1 minute'), col('category'))
    .agg(
      count('transaction_id').alias('txn_count'),
      sum('total_amount').alias('window_revenue'),
      avg('total_amount').alias('avg_order_value'),
      sum(when(col('is_fraudulent').eq(true), lit(1)).otherwise(lit(0))).alias('fraud_alerts'),
      approx_count_distinct('customer_id').alias('approx_unique_customers'),
    )
    .select(
      col('window.start').alias('window_start'),
      col('window.end').alias('window_end'),
      'category',
      'txn_count',
      'window_revenue',
      'avg_order_value',
      'fraud_alerts',
      'approx_unique_customers',
    );
  return selectCatalogColumns(windows, REALTIME_DASHBOARD);
}
