import { BOUNDED_READS, NO_KAFKA_SECURITY, sparkKafkaSecurity } from '@millrace/domain';
import type { BatchRecord, BatchRegistry, KafkaSecurity, TablePaths } from '@millrace/domain';
import type { Pipeline } from '@millrace/pipelines';
import type { DataFrame, SparkSession } from 'spark-connect-js';
import { AttemptSuperseded } from '../batch/attempt-superseded';
import { versionRange } from '../spark/delta-time-travel';

export interface KafkaBatchSource {
  readonly bootstrapServers: string;
  readonly groupIdPrefix: string;
  /** None where it is absent. */
  readonly security?: KafkaSecurity;
}

export const VERSION_DEADLINE_MS = 60_000;

/** Why there is nothing to read, and what to do. */
export const MISSING_TABLE = {
  delta: 'the stream has not made its table yet: start it, and submit the batch again',
  seed: 'there is no seed table: run the seeder (SEED_SEPARATE=true node tools/seeder/dist/main.js, with the DELTA_BASE_PATH of this stack: see docs/batches.md), and submit the batch again',
} as const;

/** What a batch reads: the same rows in every attempt. */
export class BatchSourceReader {
  constructor(
    private readonly registry: Pick<BatchRegistry, 'pinSource'>,
    private readonly paths: TablePaths,
    private readonly pipeline: Pipeline,
    private readonly kafka: KafkaBatchSource,
  ) {}

  /** The record with the snapshot that every attempt reads, resolved once; of a topic the offsets are stored already. */
  async pin(spark: SparkSession, batch: BatchRecord, signal: AbortSignal): Promise<BatchRecord> {
    if (batch.source === 'kafka' || isPinned(batch)) return batch;
    const path = batch.source === 'seed' ? this.paths.seed : this.paths.transactions;
    // Not `DESCRIBE HISTORY`, which takes twenty times as long: a job for a few milliseconds' worth of an answer.
    const versions = await versionRange(spark, path, { signal, deadlineMs: VERSION_DEADLINE_MS });
    if (versions === undefined) throw new Error(`The batch cannot be read: ${MISSING_TABLE[batch.source]}`);
    const version = BigInt(versions.latest);
    const pinned = await this.registry.pinSource(batch, { path, version });
    if (pinned === undefined) throw new AttemptSuperseded(batch);
    return pinned;
  }

  /** The selected rows as the batch stores them. */
  rawRows(spark: SparkSession, batch: BatchRecord): DataFrame {
    const rows = batch.source === 'kafka' ? this.events(spark, batch) : snapshot(spark, batch);
    return this.pipeline.toRawOutput(this.pipeline.selectRows(rows, batch), batch.batchId, batch);
  }

  /**
   * Exactly the stored offsets. Events that Kafka dropped since then are a failure (`failOnDataLoss`), never a smaller
   * result. Partitions are named one by one, so that one that was added to the topic later changes nothing.
   */
  private events(spark: SparkSession, { batchId, topic, sourceOffsets }: BatchRecord): DataFrame {
    if (topic === null || sourceOffsets === null) throw new Error(`Batch ${batchId} has no offsets`);
    const partitions = Object.keys(sourceOffsets.start).map(Number);
    const kafkaRows = spark.read
      .format('kafka')
      .option('kafka.bootstrap.servers', this.kafka.bootstrapServers)
      .option('groupIdPrefix', this.kafka.groupIdPrefix)
      .option('assign', JSON.stringify({ [topic]: partitions }))
      .option('startingOffsets', JSON.stringify({ [topic]: sourceOffsets.start }))
      .option('endingOffsets', JSON.stringify({ [topic]: sourceOffsets.end }))
      .option('failOnDataLoss', 'true')
      .options(BOUNDED_READS)
      .options(sparkKafkaSecurity(this.kafka.security ?? NO_KAFKA_SECURITY))
      .load();
    return this.pipeline.parse(kafkaRows);
  }
}

/** How many events the offsets stand for; undefined of a table, which tells only when it is read. */
export function expectedInputRows({ source, sourceOffsets }: BatchRecord): number | undefined {
  if (source !== 'kafka' || sourceOffsets === null) return undefined;
  const { start, end } = sourceOffsets;
  return Object.entries(end).reduce(
    (sum, [partition, offset]) => sum + offset - (start[partition] ?? offset),
    0,
  );
}

function isPinned({ sourcePath, sourceVersion }: BatchRecord): boolean {
  return sourcePath !== null && sourceVersion !== null;
}

function snapshot(spark: SparkSession, { batchId, sourcePath, sourceVersion }: BatchRecord): DataFrame {
  if (sourcePath === null || sourceVersion === null) throw new Error(`Batch ${batchId} has no pinned source`);
  return tableAt(spark, sourcePath, sourceVersion);
}

/** A Delta table as it was at a version. */
export function tableAt(spark: SparkSession, path: string, version: bigint | number): DataFrame {
  return spark.read.format('delta').option('versionAsOf', String(version)).load(path);
}
