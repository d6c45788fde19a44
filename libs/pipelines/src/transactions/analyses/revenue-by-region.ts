import { ANALYSES } from '@millrace/domain';
import { avg, col, count_distinct, sum } from 'spark-connect-js/functions';
import { orderByCatalog, selectCatalogColumns } from '../../catalog-columns';
import type { BatchAnalysis } from '../../pipeline';
import { transactionCount } from '../transaction-count';

const entry = ANALYSES.revenue_by_region;

/** revenue of completed transactions by region and city. */
export const revenueByRegion: BatchAnalysis = {
  entry,
  aggregate: (rows) =>
    rows
      .filter(col('transaction_status').eq('completed'))
      .groupBy('region', 'city')
      .agg(
        sum('total_amount').alias('total_revenue'),
        transactionCount.alias('transaction_count'),
        avg('total_amount').alias('avg_order_value'),
        count_distinct('store_id').alias('active_stores'),
        count_distinct('customer_id').alias('unique_customers'),
      ),
  finish: (aggregated) => orderByCatalog(selectCatalogColumns(aggregated, entry), entry),
};
