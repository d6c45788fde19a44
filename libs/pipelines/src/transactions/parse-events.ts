import { TRANSACTION_COLUMNS, TRANSACTION_CONTRACT, toSparkDdl } from '@millrace/domain';
import type { Column as EventColumn } from '@millrace/domain';
import {
  coalesce,
  col,
  count,
  count_if,
  current_timestamp,
  from_json,
  lit,
} from 'spark-connect-js/functions';
import type { Column, DataFrame } from 'spark-connect-js';
import { CONTRACT_METRICS, REJECT_REASON } from '../pipeline';
import { CORRUPT_RECORD, rejectReason } from '../reject-reason';

const CORRUPT_COLUMN: EventColumn = { name: CORRUPT_RECORD, type: 'string', nullable: true };
const DDL = toSparkDdl([...TRANSACTION_COLUMNS, CORRUPT_COLUMN]);
const DEFAULT_DISCOUNT_PERCENT = 0;

/**
 * Kafka rows to transaction events as they are stored: `value` as a string, `from_json`, the event's columns, `processing_timestamp` and
 * `event_date` (the partition). Events that break the contract have a {@link REJECT_REASON}.
 * @param carried Columns of the rows that stay beside those of the event.
 * @param now When they are read.
 */
export function examineTransactionEvents(
  kafkaRows: DataFrame,
  carried: readonly string[],
  now: Column,
): DataFrame {
  return kafkaRows
    .select(...carried, col('value').cast('string').alias('_json'))
    .withColumn('_event', from_json(col('_json'), DDL, { columnNameOfCorruptRecord: CORRUPT_RECORD }))
    .select(...carried, '_json', '_event.*')
    .withColumn(REJECT_REASON, rejectReason(col('_json'), TRANSACTION_COLUMNS, TRANSACTION_CONTRACT, now))
    .drop('_json', CORRUPT_RECORD)
    .withColumn(
      'discount_percent',
      coalesce(col('discount_percent'), lit(DEFAULT_DISCOUNT_PERCENT).cast('double')),
    )
    .withColumn('processing_timestamp', now)
    .withColumn('event_date', col('event_timestamp').cast('date'));
}

/** The events that keep the contract. The others are counted and dropped, so that produced = stored + rejected can be checked. */
export function parseTransactionEvents(kafkaRows: DataFrame): DataFrame {
  return examineTransactionEvents(kafkaRows, [], current_timestamp())
    .observe(
      CONTRACT_METRICS,
      count(lit(1)).alias('received'),
      count_if(col(REJECT_REASON).isNotNull()).alias('rejected'),
    )
    .filter(col(REJECT_REASON).isNull())
    .drop(REJECT_REASON);
}
