import { createTableSql } from '@millrace/pipelines';
import type { TableDefinition } from '@millrace/pipelines';
import type { SparkSession } from 'spark-connect-js';

/** The first statement of a cold server takes seconds. */
const CREATE_DEADLINE_MS = 90_000;

/** Makes an empty table unless it is there, so that a batch before the first event reads zero rows instead of failing. */
export async function ensureTable(
  spark: SparkSession,
  table: TableDefinition & { readonly path: string },
): Promise<void> {
  await spark.sql(createTableSql(table.path, table), undefined, { deadlineMs: CREATE_DEADLINE_MS });
}
