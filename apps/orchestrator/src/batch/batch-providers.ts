import { ANALYSIS_QUEUE, BATCH_QUEUE } from '@millrace/domain';
import type { AnalysisJob, BatchJob, TablePaths } from '@millrace/domain';
import type { Pipeline } from '@millrace/pipelines';
import { kafkaSecurity } from '@millrace/platform';
import type { Registry } from '@millrace/registry';
import { BullModule, getFlowProducerToken, getQueueToken } from '@nestjs/bullmq';
import type { DynamicModule, FactoryProvider, Provider } from '@nestjs/common';
import type { FlowProducer, Queue } from 'bullmq';
import { ComputeBatch } from '../compute/compute-batch';
import { configuredSinks } from '../compute/jdbc-settings';
import type { OrchestratorConfig } from '../config';
import { SparkBreaker } from '../control/spark-breaker';
import { REGISTRY } from '../registry-token';
import { SparkConnection } from '../spark/spark-connection';
import { AnalysisJobs } from './analysis-jobs';
import { AnalysisProcessor } from './analysis.processor';
import { BatchProcessor } from './batch.processor';
import { BullBatchQueue } from './bull-batch-queue';
import { BullMemberQueue } from './bull-member-queue';
import { CancelBatch } from './cancel-batch';
import { ReconcileBatches } from './reconcile-batches';
import { RunBatch } from './run-batch';
import { RunMembers } from './run-members';
import { StopTimedOut } from './stop-timed-out';
import { WatchCancels } from './watch-cancels';

const REPORT_FLOWS = 'reports';
const REPORT_QUEUES = [getFlowProducerToken(REPORT_FLOWS), getQueueToken(ANALYSIS_QUEUE)];
const DAY_MS = 86_400_000;

export function batchQueues(config: OrchestratorConfig): DynamicModule[] {
  return [
    BullModule.forRoot({ connection: { url: config.redisUrl, maxRetriesPerRequest: null } }),
    BullModule.registerQueue({ name: BATCH_QUEUE }, { name: ANALYSIS_QUEUE }),
    BullModule.registerFlowProducer({ name: REPORT_FLOWS }),
  ];
}

/** What takes batches off the queue, runs and ends them. */
export function batchProviders(
  config: OrchestratorConfig,
  paths: TablePaths,
  pipeline: Pipeline,
): Provider[] {
  return [
    computeProvider(config, paths, pipeline),
    membersProvider(),
    {
      provide: CancelBatch,
      inject: [REGISTRY, ComputeBatch],
      useFactory: ({ batches }: Registry, computation: ComputeBatch) => new CancelBatch(batches, computation),
    },
    runProvider(config, paths),
    {
      provide: AnalysisJobs,
      inject: [REGISTRY, RunMembers],
      useFactory: ({ batches }: Registry, members: RunMembers) => new AnalysisJobs(batches, members),
    },
    {
      provide: WatchCancels,
      inject: [REGISTRY, RunBatch],
      useFactory: ({ changes, batches }: Registry, runBatch: RunBatch) =>
        new WatchCancels(changes, batches, runBatch),
    },
    reconcilerProvider(),
    BatchProcessor,
    AnalysisProcessor,
  ];
}

function computeProvider(config: OrchestratorConfig, paths: TablePaths, pipeline: Pipeline): FactoryProvider {
  return {
    provide: ComputeBatch,
    inject: [REGISTRY, SparkConnection],
    useFactory: ({ batches }: Registry, connection: SparkConnection) =>
      new ComputeBatch({
        connection,
        registry: batches,
        paths,
        pipeline,
        kafka: {
          bootstrapServers: config.kafkaBootstrapServers,
          groupIdPrefix: config.kafkaGroupIdPrefix,
          security: kafkaSecurity(config),
        },
        sinks: configuredSinks(config),
      }),
  };
}

function membersProvider(): FactoryProvider {
  return {
    provide: RunMembers,
    inject: [REGISTRY, ComputeBatch, SparkConnection, SparkBreaker, ...REPORT_QUEUES],
    useFactory: (
      { batches }: Registry,
      computation: ComputeBatch,
      connection: SparkConnection,
      breaker: SparkBreaker,
      flows: FlowProducer,
      queue: Queue<AnalysisJob>,
    ) =>
      new RunMembers(batches, computation, new BullMemberQueue(flows, queue), () => {
        connection.require();
        breaker.requireClosed();
      }),
  };
}

function runProvider(config: OrchestratorConfig, paths: TablePaths): FactoryProvider {
  const retentionMs = config.retentionDays * DAY_MS;
  return {
    provide: RunBatch,
    inject: [REGISTRY, ComputeBatch, RunMembers, CancelBatch, SparkBreaker],
    useFactory: (
      { batches }: Registry,
      computation: ComputeBatch,
      members: RunMembers,
      cancelBatch: CancelBatch,
      breaker: SparkBreaker,
    ) =>
      new RunBatch(
        {
          registry: batches,
          computation,
          members,
          cancelBatch,
          paths,
          stopTimedOut: new StopTimedOut(batches, computation, retentionMs),
          onAttemptEnded: (end) => {
            breaker.attemptEnded(end);
          },
        },
        { timeoutSeconds: config.batchTimeoutSeconds, retentionMs },
      ),
  };
}

function reconcilerProvider(): FactoryProvider {
  return {
    provide: ReconcileBatches,
    inject: [REGISTRY, RunBatch, CancelBatch, getQueueToken(BATCH_QUEUE)],
    useFactory: (
      { batches }: Registry,
      runBatch: RunBatch,
      cancelBatch: CancelBatch,
      queue: Queue<BatchJob>,
    ) => new ReconcileBatches({ registry: batches, queue: new BullBatchQueue(queue), runBatch, cancelBatch }),
  };
}
