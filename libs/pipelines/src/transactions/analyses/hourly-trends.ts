import { ANALYSES } from '@millrace/domain';
import { avg, col, count_distinct, hour, sum } from 'spark-connect-js/functions';
import { orderByCatalog, selectCatalogColumns } from '../../catalog-columns';
import type { BatchAnalysis } from '../../pipeline';
import { transactionCount } from '../transaction-count';

const entry = ANALYSES.hourly_trends;

/** completed transactions of each hour of each day. The session's time zone is UTC. */
export const hourlyTrends: BatchAnalysis = {
  entry,
  aggregate: (rows) =>
    rows
      .filter(col('transaction_status').eq('completed'))
      .groupBy(col('event_date'), hour('event_timestamp').alias('event_hour'))
      .agg(
        transactionCount.alias('transaction_count'),
        sum('total_amount').alias('hourly_revenue'),
        avg('total_amount').alias('avg_order_value'),
        count_distinct('customer_id').alias('unique_customers'),
        sum('quantity').alias('units_sold'),
      ),
  finish: (aggregated) => orderByCatalog(selectCatalogColumns(aggregated, entry), entry),
};
