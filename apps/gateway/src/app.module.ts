import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { ServiceClient } from '@millrace/platform';
import { AnswerSubmission } from './batch/answer-submission';
import { BatchActionsController } from './batch/batch-actions.controller';
import { BatchDataController } from './batch/batch-data.controller';
import { BatchController } from './batch/batch.controller';
import { BatchPolicy } from './batch/batch-policy';
import { CancelBatch } from './batch/cancel-batch';
import { ContinueBatch } from './batch/continue-batch';
import { EndOfBatch } from './batch/end-of-batch';
import { EnqueueBatch } from './batch/enqueue-batch';
import { FindBatch } from './batch/find-batch';
import { ListBatches } from './batch/list-batches';
import { PreferredEnd } from './batch/preferred-end';
import { RegisterBatch } from './batch/register-batch';
import { RerunBatch } from './batch/rerun-batch';
import { ResolveSource } from './batch/resolve-source';
import { RetryBatch } from './batch/retry-batch';
import { Results } from './batch/results';
import { SubmitBatch } from './batch/submit-batch';
import { datasetDefinitionFolder } from './config';
import type { GatewayConfig } from './config';
import { ControlController } from './control/control.controller';
import { StopEverything } from './control/stop-everything';
import { eventControllers, eventProviders } from './events/event-parts';
import { DatasetFiles } from './datasets/dataset-files';
import { DatasetsController } from './datasets/datasets.controller';
import { HealthController } from './health/health.controller';
import { Readiness } from './health/readiness';
import { SparkHealth } from './health/spark-health';
import { BATCH_QUEUE_PORT, BATCH_REGISTRY, GATEWAY_CONFIG, GATEWAY_PORTS, STREAM_REGISTRY } from './ports';
import type { GatewayPorts } from './ports';
import { Orchestrator } from './stream/orchestrator';
import { ContinueStream } from './stream/continue-stream';
import { StartStream } from './stream/start-stream';
import { StreamController } from './stream/stream.controller';
import { StreamStatus } from './stream/stream-status';
import { StreamAnalysesController } from './stream/stream-analyses.controller';
import { TablesController } from './tables/tables.controller';
import { VerifyController } from './verify/verify.controller';
import { WebhooksController } from './webhooks/webhooks.controller';

const RESULTS_TIMEOUT_MS = 30_000;
const ORCHESTRATOR_TIMEOUT_MS = 10_000;

/** What requests about batches do. */
const batchProviders = [
  AnswerSubmission,
  BatchPolicy,
  CancelBatch,
  ContinueBatch,
  EndOfBatch,
  EnqueueBatch,
  FindBatch,
  ListBatches,
  PreferredEnd,
  RegisterBatch,
  RerunBatch,
  ResolveSource,
  RetryBatch,
  SubmitBatch,
];

@Module({})
export class AppModule implements OnApplicationShutdown {
  constructor(@Inject(GATEWAY_PORTS) private readonly ports: GatewayPorts) {}

  static of(config: GatewayConfig, ports: GatewayPorts): DynamicModule {
    return {
      module: AppModule,
      controllers: [
        StreamController,
        StreamAnalysesController,
        BatchController,
        BatchActionsController,
        BatchDataController,
        DatasetsController,
        HealthController,
        ControlController,
        TablesController,
        VerifyController,
        ...eventControllers,
        WebhooksController,
      ],
      providers: [
        { provide: GATEWAY_CONFIG, useValue: config },
        { provide: GATEWAY_PORTS, useValue: ports },
        { provide: BATCH_REGISTRY, useValue: ports.batches },
        { provide: STREAM_REGISTRY, useValue: ports.streams },
        { provide: BATCH_QUEUE_PORT, useValue: ports.queue },
        { provide: Orchestrator, useValue: new Orchestrator(orchestratorClient(config)) },
        { provide: Results, useValue: new Results(resultsClient(config)) },
        { provide: DatasetFiles, useValue: new DatasetFiles(datasetDefinitionFolder()) },
        ...batchProviders,
        ContinueStream,
        StartStream,
        StreamStatus,
        SparkHealth,
        Readiness,
        StopEverything,
        ...eventProviders,
      ],
    };
  }

  /** After the last request was answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.ports.close();
  }
}

function orchestratorClient({ orchestratorUrl, internalToken }: GatewayConfig): ServiceClient {
  return new ServiceClient({
    name: 'orchestrator',
    baseUrl: orchestratorUrl,
    token: internalToken,
    timeoutMs: ORCHESTRATOR_TIMEOUT_MS,
  });
}

function resultsClient({ resultsUrl, internalToken }: GatewayConfig): ServiceClient {
  return new ServiceClient({
    name: 'results service',
    baseUrl: resultsUrl,
    token: internalToken,
    timeoutMs: RESULTS_TIMEOUT_MS,
  });
}
