import { toSparkDdl } from '@millrace/domain';
import type { Column } from '@millrace/domain';
import type { SparkSession } from 'spark-connect-js';

/** The newest commit of a Delta table. */
export interface DeltaCommit {
  readonly version: bigint;
  /** Rows that the commit wrote, where its operation reports them. */
  readonly outputRows: bigint | undefined;
}

/** Path of a table as an SQL identifier. Paths are made of settings and of ids made here, never of a client's text. */
function tableIdentifier(path: string): string {
  return `delta.\`${path.replaceAll('`', '``')}\``;
}

/** `DESCRIBE HISTORY … LIMIT 1`: reads one commit file, starts no Spark job over the data. */
export async function latestCommit(
  spark: SparkSession,
  path: string,
  options: { signal?: AbortSignal } = {},
): Promise<DeltaCommit> {
  const history = await spark.sql(`DESCRIBE HISTORY ${tableIdentifier(path)} LIMIT 1`, undefined, options);
  const [commit] = await history.select('version', 'operationMetrics').collect(options);
  if (typeof commit?.['version'] !== 'bigint') throw new Error(`The Delta table at ${path} has no commit`);
  return { version: commit['version'], outputRows: outputRowsOf(commit['operationMetrics']) };
}

function outputRowsOf(operationMetrics: unknown): bigint | undefined {
  const rows: unknown = operationMetrics instanceof Map ? operationMetrics.get('numOutputRows') : undefined;
  return typeof rows === 'string' ? BigInt(rows) : undefined;
}

/** The first statement of a cold server takes seconds. */
const CREATE_DEADLINE_MS = 90_000;

export interface TableDefinition {
  readonly path: string;
  readonly columns: readonly Column[];
  readonly partitionBy: readonly string[];
}

/**
 * Creates an empty table unless it is there, so that a batch before the first event reads zero rows instead of failing.
 * A checkpoint every 100 commits instead of 10: it costs seconds on a small machine (freshness p99 3.5 s against 1.8 s).
 */
export async function ensureTable(spark: SparkSession, table: TableDefinition): Promise<void> {
  await spark.sql(
    `CREATE TABLE IF NOT EXISTS ${tableIdentifier(table.path)} (${toSparkDdl(table.columns)}) USING delta ` +
      `PARTITIONED BY (${table.partitionBy.join(', ')}) TBLPROPERTIES ('delta.checkpointInterval' = '100')`,
    undefined,
    { deadlineMs: CREATE_DEADLINE_MS },
  );
}
