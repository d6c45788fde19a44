import { TRANSACTION_COLUMNS, TRANSACTION_CONTRACT } from '@millrace/domain';
import { coalesce, col, count, count_if, lit } from 'spark-connect-js/functions';
import type { DataFrame } from 'spark-connect-js';
import { INGESTED_AT, OTHER_FIELDS, REJECT_REASON, examinedEvent } from '../examined-event';
import { CONTRACT_METRICS } from '../pipeline';

const DEFAULT_DISCOUNT_PERCENT = 0;

/**
 * Kafka rows to transaction events as they are stored: the event's columns, `processing_timestamp` and `event_date` (the partition), and
 * beside them what {@link examinedEvent} says about each.
 * @param carried Columns of the rows that stay beside those of the event.
 */
export function examineTransactionEvents(kafkaRows: DataFrame, carried: readonly string[]): DataFrame {
  return kafkaRows
    .select(
      ...carried,
      examinedEvent(col('value'), TRANSACTION_COLUMNS, TRANSACTION_CONTRACT).alias('_event'),
    )
    .select(...carried, '_event.*')
    .withColumn(
      'discount_percent',
      coalesce(col('discount_percent'), lit(DEFAULT_DISCOUNT_PERCENT).cast('double')),
    )
    .withColumn('processing_timestamp', col(INGESTED_AT))
    .withColumn('event_date', col('event_timestamp').cast('date'));
}

/** The events that keep the contract. The others are counted and dropped, so that produced = stored + rejected can be checked. */
export function parseTransactionEvents(kafkaRows: DataFrame): DataFrame {
  return examineTransactionEvents(kafkaRows, [])
    .observe(
      CONTRACT_METRICS,
      count(lit(1)).alias('received'),
      count_if(col(REJECT_REASON).isNotNull()).alias('rejected'),
    )
    .filter(col(REJECT_REASON).isNull())
    .drop(REJECT_REASON, OTHER_FIELDS, INGESTED_AT);
}
