import { ANALYSES } from '@millrace/domain';
import { avg, col, count_distinct, count_if, round, sum, try_divide } from 'spark-connect-js/functions';
import { orderByCatalog, selectCatalogColumns } from '../../catalog-columns';
import type { BatchAnalysis } from '../../pipeline';
import { transactionCount } from '../transaction-count';

const entry = ANALYSES.channel_performance;

const fraudRate = round(try_divide(col('fraud_count'), col('transaction_count')).multiply(100), 4);

/** completed transactions by sales channel. */
export const channelPerformance: BatchAnalysis = {
  entry,
  aggregate: (rows, countDistinct = count_distinct) =>
    rows
      .filter(col('transaction_status').eq('completed'))
      .groupBy('channel')
      .agg(
        transactionCount.alias('transaction_count'),
        sum('total_amount').alias('total_revenue'),
        avg('total_amount').alias('avg_order_value'),
        countDistinct('customer_id').alias('unique_customers'),
        avg('discount_percent').alias('avg_discount'),
        count_if(col('is_fraudulent')).alias('fraud_count'),
        avg('fraud_score').alias('avg_fraud_score'),
      )
      .withColumn('fraud_rate_pct', fraudRate),
  finish: (aggregated) => orderByCatalog(selectCatalogColumns(aggregated, entry), entry),
};
