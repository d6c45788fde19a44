import { randomUUID } from 'node:crypto';
import { describeBatch } from '@millrace/domain';
import type { BatchRecord, BatchRegistry, BatchStep, StepOutcome } from '@millrace/domain';
import { CONTRACT_METRICS } from '@millrace/pipelines';
import { Logger } from '@nestjs/common';
import { isSparkConnectError } from 'spark-connect-js';
import type { ActionOptions, DataFrame, ExecutionProgress, RowObject, SparkSession } from 'spark-connect-js';
import { AttemptSuperseded } from '../batch/attempt-superseded';
import { versionRange } from '../spark/delta-time-travel';
import { isCanceled } from '../spark/session-errors';
import { tableAt, VERSION_DEADLINE_MS } from './batch-source';

/** The tables of a batch are its own, and each step makes one commit: the first. */
const FIRST_VERSION = 0;

/** A step that writes one Delta table in one execution. */
export interface TableStep {
  readonly step: BatchStep;
  readonly path: string;
  readonly partitionBy: readonly string[];
  /** The rows, observed under `metrics`, `row_count` among them. Not asked for when the step turns out to be done. */
  rows(): DataFrame;
  readonly metrics: string;
  outcomeOf(values: RowObject): Omit<StepOutcome, 'version'>;
  /** The observed values again, from the stored rows: one row of the same columns. */
  measure(stored: DataFrame): DataFrame;
}

export interface TableStepRun {
  readonly signal: AbortSignal;
  onProgress(progress: ExecutionProgress): void;
}

/**
 * Runs a step so that it commits once, however often it is run: the Delta transaction id follows from batch and step. Its
 * operation id is stored before it is sent, so a restarted orchestrator waits for the execution that still runs instead
 * of starting it again.
 */
export class RunStep {
  private readonly logger = new Logger(RunStep.name);

  constructor(private readonly registry: Pick<BatchRegistry, 'storeExecution'>) {}

  /**
   * @param pinned The batch with its source, for the commit's description.
   * @throws AttemptSuperseded when the batch has gone on without this attempt.
   */
  async run(
    spark: SparkSession,
    pinned: BatchRecord,
    table: TableStep,
    run: TableStepRun,
  ): Promise<StepOutcome> {
    const stored = pinned.executions[table.step];
    let values: RowObject | undefined;
    let contract: RowObject | undefined;
    const options: ActionOptions = {
      signal: run.signal,
      onProgress: (progress) => {
        run.onProgress(progress);
      },
      onObservedMetrics: (observed) => {
        if (observed.name === CONTRACT_METRICS) contract = observed.values;
        // Without values where Delta skipped the write.
        if (observed.name === table.metrics && isCount(observed.values['row_count']))
          values = observed.values;
      },
    };
    const isAdopted =
      stored?.sessionId === spark.sessionId && (await adopt(spark, stored.operationId, options));
    const operationId = isAdopted ? stored.operationId : await this.send(spark, pinned, table, options);
    const outcome = await this.outcome(spark, table, values, run.signal);
    if (contract !== undefined) this.tellOfRejected(pinned, contract);
    await this.store(pinned, table.step, { operationId, sessionId: spark.sessionId, outcome });
    return outcome;
  }

  private async send(
    spark: SparkSession,
    batch: BatchRecord,
    table: TableStep,
    options: ActionOptions,
  ): Promise<string> {
    const { step, path, partitionBy } = table;
    const operationId = randomUUID();
    await this.store(batch, step, { operationId, sessionId: spark.sessionId });
    const writer = table
      .rows()
      .write.format('delta')
      .mode('append')
      .option('txnAppId', `${batch.batchId}/${step}`)
      .option('txnVersion', '1')
      // Enough to rebuild the registry's row from the tables alone.
      .option('userMetadata', JSON.stringify({ step, operationId, batch: describeBatch(batch) }));
    if (partitionBy.length > 0) writer.partitionBy(...partitionBy);
    await writer.save(path, { ...options, operationId });
    return operationId;
  }

  /**
   * Metrics come from an execution that has committed, and in a table of the batch's own that is the first version. Without
   * any, Delta skipped the write because an earlier attempt had committed it, or the execution was adopted too late.
   */
  private async outcome(
    spark: SparkSession,
    table: TableStep,
    values: RowObject | undefined,
    signal: AbortSignal,
  ): Promise<StepOutcome> {
    if (values !== undefined) return { version: FIRST_VERSION, ...table.outcomeOf(values) };
    const versions = await versionRange(spark, table.path, { signal, deadlineMs: VERSION_DEADLINE_MS });
    if (versions === undefined) throw new Error(`Spark has written ${table.path}, and there is no table`);
    const version = versions.latest;
    const [measured] = await table.measure(tableAt(spark, table.path, version)).collect({ signal });
    return { version, ...table.outcomeOf(measured ?? {}) };
  }

  /** Events that do not keep the contract are in no table: a batch of nothing else is an empty one. */
  private tellOfRejected(batch: BatchRecord, contract: RowObject): void {
    const { batchId, attempt, topic } = batch;
    const { received, rejected } = contract;
    if (!isCount(received) || !isCount(rejected) || rejected === 0n) return;
    const counts = { received: Number(received), rejected: Number(rejected) };
    const what = `${counts.rejected} of ${counts.received} events do not keep the contract and are left out`;
    this.logger.warn({ batchId, attempt, topic, ...counts }, what);
  }

  private async store(
    batch: BatchRecord,
    step: BatchStep,
    execution: Parameters<BatchRegistry['storeExecution']>[2],
  ): Promise<void> {
    if (!(await this.registry.storeExecution(batch, step, execution))) throw new AttemptSuperseded(batch);
  }
}

/** Waits for the execution that an earlier attempt sent; false when the server does not know it, or had to end it. */
async function adopt(spark: SparkSession, operationId: string, options: ActionOptions): Promise<boolean> {
  const { signal, onProgress, onObservedMetrics } = options;
  try {
    await spark.reattach(operationId, { signal, onProgress, onObservedMetrics });
    return true;
  } catch (error) {
    if (isSparkConnectError(error) && error.code === 'OPERATION_NOT_FOUND') return false;
    // Interrupted by the drain that handed the batch back, and still remembered by the server.
    if (isCanceled(error) && signal?.aborted !== true) return false;
    throw error;
  }
}

function isCount(value: unknown): value is bigint {
  return typeof value === 'bigint';
}
