import { ANALYSES } from '@millrace/domain';
import { avg, col, collect_set, count_distinct, sort_array, sum } from 'spark-connect-js/functions';
import { orderByCatalog, selectCatalogColumns } from '../../catalog-columns';
import type { BatchAnalysis } from '../../pipeline';
import { transactionCount } from '../transaction-count';

const entry = ANALYSES.fraud_analysis;

/** Known as fraud, or not yet and scored above this. */
const SUSPICIOUS_SCORE = 0.7;

/** fraud, known or suspected, of transactions of any status. */
export const fraudAnalysis: BatchAnalysis = {
  entry,
  aggregate: (rows) =>
    rows
      .filter(col('is_fraudulent').eq(true).or(col('fraud_score').gt(SUSPICIOUS_SCORE)))
      .groupBy('category', 'region', 'channel', 'payment_method')
      .agg(
        transactionCount.alias('fraud_count'),
        sum('total_amount').alias('fraud_total_amount'),
        avg('fraud_score').alias('avg_fraud_score'),
        avg('total_amount').alias('avg_fraud_amount'),
        count_distinct('customer_id').alias('affected_customers'),
        // A set comes in any order.
        sort_array(collect_set('city')).alias('affected_cities'),
      ),
  finish: (aggregated) => orderByCatalog(selectCatalogColumns(aggregated, entry), entry),
};
