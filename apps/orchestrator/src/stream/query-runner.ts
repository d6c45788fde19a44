import { BOUNDED_READS, Conflict, NO_KAFKA_SECURITY, sparkKafkaSecurity } from '@millrace/domain';
import type {
  CheckpointGeneration,
  KafkaSecurity,
  StreamMode,
  StreamQueryRecord,
  TablePaths,
} from '@millrace/domain';
import { eventWriter } from '@millrace/pipelines';
import type { AggregateQueryPlan, Deduplication, StreamingQueryPlan } from '@millrace/pipelines';
import type { DataFrame, DataStreamWriter, SparkSession, StreamingQuery } from 'spark-connect-js';
import { aggregateWriter } from './aggregate-query';
import { firstStart } from './first-start';
import { outputModeOf, requireSameMode } from './output-mode';
import type { WindowOutputMode } from './output-mode';

/** Of everything that a stream makes Spark do. */
export const STREAMING_POOL = 'streaming-pool';

/**
 * Whether a micro-batch without events follows when the watermark has moved: it makes windows final. Of the event query it would only forget some ids
 * earlier, after each micro-batch once more.
 */
const NO_DATA_MICRO_BATCHES = 'spark.sql.streaming.noDataMicroBatches.enabled';

export interface StreamSource {
  readonly bootstrapServers: string;
  readonly groupIdPrefix: string;
  /** Bounds a micro-batch, and with it how long a stop takes. */
  readonly maxOffsetsPerTrigger: number;
  /** None where it is absent. */
  readonly security?: KafkaSecurity;
  /** Tasks, and with them files, of a micro-batch; a topic's partitions beyond that are read in turn. */
  readonly tasksPerMicroBatch: number;
  readonly deduplication: Deduplication;
  readonly windowOutputMode: WindowOutputMode;
}

/** What a query is to do. */
export interface QueryRun {
  readonly topic: string;
  readonly mode: StreamMode;
  /** Of a query that reads the topic; undefined: its first one. */
  readonly checkpoint: CheckpointGeneration | undefined;
}

/** Starts a declared query, or finds the one that already runs. */
export class QueryRunner {
  constructor(
    private readonly paths: TablePaths,
    private readonly source: StreamSource,
  ) {}

  /** A query over a table goes on with the same table, whatever topic fills it. */
  checkpointPath(plan: StreamingQueryPlan, topic: string, generation = 1): string {
    const name = generation === 1 ? plan.name : `${plan.name}-${generation}`;
    return this.paths.checkpoint(name, plan.kind === 'events' ? topic : plan.source.path);
  }

  tablePath(plan: StreamingQueryPlan): string {
    return this.paths[plan.table.path];
  }

  /**
   * The query of an earlier life of this process, if its session still runs it: by its id, or by its name where the
   * process died between the start and the note of the id.
   */
  async find(
    spark: SparkSession,
    plan: StreamingQueryPlan,
    record: StreamQueryRecord | undefined,
  ): Promise<StreamingQuery | undefined> {
    const active = await spark.streams.active();
    return active.find(({ id }) => id === record?.queryId) ?? active.find(({ name }) => name === plan.name);
  }

  /** Whether a query that runs writes in the output mode of now; where it does not, a start says what is wrong. */
  async hasModeOfNow(spark: SparkSession, plan: AggregateQueryPlan, topic: string): Promise<boolean> {
    try {
      await this.requireMode(spark, plan, topic);
      return true;
    } catch (error) {
      if (error instanceof Conflict) return false;
      throw error;
    }
  }

  /** What must be known or noted before the first event of a stream is stored, where the query is started only after that. */
  async prepare(spark: SparkSession, plan: StreamingQueryPlan, topic: string): Promise<void> {
    if (plan.kind !== 'aggregate') return;
    await this.requireMode(spark, plan, topic);
    if (plan.reads === 'new rows')
      await firstStart(spark, this.paths[plan.source.path], plan.name, new Date());
  }

  /** Starts on the query's own checkpoint: the first time from its beginning, later from where it stopped. */
  async start(spark: SparkSession, plan: StreamingQueryPlan, run: QueryRun): Promise<StreamingQuery> {
    // A query keeps the session's settings as they were when it started; queries are started one after the other.
    await spark.conf.set(NO_DATA_MICRO_BATCHES, String(plan.kind === 'aggregate'));
    const writer = await this.writer(spark.withSchedulerPool(STREAMING_POOL), plan, run);
    return writer
      .queryName(plan.name)
      .partitionBy(...plan.table.partitionBy)
      .option('checkpointLocation', this.checkpointPath(plan, run.topic, run.checkpoint?.generation))
      .trigger(
        run.mode === 'drain'
          ? { availableNow: true }
          : { processingTime: `${plan.triggerIntervalMs} milliseconds` },
      )
      .start(this.tablePath(plan));
  }

  private async writer(
    spark: SparkSession,
    plan: StreamingQueryPlan,
    { topic, checkpoint }: QueryRun,
  ): Promise<DataStreamWriter> {
    if (plan.kind === 'aggregate') {
      const mode = await this.requireMode(spark, plan, topic);
      return aggregateWriter(spark, plan, this.paths, mode);
    }
    const later = checkpoint !== undefined && checkpoint.generation > 1 ? checkpoint : undefined;
    const startingOffsets =
      later === undefined ? 'earliest' : JSON.stringify({ [topic]: later.startOffsets });
    return eventWriter(this.kafkaRows(spark, topic, startingOffsets), plan, {
      rejectsPath: this.paths[plan.rejects.path],
      deduplication: this.source.deduplication,
      readBefore: later?.startTime,
    });
  }

  private async requireMode(
    spark: SparkSession,
    plan: AggregateQueryPlan,
    topic: string,
  ): Promise<WindowOutputMode> {
    const mode = outputModeOf(plan, this.source.windowOutputMode);
    const checkpointPath = this.checkpointPath(plan, topic);
    if (plan.windowEndColumn !== undefined)
      await requireSameMode(spark, mode, { checkpointPath, tablePath: this.tablePath(plan) });
    return mode;
  }

  /** `failOnDataLoss` stays true: events that Kafka dropped before they were read are a failure that is shown. */
  private kafkaRows(spark: SparkSession, topic: string, startingOffsets: string): DataFrame {
    return spark.readStream
      .format('kafka')
      .option('kafka.bootstrap.servers', this.source.bootstrapServers)
      .option('subscribe', topic)
      .option('startingOffsets', startingOffsets)
      .option('groupIdPrefix', this.source.groupIdPrefix)
      .options(BOUNDED_READS)
      .options(sparkKafkaSecurity(this.source.security ?? NO_KAFKA_SECURITY))
      .option('maxOffsetsPerTrigger', String(this.source.maxOffsetsPerTrigger))
      .load()
      .coalesce(this.source.tasksPerMicroBatch);
  }
}
