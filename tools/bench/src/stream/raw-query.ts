import { join } from 'node:path';
import { KAFKA_COLUMNS, eventWriter, transactionsPipeline } from '@millrace/pipelines';
import type { EventQueryPlan } from '@millrace/pipelines';
import type { DataStreamWriter, SparkSession } from 'spark-connect-js';
import { topicRows } from './bare-stream';

export const TASKS_PER_MICRO_BATCH = 4;

export interface RawQuery {
  readonly broker: string;
  readonly topic: string;
  /** Where its tables are. */
  readonly folder: string;
  /** How long ids are remembered; 0: not at all. */
  readonly horizonSeconds: number;
}

/** The raw stream as the orchestrator starts it, with tables of its own. */
export function rawWriter(
  spark: SparkSession,
  { broker, topic, folder, horizonSeconds }: RawQuery,
): DataStreamWriter {
  const plan = transactionsPipeline.queries.find((query): query is EventQueryPlan => query.kind === 'events');
  if (plan === undefined) throw new Error('The pipeline has no query of events');
  const rows = topicRows(spark, broker, topic)
    .select(...KAFKA_COLUMNS)
    .coalesce(TASKS_PER_MICRO_BATCH);
  return eventWriter(rows, plan, {
    rejectsPath: join(folder, 'rejects'),
    deduplication: { horizonSeconds },
  }).partitionBy(...plan.table.partitionBy);
}
