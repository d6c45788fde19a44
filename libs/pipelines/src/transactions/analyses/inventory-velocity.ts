import { ANALYSES } from '@millrace/domain';
import {
  avg,
  col,
  count_distinct,
  datediff,
  max,
  min,
  round,
  sum,
  try_divide,
} from 'spark-connect-js/functions';
import { orderByCatalog, selectCatalogColumns } from '../../catalog-columns';
import type { BatchAnalysis } from '../../pipeline';
import { transactionCount } from '../transaction-count';

const entry = ANALYSES.inventory_velocity;

/** Days from the first sale to the last, both included. */
const daysInRange = datediff(col('last_sale'), col('first_sale')).plus(1);
const dailyVelocity = round(try_divide(col('total_units_sold'), col('days_in_range')), 2);

/** how fast each product sells. */
export const inventoryVelocity: BatchAnalysis = {
  entry,
  aggregate: (rows) =>
    rows
      .filter(col('transaction_status').eq('completed'))
      .groupBy('product_id', 'product_name', 'category', 'sub_category', 'brand')
      .agg(
        sum('quantity').alias('total_units_sold'),
        transactionCount.alias('order_count'),
        sum('total_amount').alias('total_revenue'),
        avg('unit_price').alias('avg_selling_price'),
        avg('discount_percent').alias('avg_discount'),
        count_distinct('region').alias('regions_sold_in'),
        count_distinct('store_id').alias('stores_sold_in'),
        min('event_timestamp').alias('first_sale'),
        max('event_timestamp').alias('last_sale'),
      ),
  finish: (aggregated) => {
    const derived = aggregated
      .withColumn('days_in_range', daysInRange)
      .withColumn('daily_velocity', dailyVelocity);
    return orderByCatalog(selectCatalogColumns(derived, entry), entry);
  },
};
