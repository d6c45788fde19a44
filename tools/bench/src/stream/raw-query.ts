import { BOUNDED_READS } from '@millrace/domain';
import type { TablePaths } from '@millrace/domain';
import { createTableSql, eventWriter, transactionsPipeline } from '@millrace/pipelines';
import type { EventQueryPlan } from '@millrace/pipelines';
import type { DataStreamWriter, SparkSession } from 'spark-connect-js';
import { topicRows } from './bare-stream';

export const TASKS_PER_MICRO_BATCH = 4;

export interface RawQuery {
  readonly broker: string;
  readonly topic: string;
  readonly tables: Pick<TablePaths, 'transactions' | 'rejects'>;
  /** How long ids are remembered; 0: not at all. */
  readonly horizonSeconds: number;
}

/** The raw stream as the orchestrator starts it, with tables made as the orchestrator makes them. */
export async function rawWriter(
  spark: SparkSession,
  { broker, topic, tables, horizonSeconds }: RawQuery,
): Promise<DataStreamWriter> {
  const plan = transactionsPipeline.queries.find((query): query is EventQueryPlan => query.kind === 'events');
  if (plan === undefined) throw new Error('The pipeline has no query of events');
  await spark.sql(createTableSql(tables.transactions, plan.table));
  await spark.sql(createTableSql(tables.rejects, plan.rejects));
  const rows = topicRows(spark, broker, topic, BOUNDED_READS).coalesce(TASKS_PER_MICRO_BATCH);
  return eventWriter(rows, plan, {
    rejectsPath: tables.rejects,
    deduplication: { horizonSeconds },
  }).partitionBy(...plan.table.partitionBy);
}
