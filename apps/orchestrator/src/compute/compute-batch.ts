import { FULL_REPORT, analysesOf } from '@millrace/domain';
import type {
  AnalysisName,
  BatchRecord,
  BatchRegistry,
  BatchStep,
  ExtraSink,
  StepOutcome,
  TablePaths,
} from '@millrace/domain';
import { RAW_METRICS } from '@millrace/pipelines';
import type { Pipeline } from '@millrace/pipelines';
import { Timestamp } from 'spark-connect-js';
import type { RowObject, SparkSession } from 'spark-connect-js';
import { count, lit, max } from 'spark-connect-js/functions';
import { AttemptSuperseded } from '../batch/attempt-superseded';
import type { SparkConnection } from '../spark/spark-connection';
import type { BatchComputation, StepRun } from './batch-computation';
import { BatchMeter, shareDone } from './batch-meter';
import { BatchSourceReader, expectedInputRows, tableAt } from './batch-source';
import type { KafkaBatchSource } from './batch-source';
import { RunStep } from './run-step';
import type { TableStep } from './run-step';
import { stopExecution } from './stop-execution';

const POOL = 'batch-pool';
const ANALYSIS_METRICS = 'analysis';

/** A further place for analyses, such as a database. */
export interface AnalysisSink {
  /**
   * Stores the analyses of a batch in the place of what it may have there: all or nothing, once however often it is asked.
   * @throws SinkUnavailable when another attempt may succeed; the reason of the signal when it is aborted.
   */
  store(batchId: string, analyses: readonly StoredAnalysis[], signal: AbortSignal): Promise<void>;
}

/** One analysis of a batch as it is in Delta. */
export interface StoredAnalysis {
  readonly analysis: AnalysisName;
  /** Read from the table as the caller goes on: never all in memory. */
  rows(): AsyncIterable<RowObject>;
}

export interface ComputeBatchParts {
  readonly connection: Pick<SparkConnection, 'require'>;
  readonly registry: BatchRegistry;
  readonly paths: TablePaths;
  readonly pipeline: Pipeline;
  readonly kafka: KafkaBatchSource;
  /** By name of the request's `sinks`. */
  readonly sinks: Readonly<Partial<Record<ExtraSink, AnalysisSink>>>;
}

/** One Spark execution a step: `raw` copies the selected rows of the source, each analysis reads exactly those. */
export class ComputeBatch implements BatchComputation {
  private readonly source: BatchSourceReader;
  private readonly steps: RunStep;
  /** The steps of one attempt share their `run`, and with it what is known of the attempt. */
  private readonly meters = new WeakMap<StepRun, BatchMeter>();
  private readonly pinned = new WeakMap<StepRun, BatchRecord>();

  constructor(private readonly parts: ComputeBatchParts) {
    const { registry, paths, pipeline, kafka } = parts;
    this.source = new BatchSourceReader(registry, paths, pipeline, kafka);
    this.steps = new RunStep(registry);
  }

  async computeRaw(batch: BatchRecord, run: StepRun): Promise<StepOutcome> {
    const finished = batch.executions.raw?.outcome;
    if (finished !== undefined) {
      this.meter(batch, run).advance('raw', 1, finished.rowCount);
      return finished;
    }
    const spark = this.spark();
    const pinned = await this.source.pin(spark, batch, run.signal);
    this.pinned.set(run, pinned);
    return this.runStep(spark, pinned, this.rawStep(spark, pinned), expectedInputRows(batch), run);
  }

  async computeAnalysis(
    batch: BatchRecord,
    raw: StepOutcome,
    analysis: AnalysisName,
    run: StepRun,
  ): Promise<StepOutcome> {
    const step = stepOf(batch, analysis);
    const finished = batch.executions[step]?.outcome;
    if (finished !== undefined) {
      this.meter(batch, run).advance(step, 1, raw.rowCount);
      return finished;
    }
    const spark = this.spark();
    return this.runStep(
      spark,
      this.pinned.get(run) ?? batch,
      this.analysisStep(spark, batch, raw, analysis),
      raw.rowCount,
      run,
    );
  }

  async storeInSinks(batch: BatchRecord, run: StepRun): Promise<void> {
    if (batch.sinks.length === 0) return;
    const { signal } = run;
    signal.throwIfAborted();
    this.meter(batch, run).advance('sinks', 0, undefined);
    // Read again: the outcomes of this attempt were stored after it was claimed.
    const current = await this.parts.registry.find(batch.batchId);
    if (current?.attempt !== batch.attempt) throw new AttemptSuperseded(batch);
    const spark = this.spark();
    const analyses = analysesOf(batch.analysisType).map((analysis): StoredAnalysis => {
      const outcome = current.executions[stepOf(batch, analysis)]?.outcome;
      if (outcome === undefined) throw new Error(`Batch ${batch.batchId} has no ${analysis} to store`);
      const path = this.analysisPath(batch, analysis);
      return { analysis, rows: () => tableAt(spark, path, outcome.version).toLocalIterator({ signal }) };
    });
    for (const name of batch.sinks) await this.sink(name).store(batch.batchId, analyses, signal);
  }

  async stopExecutions(batch: BatchRecord): Promise<void> {
    const spark = this.parts.connection.require();
    const open = Object.values(batch.executions).filter(
      // Those of another session ended with it.
      ({ outcome, sessionId }) => outcome === undefined && sessionId === spark.sessionId,
    );
    await Promise.all(open.map(({ operationId }) => stopExecution(spark, operationId)));
  }

  private spark(): SparkSession {
    return this.parts.connection.require().withSchedulerPool(POOL);
  }

  private async runStep(
    spark: SparkSession,
    pinned: BatchRecord,
    table: TableStep,
    inputRows: number | undefined,
    run: StepRun,
  ): Promise<StepOutcome> {
    const meter = this.meter(pinned, run);
    const { signal } = run;
    const outcome = await this.steps.run(spark, pinned, table, {
      signal,
      onProgress: (progress) => {
        meter.advance(table.step, shareDone(progress), inputRows);
      },
    });
    meter.advance(table.step, 1, inputRows ?? outcome.rowCount);
    return outcome;
  }

  private meter(batch: BatchRecord, run: StepRun): BatchMeter {
    const known = this.meters.get(run);
    if (known !== undefined) return known;
    const meter = new BatchMeter(batch, (progress) => {
      run.onProgress(progress);
    });
    this.meters.set(run, meter);
    return meter;
  }

  private rawStep(spark: SparkSession, pinned: BatchRecord): TableStep {
    const { paths, pipeline } = this.parts;
    const path = paths.raw(pinned.batchId);
    return {
      step: 'raw',
      path,
      partitionBy: pipeline.rawPartitionBy,
      rows: () => this.source.rawRows(spark, pinned),
      metrics: RAW_METRICS,
      outcomeOf: rawOutcome,
      measure: (stored) =>
        stored.agg(count(lit(1)).alias('row_count'), max('event_timestamp').alias('max_event_timestamp')),
    };
  }

  /** One file in the catalog's order: a page of it is a range of its rows. */
  private analysisStep(
    spark: SparkSession,
    batch: BatchRecord,
    raw: StepOutcome,
    analysis: AnalysisName,
  ): TableStep {
    const { paths, pipeline } = this.parts;
    const plan = pipeline.analyses[analysis];
    if (plan === undefined) throw new Error(`No plan for analysis ${analysis}`);
    return {
      step: stepOf(batch, analysis),
      path: this.analysisPath(batch, analysis),
      partitionBy: [],
      rows: () =>
        plan
          .finish(plan.aggregate(tableAt(spark, paths.raw(batch.batchId), raw.version)))
          .coalesce(1)
          .observe(ANALYSIS_METRICS, count(lit(1)).alias('row_count')),
      metrics: ANALYSIS_METRICS,
      outcomeOf: analysisOutcome,
      measure: (stored) => stored.agg(count(lit(1)).alias('row_count')),
    };
  }

  private analysisPath({ batchId, analysisType }: BatchRecord, analysis: AnalysisName): string {
    return this.parts.paths.aggregated(batchId, analysisType === FULL_REPORT ? analysis : undefined);
  }

  private sink(name: ExtraSink): AnalysisSink {
    const sink = this.parts.sinks[name];
    if (sink === undefined)
      throw new Error(`This Millrace has no sink ${name}: set JDBC_URL, or submit without it`);
    return sink;
  }
}

function stepOf({ analysisType }: BatchRecord, analysis: AnalysisName): BatchStep {
  return analysisType === FULL_REPORT ? `aggregated/${analysis}` : 'aggregated';
}

function rowCountOf(values: RowObject): number {
  const rows = values['row_count'];
  if (typeof rows !== 'bigint') throw new Error('Spark has told no number of rows');
  return Number(rows);
}

function rawOutcome(values: RowObject): Omit<StepOutcome, 'version'> {
  const latest = values['max_event_timestamp'];
  return {
    rowCount: rowCountOf(values),
    maxEventTimestamp: latest instanceof Timestamp ? latest.toISOString() : null,
  };
}

function analysisOutcome(values: RowObject): Omit<StepOutcome, 'version'> {
  return { rowCount: rowCountOf(values) };
}
