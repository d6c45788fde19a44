import { BATCH_QUEUE, tablePaths } from '@millrace/domain';
import type { BatchJob } from '@millrace/domain';
import { transactionsPipeline } from '@millrace/pipelines';
import { exclusiveLease, openRegistry } from '@millrace/registry';
import type { Registry } from '@millrace/registry';
import { BullModule, getQueueToken } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import type { DynamicModule, FactoryProvider } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { BatchProcessor } from './batch/batch.processor';
import { BullBatchQueue } from './batch/bull-batch-queue';
import { ComputeBatch } from './batch/compute-batch';
import { ReconcileBatches } from './batch/reconcile-batches';
import { RunBatch } from './batch/run-batch';
import type { OrchestratorConfig } from './config';
import { ControlController } from './control/control.controller';
import { HealthController } from './control/health.controller';
import { Lifecycle } from './control/lifecycle';
import { ensureTable } from './spark/delta-table';
import { SparkConnection } from './spark/spark-connection';
import { QueryRunner } from './stream/query-runner';
import { StreamController } from './stream/stream.controller';
import { StreamSupervisor } from './stream/stream-supervisor';

export const REGISTRY = Symbol('Registry');

/** The pipeline that this orchestrator runs; nothing else in it knows one by name. */
const PIPELINE = transactionsPipeline;

/** Puts the parts together; each is a plain class that knows nothing of Nest's injection. */
function providersOf(config: OrchestratorConfig): FactoryProvider[] {
  const paths = tablePaths(config.deltaBasePath, config.checkpointDir);
  return [
    {
      provide: REGISTRY,
      useFactory: () =>
        openRegistry({
          databaseUrl: config.databaseUrl,
          maxConnections: config.batchConcurrency + 2,
          applicationName: 'millrace-orchestrator',
        }),
    },
    {
      provide: SparkConnection,
      inject: [REGISTRY],
      useFactory: (registry: Registry) => {
        const connection = new SparkConnection(config.sparkRemote, registry.streams);
        connection.onOpened(async (spark) => {
          for (const { table } of PIPELINE.queries) {
            await ensureTable(spark, { ...table, path: paths[table.path] });
          }
        });
        return connection;
      },
    },
    {
      provide: RunBatch,
      inject: [REGISTRY, SparkConnection],
      useFactory: ({ batches }: Registry, connection: SparkConnection) =>
        new RunBatch(batches, new ComputeBatch(connection, batches, paths, PIPELINE)),
    },
    {
      provide: ReconcileBatches,
      inject: [REGISTRY, RunBatch, getQueueToken(BATCH_QUEUE)],
      useFactory: ({ batches }: Registry, runBatch: RunBatch, queue: Queue<BatchJob>) =>
        new ReconcileBatches(batches, new BullBatchQueue(queue), () => runBatch.activeBatchIds),
    },
    {
      provide: StreamSupervisor,
      inject: [REGISTRY, SparkConnection],
      useFactory: ({ streams }: Registry, connection: SparkConnection) =>
        new StreamSupervisor(
          connection,
          streams,
          PIPELINE,
          new QueryRunner(PIPELINE, paths, {
            bootstrapServers: config.kafkaBootstrapServers,
            groupIdPrefix: config.kafkaGroupIdPrefix,
            maxOffsetsPerTrigger: config.maxOffsetsPerTrigger,
            tasksPerMicroBatch: config.tasksPerMicroBatch,
          }),
        ),
    },
    {
      provide: Lifecycle,
      inject: [SparkConnection, StreamSupervisor, ReconcileBatches, RunBatch, BatchProcessor],
      useFactory: (
        connection: SparkConnection,
        supervisor: StreamSupervisor,
        reconciler: ReconcileBatches,
        runBatch: RunBatch,
        processor: BatchProcessor,
      ) =>
        new Lifecycle(
          {
            lease: exclusiveLease(config.databaseUrl, 'orchestrator'),
            connection,
            supervisor,
            reconciler,
            runBatch,
            processor,
          },
          { drainTimeoutMs: config.drainTimeoutMs, concurrency: config.batchConcurrency },
        ),
    },
  ];
}

@Module({})
export class AppModule {
  static of(config: OrchestratorConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        BullModule.forRoot({ connection: { url: config.redisUrl, maxRetriesPerRequest: null } }),
        BullModule.registerQueue({ name: BATCH_QUEUE }),
      ],
      controllers: [ControlController, HealthController, StreamController],
      providers: [...providersOf(config), BatchProcessor],
    };
  }
}
