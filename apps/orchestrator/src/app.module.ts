import { BATCH_QUEUE, tablePaths } from '@millrace/domain';
import type { BatchJob, TablePaths } from '@millrace/domain';
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

/** The parts are plain classes that know nothing of Nest's injection: they are put together here. */
function registryProvider(config: OrchestratorConfig): FactoryProvider {
  return {
    provide: REGISTRY,
    useFactory: () =>
      openRegistry({
        databaseUrl: config.databaseUrl,
        maxConnections: config.batchConcurrency + 2,
        applicationName: 'millrace-orchestrator',
      }),
  };
}

function sparkProvider(config: OrchestratorConfig, paths: TablePaths): FactoryProvider {
  return {
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
  };
}

function batchProviders(paths: TablePaths): FactoryProvider[] {
  return [
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
  ];
}

function streamProvider(config: OrchestratorConfig, paths: TablePaths): FactoryProvider {
  const runner = new QueryRunner(PIPELINE, paths, {
    bootstrapServers: config.kafkaBootstrapServers,
    groupIdPrefix: config.kafkaGroupIdPrefix,
    maxOffsetsPerTrigger: config.maxOffsetsPerTrigger,
    tasksPerMicroBatch: config.tasksPerMicroBatch,
  });
  return {
    provide: StreamSupervisor,
    inject: [REGISTRY, SparkConnection],
    useFactory: ({ streams }: Registry, connection: SparkConnection) =>
      new StreamSupervisor(connection, streams, PIPELINE, runner),
  };
}

function lifecycleProvider(config: OrchestratorConfig): FactoryProvider {
  return {
    provide: Lifecycle,
    inject: [SparkConnection, StreamSupervisor, ReconcileBatches, RunBatch, BatchProcessor],
    useFactory: (
      connection: SparkConnection,
      supervisor: StreamSupervisor,
      reconciler: ReconcileBatches,
      runBatch: RunBatch,
      processor: BatchProcessor,
    ) => {
      const lease = exclusiveLease(config.databaseUrl, 'orchestrator');
      return new Lifecycle(
        { lease, connection, supervisor, reconciler, runBatch, processor },
        { drainTimeoutMs: config.drainTimeoutMs, concurrency: config.batchConcurrency },
      );
    },
  };
}

@Module({})
export class AppModule {
  static of(config: OrchestratorConfig): DynamicModule {
    const paths = tablePaths(config.deltaBasePath, config.checkpointDir);
    return {
      module: AppModule,
      imports: [
        BullModule.forRoot({ connection: { url: config.redisUrl, maxRetriesPerRequest: null } }),
        BullModule.registerQueue({ name: BATCH_QUEUE }),
      ],
      controllers: [ControlController, HealthController, StreamController],
      providers: [
        registryProvider(config),
        sparkProvider(config, paths),
        ...batchProviders(paths),
        streamProvider(config, paths),
        lifecycleProvider(config),
        BatchProcessor,
      ],
    };
  }
}
