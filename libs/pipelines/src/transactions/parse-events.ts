import { TRANSACTION_COLUMNS, toSparkDdl } from '@millrace/domain';
import { col, count, count_if, current_timestamp, from_json, lit } from 'spark-connect-js/functions';
import type { Column, DataFrame } from 'spark-connect-js';

/** Name of the observation in the progress of a streaming query: `received` and `rejected` events. */
export const CONTRACT_METRICS = 'contract';

const DDL = toSparkDdl(TRANSACTION_COLUMNS);

/** Fields that every event must have. Malformed JSON has none of them. */
const keepsContract: Column = TRANSACTION_COLUMNS.filter((column) => !column.nullable)
  .map((column) => col(column.name).isNotNull())
  .reduce((all, next) => all.and(next));

/**
 * Kafka rows to transaction events: `value` as a string, `from_json`, the event's columns; `processing_timestamp` is set
 * and `event_date` (the partition) derived. Events without a required field are dropped and counted in the progress of
 * the query, so that produced = stored + rejected can be checked.
 */
export function parseTransactionEvents(kafkaRows: DataFrame): DataFrame {
  return kafkaRows
    .select(from_json(col('value').cast('string'), DDL).alias('data'))
    .select('data.*')
    .observe(
      CONTRACT_METRICS,
      count(lit(1)).alias('received'),
      count_if(keepsContract.not()).alias('rejected'),
    )
    .filter(keepsContract)
    .withColumn('processing_timestamp', current_timestamp())
    .withColumn('event_date', col('event_timestamp').cast('date'));
}
