import { STORED_TRANSACTION_COLUMNS, TRANSACTION_COLUMNS, toSparkDdl } from '@millrace/domain';
import { tableIdentifier } from '@millrace/pipelines';
import type { DataFrame, DataStreamWriter, SparkSession } from 'spark-connect-js';
import { coalesce, col, current_timestamp, from_json, lit } from 'spark-connect-js/functions';

const DDL = toSparkDdl(TRANSACTION_COLUMNS);

/**
 * All rows of a topic from its beginning, in micro-batches as large as the stream's.
 * @param options Further ones of Spark's Kafka source.
 */
export function topicRows(
  spark: SparkSession,
  broker: string,
  topic: string,
  options: Readonly<Record<string, string>> = {},
): DataFrame {
  return spark.readStream
    .format('kafka')
    .option('kafka.bootstrap.servers', broker)
    .option('subscribe', topic)
    .option('startingOffsets', 'earliest')
    .option('maxOffsetsPerTrigger', '100000')
    .options(options)
    .load();
}

const NULLABLE_COLUMNS = STORED_TRANSACTION_COLUMNS.map((column) => ({ ...column, nullable: true }));

/** As its first micro-batch would make it, with Delta's own properties; before the clock runs, as ours is. */
export async function makeBareTable(spark: SparkSession, path: string): Promise<void> {
  await spark.sql(
    `CREATE TABLE ${tableIdentifier(path)} (${toSparkDdl(NULLABLE_COLUMNS)}) USING delta PARTITIONED BY (event_date)`,
  );
}

/** The query that everybody writes first: `from_json`, derived columns, Delta's own sink. No rejects, no counts, no duplicates found. */
export function bareWriter(rows: DataFrame): DataStreamWriter {
  return rows
    .select(from_json(col('value').cast('string'), DDL).alias('event'))
    .select('event.*')
    .withColumn('discount_percent', coalesce(col('discount_percent'), lit(0).cast('double')))
    .withColumn('processing_timestamp', current_timestamp())
    .withColumn('event_date', col('event_timestamp').cast('date'))
    .writeStream.format('delta')
    .outputMode('append')
    .partitionBy('event_date');
}
