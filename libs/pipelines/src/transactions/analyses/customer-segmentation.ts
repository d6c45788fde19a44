import { ANALYSES } from '@millrace/domain';
import { avg, col, count_distinct, lit, max, min, sum, when } from 'spark-connect-js/functions';
import type { Column } from 'spark-connect-js';
import { orderByCatalog, selectCatalogColumns } from '../../catalog-columns';
import type { BatchAnalysis } from '../../pipeline';
import { transactionCount } from '../transaction-count';

const entry = ANALYSES.customer_segmentation;

const ordersFrom = (channel: string): Column =>
  sum(when(col('channel').eq(channel), lit(1)).otherwise(lit(0)));

const segment: Column = when(col('lifetime_value').geq(10_000), lit('vip'))
  .when(col('lifetime_value').geq(5_000), lit('high_value'))
  .when(col('lifetime_value').geq(1_000), lit('mid_value'))
  .when(col('total_transactions').eq(1), lit('one_time'))
  .otherwise(lit('low_value'));

/** lifetime value, habits and segment of each customer with completed transactions. */
export const customerSegmentation: BatchAnalysis = {
  entry,
  aggregate: (rows) =>
    rows
      .filter(col('transaction_status').eq('completed'))
      .groupBy('customer_id', 'customer_tier')
      .agg(
        sum('total_amount').alias('lifetime_value'),
        transactionCount.alias('total_transactions'),
        avg('total_amount').alias('avg_order_value'),
        max('event_timestamp').alias('last_purchase_date'),
        min('event_timestamp').alias('first_purchase_date'),
        count_distinct('category').alias('category_diversity'),
        ordersFrom('mobile_app').alias('mobile_orders'),
        ordersFrom('web').alias('web_orders'),
        ordersFrom('pos_in_store').alias('instore_orders'),
      ),
  finish: (aggregated) =>
    orderByCatalog(selectCatalogColumns(aggregated.withColumn('segment', segment), entry), entry),
};
