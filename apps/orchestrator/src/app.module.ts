import { tablePaths } from '@millrace/domain';
import type { TablePaths } from '@millrace/domain';
import { transactionsPipeline } from '@millrace/pipelines';
import type { StreamingQueryPlan, StreamTable } from '@millrace/pipelines';
import { kafkaSecurity } from '@millrace/platform';
import { exclusiveLease, openRegistry } from '@millrace/registry';
import type { Registry } from '@millrace/registry';
import { Module } from '@nestjs/common';
import type { DynamicModule, FactoryProvider } from '@nestjs/common';
import { AnalysisProcessor } from './batch/analysis.processor';
import { batchProviders, batchQueues } from './batch/batch-providers';
import { BatchSourceController } from './batch/batch-source.controller';
import { BatchProcessor } from './batch/batch.processor';
import { ReconcileBatches } from './batch/reconcile-batches';
import { ResolveSource } from './batch/resolve-source';
import { RunBatch } from './batch/run-batch';
import { WatchCancels } from './batch/watch-cancels';
import type { OrchestratorConfig } from './config';
import { ControlController } from './control/control.controller';
import { HealthController } from './control/health.controller';
import { Lifecycle } from './control/lifecycle';
import type { BackgroundTask } from './control/lifecycle';
import { SparkBreaker } from './control/spark-breaker';
import { TakeJobs } from './control/take-jobs';
import { CheckTopics } from './kafka/check-topics';
import { kafkaProviders } from './kafka/kafka-providers';
import { KafkajsTopics } from './kafka/kafkajs-topics';
import { REGISTRY } from './registry-token';
import { ensureTable } from './spark/delta-table';
import { SparkConnection } from './spark/spark-connection';
import { QueryRunner } from './stream/query-runner';
import { StreamController } from './stream/stream.controller';
import { streamSupervisor } from './stream/stream-parts';
import { StreamSupervisor } from './stream/stream-supervisor';
import { LocalBatchFolders, localFolder } from './upkeep/batch-folders';
import { ExpireResults } from './upkeep/expire-results';
import { KeepUp } from './upkeep/keep-up';
import { PruneHistory } from './upkeep/prune-history';
import { upkeepProviders, upkeepQueue } from './upkeep/upkeep-providers';
import { UpkeepController } from './upkeep/upkeep.controller';
import { VerifyConsistency } from './verify/verify-consistency';
import { VerifyController } from './verify/verify.controller';
import { verifyProvider } from './verify/verify-provider';
import { WebhookDeliverer } from './webhooks/webhook-deliverer';

/** The pipeline that this orchestrator runs; nothing else in it knows one by name. */
const PIPELINE = transactionsPipeline;

/** Tasks that need nothing of batches and streams. */
const BESIDE = Symbol('Beside');

const PROBE_DEADLINE_MS = 10_000;
const WEBHOOK_TIMEOUT_MS = 10_000;

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

function sparkProviders(config: OrchestratorConfig, paths: TablePaths): FactoryProvider[] {
  return [
    {
      provide: SparkConnection,
      inject: [REGISTRY],
      useFactory: (registry: Registry) => {
        const connection = new SparkConnection(config.sparkRemote, registry.streams);
        connection.onOpened(async (spark) => {
          for (const table of PIPELINE.queries.flatMap(tablesOf)) {
            await ensureTable(spark, { ...table, path: paths[table.path] });
          }
        });
        return connection;
      },
    },
    {
      provide: SparkBreaker,
      inject: [SparkConnection],
      useFactory: (connection: SparkConnection) =>
        new SparkBreaker(async () => {
          await connection.require().range(1).count({ deadlineMs: PROBE_DEADLINE_MS });
        }),
    },
  ];
}

const tablesOf = (plan: StreamingQueryPlan): StreamTable[] =>
  plan.kind === 'events' ? [plan.table, plan.rejects] : [plan.table];

function sourceProviders(config: OrchestratorConfig, paths: TablePaths): FactoryProvider[] {
  return [
    ...kafkaProviders(config),
    {
      provide: ResolveSource,
      inject: [KafkajsTopics, SparkConnection],
      useFactory: (topics: KafkajsTopics, connection: SparkConnection) =>
        new ResolveSource(topics, connection, paths),
    },
  ];
}

function streamProvider(config: OrchestratorConfig, paths: TablePaths): FactoryProvider {
  const runner = new QueryRunner(paths, {
    bootstrapServers: config.kafkaBootstrapServers,
    groupIdPrefix: config.kafkaGroupIdPrefix,
    security: kafkaSecurity(config),
    maxOffsetsPerTrigger: config.maxOffsetsPerTrigger,
    tasksPerMicroBatch: config.tasksPerMicroBatch,
    deduplication: { horizonSeconds: config.deduplicationHorizonSeconds },
    windowOutputMode: config.windowOutputMode,
  });
  return {
    provide: StreamSupervisor,
    inject: [REGISTRY, SparkConnection, KafkajsTopics],
    useFactory: ({ streams }: Registry, connection: SparkConnection, topics: KafkajsTopics) =>
      streamSupervisor(
        { connection, registry: streams, topics, pipeline: PIPELINE, paths, runner },
        { mostFailures: config.maxStreamFailures },
      ),
  };
}

function takeJobsProvider(config: OrchestratorConfig): FactoryProvider {
  return {
    provide: TakeJobs,
    inject: [BatchProcessor, AnalysisProcessor, SparkConnection, SparkBreaker],
    // The workers themselves are there only when the application is initialized.
    useFactory: (
      batches: BatchProcessor,
      analyses: AnalysisProcessor,
      connection: SparkConnection,
      breaker: SparkBreaker,
    ) =>
      new TakeJobs(
        {
          workers: () => ({ batches: batches.worker, analyses: analyses.worker }),
          connection,
          breaker,
        },
        { batches: config.batchConcurrency, analyses: config.reportConcurrency },
      ),
  };
}

/** What goes on beside batches and streams. */
function upkeepTasks(config: OrchestratorConfig, paths: TablePaths, registry: Registry): BackgroundTask[] {
  const folder = localFolder(paths.batches);
  const expiry = new ExpireResults(
    registry.batches,
    folder === undefined ? undefined : new LocalBatchFolders(folder),
    { graceMs: config.deleteGraceSeconds * 1_000 },
  );
  const webhooks = new WebhookDeliverer(
    { outbox: registry.webhooks, batches: registry.batches },
    { key: config.webhookKey, allowedOrigins: config.webhookOrigins, timeoutMs: WEBHOOK_TIMEOUT_MS },
  );
  return [expiry, new PruneHistory(registry.batches), webhooks];
}

function besideProvider(config: OrchestratorConfig, paths: TablePaths): FactoryProvider {
  return {
    provide: BESIDE,
    inject: [REGISTRY, CheckTopics, KeepUp, VerifyConsistency],
    useFactory: (
      registry: Registry,
      topics: CheckTopics,
      keepUp: KeepUp,
      verify: VerifyConsistency,
    ): BackgroundTask[] => {
      return [topics, keepUp, verify, ...upkeepTasks(config, paths, registry)];
    },
  };
}

function lifecycleProvider(config: OrchestratorConfig): FactoryProvider {
  return {
    provide: Lifecycle,
    inject: [
      SparkConnection,
      SparkBreaker,
      StreamSupervisor,
      ReconcileBatches,
      WatchCancels,
      RunBatch,
      TakeJobs,
      BESIDE,
    ],
    useFactory: (
      connection: SparkConnection,
      breaker: SparkBreaker,
      supervisor: StreamSupervisor,
      reconciler: ReconcileBatches,
      watchCancels: WatchCancels,
      runBatch: RunBatch,
      takeJobs: TakeJobs,
      beside: readonly BackgroundTask[],
    ) => {
      const lease = exclusiveLease(config.databaseUrl, 'orchestrator');
      const background = [watchCancels, reconciler, breaker, ...beside];
      return new Lifecycle(
        { lease, connection, supervisor, runBatch, takeJobs, background },
        { drainTimeoutMs: config.drainTimeoutMs },
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
      imports: [...batchQueues(config), upkeepQueue()],
      controllers: [
        BatchSourceController,
        ControlController,
        HealthController,
        StreamController,
        UpkeepController,
        VerifyController,
      ],
      providers: [
        registryProvider(config),
        ...sparkProviders(config, paths),
        ...sourceProviders(config, paths),
        ...batchProviders(config, paths, PIPELINE),
        ...upkeepProviders(config, paths),
        streamProvider(config, paths),
        verifyProvider(paths, PIPELINE),
        takeJobsProvider(config),
        besideProvider(config, paths),
        lifecycleProvider(config),
      ],
    };
  }
}
