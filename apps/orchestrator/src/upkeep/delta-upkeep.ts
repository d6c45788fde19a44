import type { KeptTable, TablePaths, UpkeepMetrics, UpkeepOperation, UpkeepRun } from '@millrace/domain';
import { tableIdentifier } from '@millrace/pipelines';
import type { RowObject, SparkSession } from 'spark-connect-js';
import { VERSION_DEADLINE_MS } from '../compute/batch-source';
import { stopExecution } from '../compute/stop-execution';
import { versionRange } from '../spark/delta-time-travel';
import type { SparkConnection } from '../spark/spark-connection';
import { DEFAULT_RETENTION_HOURS, RETENTION_PROPERTY, retentionHours } from './retention';
import type { Carrying, TableUpkeep } from './table-upkeep';

const POOL = 'batch-pool';
const RETENTION_CHECK = 'spark.databricks.delta.retentionDurationCheck.enabled';
/** Commits of the stream beside a VACUUM that are looked through for those of its own. */
const MOST_COMMITS_BESIDE = 5_000;

/** Upkeep by SQL. Every statement is one execution in the pool of the batches, so that the stream has its slots. */
export class DeltaUpkeep implements TableUpkeep {
  private readonly paths: Readonly<Record<KeptTable, string>>;

  constructor(
    private readonly connection: Pick<SparkConnection, 'require'>,
    paths: TablePaths,
    private readonly settings: { readonly vacuumRetainHours: number },
  ) {
    this.paths = { ...paths, stream_aggregations: paths.aggregations };
  }

  async exists(table: KeptTable): Promise<boolean> {
    return (await this.newestVersion(this.connection.require(), table)) !== undefined;
  }

  async carryOut(table: KeptTable, operation: UpkeepOperation, carrying: Carrying): Promise<UpkeepMetrics> {
    const spark = this.connection.require().withSchedulerPool(POOL);
    const name = tableIdentifier(this.paths[table]);
    switch (operation) {
      case 'optimize':
        return optimizeMetrics(await run(spark, `OPTIMIZE ${name}`, carrying));
      case 'zorder':
        return optimizeMetrics(
          await run(spark, `OPTIMIZE ${name} ZORDER BY (customer_id, category)`, carrying),
        );
      case 'vacuum':
        return this.vacuum(spark, table, carrying);
    }
  }

  async stop({ operationId, sessionId }: UpkeepRun): Promise<void> {
    const spark = this.connection.require();
    // One of another session ended with it.
    if (operationId !== null && sessionId === spark.sessionId) await stopExecution(spark, operationId);
  }

  /** Delta goes by the time that the table itself says, whatever RETAIN says: so a table must say enough. */
  private async vacuum(spark: SparkSession, table: KeptTable, carrying: Carrying): Promise<UpkeepMetrics> {
    if ((await spark.conf.get(RETENTION_CHECK, 'true')) !== 'true') {
      throw new Error(`Nothing is deleted while ${RETENTION_CHECK} is off: it would fail readers`);
    }
    const name = tableIdentifier(this.paths[table]);
    const hours = await this.ensureRetention(spark, name);
    const before = await this.newestVersion(spark, table);
    await run(spark, `VACUUM ${name} RETAIN ${hours} HOURS`, carrying);
    return this.vacuumMetrics(spark, table, before ?? -1);
  }

  /** Raises the time for which the table keeps its files to that of the settings, never lowers it; gives it in hours. */
  private async ensureRetention(spark: SparkSession, name: string): Promise<number> {
    const detail = await spark.sql(`DESCRIBE DETAIL ${name}`);
    const [row] = await detail.select('properties').collect();
    const properties = row?.['properties'];
    const says: unknown = properties instanceof Map ? properties.get(RETENTION_PROPERTY) : undefined;
    const hours = typeof says === 'string' ? retentionHours(says) : DEFAULT_RETENTION_HOURS;
    if (hours === undefined) {
      throw new Error(
        `Nothing is deleted: ${RETENTION_PROPERTY} of the table is no number of weeks, days or hours`,
      );
    }
    const wanted = this.settings.vacuumRetainHours;
    if (hours >= wanted) return hours;
    await spark.sql(
      `ALTER TABLE ${name} SET TBLPROPERTIES ('${RETENTION_PROPERTY}' = 'interval ${wanted} hours')`,
    );
    return wanted;
  }

  /** From the commits of the VACUUM (conf/spark-defaults.conf has it make them), which may have commits of the stream between and behind them. */
  private async vacuumMetrics(spark: SparkSession, table: KeptTable, before: number): Promise<UpkeepMetrics> {
    const newest = (await this.newestVersion(spark, table)) ?? before;
    const limit = Math.min(newest - before, MOST_COMMITS_BESIDE);
    if (limit <= 0) return {};
    const history = await spark.sql(`DESCRIBE HISTORY ${tableIdentifier(this.paths[table])} LIMIT ${limit}`);
    const rows = await history
      .filter("operation IN ('VACUUM START', 'VACUUM END')")
      .select('operation', 'operationMetrics')
      .collect();
    const told = (operation: string, metric: string) => {
      const metrics = rows.find((commit) => commit['operation'] === operation)?.['operationMetrics'];
      const value: unknown = metrics instanceof Map ? metrics.get(metric) : undefined;
      return typeof value === 'string' ? Number(value) : undefined;
    };
    return withoutUnknown({
      filesRemoved: told('VACUUM END', 'numDeletedFiles'),
      bytesRemoved: told('VACUUM START', 'sizeOfDataToDelete'),
      foldersSeen: told('VACUUM END', 'numVacuumedDirectories'),
    });
  }

  private async newestVersion(spark: SparkSession, table: KeptTable): Promise<number | undefined> {
    const versions = await versionRange(spark, this.paths[table], { deadlineMs: VERSION_DEADLINE_MS });
    return versions?.latest;
  }
}

async function run(
  spark: SparkSession,
  statement: string,
  { signal, nextExecution }: Carrying,
): Promise<RowObject | undefined> {
  signal.throwIfAborted();
  const operationId = await nextExecution(spark.sessionId);
  const answer = await spark.sql(statement, {}, { operationId, signal });
  const [row] = await answer.collect({ signal });
  return row;
}

/** The few numbers of OPTIMIZE that people ask for. */
function optimizeMetrics(row: RowObject | undefined): UpkeepMetrics {
  const metrics = structOf(row?.['metrics']);
  return withoutUnknown({
    filesAdded: numberOf(metrics['numFilesAdded']),
    filesRemoved: numberOf(metrics['numFilesRemoved']),
    bytesAdded: numberOf(structOf(metrics['filesAdded'])['totalSize']),
    bytesRemoved: numberOf(structOf(metrics['filesRemoved'])['totalSize']),
    partitions: numberOf(metrics['partitionsOptimized']),
    filesConsidered: numberOf(metrics['totalConsideredFiles']),
  });
}

function structOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'bigint' || typeof value === 'number' ? Number(value) : undefined;
}

function withoutUnknown(metrics: Readonly<Record<string, number | undefined>>): UpkeepMetrics {
  const known = Object.entries(metrics).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return Object.fromEntries(known);
}
