import { ANALYSES } from '@millrace/domain';
import { Window } from 'spark-connect-js';
import { avg, col, count_distinct, round, sum, try_divide } from 'spark-connect-js/functions';
import { orderByCatalog, selectCatalogColumns } from '../../catalog-columns';
import type { BatchAnalysis } from '../../pipeline';
import { transactionCount } from '../transaction-count';

const entry = ANALYSES.payment_analysis;

// Of the few groups, not of the rows. A grand total of zero has no shares: null, where `/` would throw (ANSI).
const grandTotal = sum('total_revenue').over(Window.partitionBy());
const revenueShare = round(try_divide(col('total_revenue'), grandTotal).multiply(100), 2);

/** completed transactions by way of payment and card network. */
export const paymentAnalysis: BatchAnalysis = {
  entry,
  aggregate: (rows) =>
    rows
      .filter(col('transaction_status').eq('completed'))
      .groupBy('payment_method', 'card_network')
      .agg(
        transactionCount.alias('transaction_count'),
        sum('total_amount').alias('total_revenue'),
        avg('total_amount').alias('avg_transaction_value'),
        count_distinct('customer_id').alias('unique_customers'),
      ),
  finish: (aggregated) =>
    orderByCatalog(
      selectCatalogColumns(aggregated.withColumn('revenue_share_pct', revenueShare), entry),
      entry,
    ),
};
