import { ANALYSES } from '@millrace/domain';
import { avg, col, count_distinct, sum } from 'spark-connect-js/functions';
import { orderByCatalog, selectCatalogColumns } from '../../catalog-columns';
import type { BatchAnalysis } from '../../pipeline';
import { transactionCount } from '../transaction-count';

const entry = ANALYSES.revenue_by_category;

/** revenue of completed transactions by product category. */
export const revenueByCategory: BatchAnalysis = {
  entry,
  aggregate: (rows, countDistinct = count_distinct) =>
    rows
      .filter(col('transaction_status').eq('completed'))
      .groupBy('category')
      .agg(
        sum('total_amount').alias('total_revenue'),
        avg('total_amount').alias('avg_order_value'),
        transactionCount.alias('transaction_count'),
        sum('quantity').alias('total_units_sold'),
        avg('discount_percent').alias('avg_discount_pct'),
        countDistinct('customer_id').alias('unique_customers'),
      ),
  finish: (aggregated) => orderByCatalog(selectCatalogColumns(aggregated, entry), entry),
};
