import type { TablePaths } from '@millrace/domain';
import type { AggregateQueryPlan } from '@millrace/pipelines';
import type { DataFrame, DataStreamWriter, SparkSession } from 'spark-connect-js';
import { expr } from 'spark-connect-js/functions';
import { ensureTable } from '../spark/delta-table';
import { firstStart, withoutHistory } from './first-start';
import type { WindowOutputMode } from './output-mode';

/** Sink of `infra/spark`: a MERGE by key for each micro-batch. */
const SINK = 'millrace-merge';

/** Bounds a micro-batch over a table that was there before the query, and with it how long a stop takes. */
const MAX_BYTES_PER_MICRO_BATCH = '128m';

/** The rows of the event table, aggregated into the query's own table. */
export async function aggregateWriter(
  spark: SparkSession,
  plan: AggregateQueryPlan,
  paths: TablePaths,
  mode: WindowOutputMode,
): Promise<DataStreamWriter> {
  // Also where the table is made with the session: one that is not asked for when a stream starts has none.
  await ensureTable(spark, { ...plan.table, path: paths[plan.table.path] });
  const stored = (await storedRows(spark, plan, paths[plan.source.path])).observe(
    'ingestion',
    expr('unix_millis(max(processing_timestamp))').alias('newest'),
  );
  const writer = plan
    .transform(stored)
    .writeStream.format(SINK)
    .outputMode(mode)
    .option('keys', plan.keys.join(','));
  return plan.windowEndColumn === undefined ? writer : writer.option('windowEndColumn', plan.windowEndColumn);
}

/** Without a version Delta gives the table as it is at the first start, then every later commit. */
async function storedRows(
  spark: SparkSession,
  plan: AggregateQueryPlan,
  sourcePath: string,
): Promise<DataFrame> {
  const reader = spark.readStream.format('delta');
  if (plan.reads === 'all rows') {
    return reader.option('maxBytesPerTrigger', MAX_BYTES_PER_MICRO_BATCH).load(sourcePath);
  }
  const start = await firstStart(spark, sourcePath, plan.name, new Date());
  return withoutHistory(reader.option('startingVersion', String(start.version)).load(sourcePath), start);
}
