import { ANALYSES, STREAMED } from '@millrace/domain';
import { avg, col, count_distinct, sum } from 'spark-connect-js/functions';
import { orderByCatalog, selectCatalogColumns } from '../../catalog-columns';
import type { BatchAnalysis } from '../../pipeline';
import { withShares } from '../../shares';
import { transactionCount } from '../transaction-count';

const entry = ANALYSES.payment_analysis;

/** completed transactions by way of payment and card network. */
export const paymentAnalysis: BatchAnalysis = {
  entry,
  aggregate: (rows, countDistinct = count_distinct) =>
    rows
      .filter(col('transaction_status').eq('completed'))
      .groupBy('payment_method', 'card_network')
      .agg(
        transactionCount.alias('transaction_count'),
        sum('total_amount').alias('total_revenue'),
        avg('total_amount').alias('avg_transaction_value'),
        countDistinct('customer_id').alias('unique_customers'),
      ),
  finish: (aggregated) =>
    orderByCatalog(
      selectCatalogColumns(withShares(aggregated, STREAMED.payment_analysis.shares), entry),
      entry,
    ),
};
