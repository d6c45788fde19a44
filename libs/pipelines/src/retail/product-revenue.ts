import { PRODUCT_REVENUE } from '@millrace/domain';
import type { DataFrame } from 'spark-connect-js';
import { col, sum, window } from 'spark-connect-js/functions';
import { selectCatalogColumns } from '../catalog-columns';

/** How late a sale may come and still count in its windows. */
export const WATERMARK = '15 minutes';

/**
 * Revenue by product in windows of an hour, one more every 15 minutes (B-038).
 *
 * @param sales of `streamedSales`.
 * @param lateness after which sales are dropped, and counted by Spark; null: none is, and all windows are kept for ever.
 */
export function productRevenue(sales: DataFrame, lateness: string | null): DataFrame {
  const awaited = lateness === null ? sales : sales.withWatermark('order_ts', lateness);
  const windows = awaited
    .groupBy(window(col('order_ts'), '1 hour', '15 minutes'), col('product'))
    // Summed as decimals, so that it has its cents however many sales there are.
    .agg(sum('line_amount').cast('double').alias('revenue'))
    .select(
      'product',
      'revenue',
      col('window.start').alias('window_start'),
      col('window.end').alias('window_end'),
    );
  return selectCatalogColumns(windows, PRODUCT_REVENUE);
}
