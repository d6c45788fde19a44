import type { DataFrame } from 'spark-connect-js';
import { coalesce, col, count, count_if } from 'spark-connect-js/functions';
import { dateOf, exactNumberOf, textOf } from '../file-cells';
import type { FileRows } from '../file-cells';
import { CONTRACT_METRICS } from '../pipeline';
import { MONEY, NO_MONEY, amountIn, priceOf, productOf, quantityTimesPrice } from './sale-cells';

/** Where a row may say when it was sold: the first that can be read counts, of each row by itself. */
const DATES = ['order_date', 'date', 'order_time', 'timestamp', 'event_time'];

/** The amount of a clean sale, as something that adds up exactly. */
export const MONEY_AMOUNT = col('amount').cast(MONEY);

/**
 * Rows of files to sales (B-014 to B-018): `order_id`, `order_date`, `store_id`, `store_city`, `product`, `quantity`, `unit_price` and
 * `amount`. Rows without a day are counted and dropped. An amount that cannot be read is quantity times price, and 0 where that cannot
 * be read either.
 */
export function cleanSales(files: FileRows): DataFrame {
  const amount = coalesce(amountIn(files, 'amount'), quantityTimesPrice(files), NO_MONEY);
  return files.rows
    .select(
      textOf(files, 'order_id').alias('order_id'),
      coalesce(...DATES.map((name) => dateOf(textOf(files, name)))).alias('order_date'),
      textOf(files, 'store_id').alias('store_id'),
      textOf(files, 'store_city').alias('store_city'),
      productOf(files).alias('product'),
      exactNumberOf(textOf(files, 'quantity')).cast('double').alias('quantity'),
      priceOf(files).cast('double').alias('unit_price'),
      amount.cast('double').alias('amount'),
    )
    .observe(
      CONTRACT_METRICS,
      count('*').alias('received'),
      count_if(col('order_date').isNull()).alias('rejected'),
    )
    .filter(col('order_date').isNotNull());
}
