import { randomUUID } from 'node:crypto';
import type { BatchOutcome, BatchRecord, BatchRegistry, BatchStep, TablePaths } from '@millrace/domain';
import type { Pipeline } from '@millrace/pipelines';
import { isSparkConnectError } from 'spark-connect-js';
import type { DataFrame, SparkSession } from 'spark-connect-js';
import type { SparkConnection } from '../spark/spark-connection';
import { latestCommit } from '../spark/delta-table';
import type { DeltaCommit } from '../spark/delta-table';
import { isCanceled } from '../spark/session-errors';
import { AttemptSuperseded } from './attempt-superseded';

/** Turns a claimed batch into tables. */
export interface BatchComputation {
  compute(batch: BatchRecord, signal: AbortSignal): Promise<Omit<BatchOutcome, 'endTime'>>;
}

const POOL = 'batch-pool';

/**
 * One Spark execution a step: `raw` copies the selected rows of one pinned snapshot, `aggregated` analyses exactly those
 * rows. Every write carries a Delta transaction id derived from batch and step, so a step that is run again commits
 * nothing twice; its operation id is stored before it is sent, so a restarted orchestrator waits for the execution that
 * still runs instead of starting it again.
 */
export class ComputeBatch implements BatchComputation {
  constructor(
    private readonly connection: SparkConnection,
    private readonly registry: BatchRegistry,
    private readonly paths: TablePaths,
    private readonly pipeline: Pipeline,
  ) {}

  async compute(batch: BatchRecord, signal: AbortSignal): Promise<Omit<BatchOutcome, 'endTime'>> {
    const spark = this.connection.require().withSchedulerPool(POOL);
    const source = await this.pinSource(spark, batch, signal);
    const deltaRawPath = this.paths.raw(batch.batchId);
    const raw = await this.write(spark, batch, 'raw', deltaRawPath, signal, () =>
      this.rawRows(spark, batch, source),
    );
    const deltaAggPath = this.paths.aggregated(batch.batchId);
    const aggregated = await this.write(spark, batch, 'aggregated', deltaAggPath, signal, () =>
      this.analysis(spark, batch, deltaRawPath, raw.version),
    );
    return {
      rowCount: raw.outputRows ?? 0n,
      deltaRawPath,
      deltaAggPath,
      rawVersion: raw.version,
      aggVersion: aggregated.version,
    };
  }

  /** The snapshot that every step of every attempt reads, resolved once. */
  private async pinSource(
    spark: SparkSession,
    batch: BatchRecord,
    signal: AbortSignal,
  ): Promise<{ path: string; version: bigint }> {
    if (batch.sourcePath !== null && batch.sourceVersion !== null) {
      return { path: batch.sourcePath, version: batch.sourceVersion };
    }
    const path = this.paths.transactions;
    const { version } = await latestCommit(spark, path, { signal });
    const pinned = await this.registry.pinSource(batch, { path, version });
    if (pinned === undefined) throw new AttemptSuperseded(batch);
    return { path: pinned.sourcePath ?? path, version: pinned.sourceVersion ?? version };
  }

  private rawRows(
    spark: SparkSession,
    batch: BatchRecord,
    source: { path: string; version: bigint },
  ): DataFrame {
    const table = spark.read.format('delta').option('versionAsOf', String(source.version)).load(source.path);
    const { startDate, endDate, filters } = batch;
    if (startDate === null || endDate === null) throw new Error(`Batch ${batch.batchId} has no date range`);
    return this.pipeline.toRawOutput(
      this.pipeline.selectRows(table, { startDate, endDate, filters }),
      batch.batchId,
    );
  }

  private analysis(spark: SparkSession, batch: BatchRecord, rawPath: string, rawVersion: bigint): DataFrame {
    const analysis = this.pipeline.analyses[batch.analysisType];
    if (analysis === undefined) throw new Error(`No plan for analysis ${batch.analysisType}`);
    const rows = spark.read.format('delta').option('versionAsOf', String(rawVersion)).load(rawPath);
    return analysis.finish(analysis.aggregate(rows)).coalesce(1);
  }

  private async write(
    spark: SparkSession,
    batch: BatchRecord,
    step: BatchStep,
    path: string,
    signal: AbortSignal,
    plan: () => DataFrame,
  ): Promise<DeltaCommit> {
    if (!(await this.adopt(spark, batch, step, signal))) {
      const operationId = randomUUID();
      const isStored = await this.registry.storeExecution(batch, step, {
        operationId,
        sessionId: spark.sessionId,
      });
      if (!isStored) throw new AttemptSuperseded(batch);
      const writer = plan()
        .write.format('delta')
        .mode('append')
        .option('txnAppId', `${batch.batchId}/${step}`)
        .option('txnVersion', '1')
        .option('userMetadata', JSON.stringify({ batchId: batch.batchId, step, operationId }));
      if (step === 'raw') writer.partitionBy(...this.pipeline.rawPartitionBy);
      await writer.save(path, { operationId, signal });
    }
    return latestCommit(spark, path, { signal });
  }

  /** Waits for the execution that an earlier attempt sent, if the server still knows it. */
  private async adopt(
    spark: SparkSession,
    batch: BatchRecord,
    step: BatchStep,
    signal: AbortSignal,
  ): Promise<boolean> {
    const execution = batch.executions[step];
    if (execution?.sessionId !== spark.sessionId) return false;
    try {
      await spark.reattach(execution.operationId, { signal });
      return true;
    } catch (error) {
      if (isSparkConnectError(error) && error.code === 'OPERATION_NOT_FOUND') return false;
      // Interrupted by the drain that handed the batch back, and still remembered by the server.
      if (isCanceled(error) && !signal.aborted) return false;
      throw error;
    }
  }
}
