import type { DataFrame } from 'spark-connect-js';
import { coalesce, col, count, count_if, expr, from_json } from 'spark-connect-js/functions';
import { instantOf, textOf } from '../file-cells';
import type { FileRows } from '../file-cells';
import { CONTRACT_METRICS } from '../pipeline';
import { MONEY, NO_MONEY, amountIn, productOf, quantityTimesPrice } from './sale-cells';

/** Where an event may say when it was sold: the first that can be read counts, of each event by itself. */
const TIMES = ['event_time', 'order_time', 'order_date', 'timestamp'];
/** Fields of the events; each may be absent. */
const FIELDS = [
  ...TIMES,
  ...['order_id', 'product', 'item', 'quantity', 'unit_price', 'price', 'total_price', 'amount'],
];
/**
 * One sale of a far day would have the watermark drop all that come after it. A day is left because a replay of today's sales has times
 * that are yet to come.
 */
const LATEST = expr('current_timestamp() + INTERVAL 1 DAY');

/**
 * Kafka rows to sales (B-035 to B-037): `product`, `order_ts` and `line_amount`. The amount is what the event says in all, else quantity
 * times price, and 0 where neither can be read. Events without a time, or with one more than a day ahead, are counted and dropped.
 *
 * @param kafkaRows with `value`, the JSON object of a sale.
 */
export function streamedSales(kafkaRows: DataFrame): DataFrame {
  const ddl = FIELDS.map((name) => `\`${name}\` STRING`).join(', ');
  const rows = kafkaRows.select(from_json(col('value').cast('string'), ddl).alias('event')).select('event.*');
  const events: FileRows = { rows, columns: FIELDS };
  const sales = rows.select(
    productOf(events).alias('product'),
    coalesce(...TIMES.map((name) => instantOf(textOf(events, name)))).alias('order_ts'),
    coalesce(
      amountIn(events, 'total_price'),
      quantityTimesPrice(events),
      amountIn(events, 'amount'),
      NO_MONEY,
    ).alias('line_amount'),
  );
  const isSold = col('order_ts').isNotNull().and(col('order_ts').leq(LATEST));
  return sales
    .withColumn('is_sold', isSold)
    .observe(
      CONTRACT_METRICS,
      count('*').alias('received'),
      count_if(col('is_sold').eq(false)).alias('rejected'),
    )
    .filter('is_sold')
    .select('product', 'order_ts', col('line_amount').cast(MONEY).alias('line_amount'));
}
