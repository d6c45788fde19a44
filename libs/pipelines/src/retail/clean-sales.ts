import type { Column, DataFrame } from 'spark-connect-js';
import { coalesce, col, count, count_if, lit, round, try_multiply } from 'spark-connect-js/functions';
import { dateOf, exactNumberOf, firstText, textOf } from '../file-cells';
import type { FileRows } from '../file-cells';
import { CONTRACT_METRICS } from '../pipeline';

const UNKNOWN_PRODUCT = 'UNKNOWN';
/** Where a row may say what was sold, and when: the first that can be read counts, of each row by itself. */
const PRODUCTS = ['product', 'item'];
const DATES = ['order_date', 'date', 'order_time', 'timestamp', 'event_time'];
const PRICES = ['unit_price', 'price'];

/** Up to 9,999,999,999,999.99: as a double too it keeps its cents. */
const MONEY = 'decimal(15,2)';
/** The product of two has all their digits. */
const FACTOR = 'decimal(18,6)';
/** The amount of a clean sale, as something that adds up exactly. */
export const MONEY_AMOUNT = col('amount').cast(MONEY);

/**
 * Rows of files to sales (B-014 to B-018): `order_id`, `order_date`, `store_id`, `store_city`, `product`, `quantity`, `unit_price` and
 * `amount`. Rows without a day are counted and dropped. An amount that cannot be read is quantity times price, and 0 where that cannot
 * be read either.
 */
export function cleanSales(files: FileRows): DataFrame {
  const quantity = exactNumberOf(textOf(files, 'quantity'));
  const price = firstNumber(files, PRICES);
  const amount = coalesce(
    moneyOf(firstNumber(files, ['amount'])),
    moneyOf(try_multiply(quantity.tryCast(FACTOR), price.tryCast(FACTOR))),
    lit(0).cast(MONEY),
  );
  return files.rows
    .select(
      textOf(files, 'order_id').alias('order_id'),
      coalesce(...DATES.map((name) => dateOf(textOf(files, name)))).alias('order_date'),
      textOf(files, 'store_id').alias('store_id'),
      textOf(files, 'store_city').alias('store_city'),
      coalesce(firstText(files, PRODUCTS), lit(UNKNOWN_PRODUCT)).alias('product'),
      quantity.cast('double').alias('quantity'),
      price.cast('double').alias('unit_price'),
      amount.cast('double').alias('amount'),
    )
    .observe(
      CONTRACT_METRICS,
      count(lit(1)).alias('received'),
      count_if(col('order_date').isNull()).alias('rejected'),
    )
    .filter(col('order_date').isNotNull());
}

function firstNumber(files: FileRows, names: readonly string[]): Column {
  return coalesce(...names.map((name) => exactNumberOf(textOf(files, name))));
}

/** Half a cent and more is a cent; null where it is too much to be kept exactly. */
function moneyOf(number: Column): Column {
  return round(number, 2).tryCast(MONEY);
}
