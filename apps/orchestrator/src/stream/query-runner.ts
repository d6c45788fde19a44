import type { StreamQueryRecord, TablePaths } from '@millrace/domain';
import type { Pipeline, StreamingQueryPlan } from '@millrace/pipelines';
import type { SparkSession, StreamingQuery } from 'spark-connect-js';

const POOL = 'streaming-pool';

export interface StreamSource {
  readonly bootstrapServers: string;
  readonly groupIdPrefix: string;
  /** Bounds a micro-batch, and with it how long a stop takes. */
  readonly maxOffsetsPerTrigger: number;
  /** Tasks, and with them files, of a micro-batch; a topic's partitions beyond that are read in turn. */
  readonly tasksPerMicroBatch: number;
}

/** Starts a declared query, or finds the one that already runs. */
export class QueryRunner {
  constructor(
    private readonly pipeline: Pipeline,
    private readonly paths: TablePaths,
    private readonly source: StreamSource,
  ) {}

  checkpointPath(plan: StreamingQueryPlan, topic: string): string {
    return this.paths.checkpoint(plan.name, topic);
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

  /**
   * Starts on the topic's own checkpoint: the first time from the earliest offset, later from where it stopped.
   * `failOnDataLoss` stays true: events that Kafka dropped before they were read are a failure that is shown.
   */
  async start(spark: SparkSession, plan: StreamingQueryPlan, topic: string): Promise<StreamingQuery> {
    const kafkaRows = spark
      .withSchedulerPool(POOL)
      .readStream.format('kafka')
      .option('kafka.bootstrap.servers', this.source.bootstrapServers)
      .option('subscribe', topic)
      .option('startingOffsets', 'earliest')
      .option('groupIdPrefix', this.source.groupIdPrefix)
      .option('maxOffsetsPerTrigger', String(this.source.maxOffsetsPerTrigger))
      .load();
    return plan
      .transform(this.pipeline.parse(kafkaRows.coalesce(this.source.tasksPerMicroBatch)))
      .writeStream.format('delta')
      .queryName(plan.name)
      .outputMode(plan.outputMode)
      .partitionBy(...plan.table.partitionBy)
      .option('checkpointLocation', this.checkpointPath(plan, topic))
      .trigger({ processingTime: `${plan.triggerIntervalSeconds} seconds` })
      .start(this.tablePath(plan));
  }
}
