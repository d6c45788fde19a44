import { topicsFileSchema } from '@millrace/domain';
import type { TopicDeclaration } from '@millrace/domain';
import {
  choice,
  kafkaSecurityRule,
  kafkaSecuritySettings,
  loadConfig,
  optionalSecret,
  optionalSetting,
  queueSettings,
  readConfFile,
  registrySettings,
  retentionSettings,
  serviceSettings,
  setting,
  text,
  url,
  webhookSettings,
  wholeNumber,
} from '@millrace/platform';
import type { ConfigOf } from '@millrace/platform';
import { jdbcSettings } from './compute/jdbc-settings';
import { WINDOW_OUTPUT_MODES } from './stream/output-mode';
import { upkeepSettings } from './upkeep/upkeep-settings';
import { secretForWebhooks, webhookSecret } from './webhooks/webhook-secret';

export const orchestratorSettings = {
  ...serviceSettings,
  ...registrySettings,
  ...queueSettings,
  ...retentionSettings,
  ...webhookSettings,
  ...jdbcSettings,
  ...upkeepSettings,
  ...kafkaSecuritySettings,
  port: setting({
    env: 'ORCHESTRATOR_PORT',
    key: 'pipeline.http.orchestrator-port',
    schema: wholeNumber({ min: 0, max: 65_535 }),
    description: 'Port of the orchestrator (internal)',
  }),
  sparkRemote: setting({
    env: 'SPARK_REMOTE',
    key: 'pipeline.spark.connect-url',
    schema: url(['sc:']),
    description: 'Spark Connect server, sc://host:port',
  }),
  kafkaBootstrapServers: setting({
    env: 'KAFKA_BOOTSTRAP_SERVERS',
    key: 'pipeline.kafka.bootstrap-servers',
    schema: text(),
    description: 'Kafka brokers, host:port with commas between',
  }),
  kafkaGroupIdPrefix: setting({
    env: 'KAFKA_CONSUMER_GROUP_PREFIX',
    key: 'pipeline.kafka.consumer-group-prefix',
    schema: text(),
    description: 'First part of the consumer groups that Spark makes',
  }),
  kafkaReplicationFactor: optionalSetting({
    env: 'KAFKA_REPLICATION_FACTOR',
    key: 'pipeline.kafka.replication-factor',
    schema: wholeNumber({ min: 1, max: 32_767 }),
    description: 'Replicas of the topics; as conf/topics.json says where it is absent. 1 on a single broker',
  }),
  maxOffsetsPerTrigger: setting({
    env: 'STREAM_MAX_OFFSETS_PER_TRIGGER',
    key: 'pipeline.stream.max-offsets-per-trigger',
    schema: wholeNumber({ min: 1 }),
    description: 'Most events of one micro-batch; bounds how long a stop takes',
  }),
  tasksPerMicroBatch: setting({
    env: 'STREAM_TASKS_PER_MICRO_BATCH',
    key: 'pipeline.stream.tasks-per-micro-batch',
    schema: wholeNumber({ min: 1 }),
    description: 'Most tasks, and with them files, of a micro-batch',
  }),
  deduplicationHorizonSeconds: setting({
    env: 'STREAM_DEDUPLICATION_HORIZON_SECONDS',
    key: 'pipeline.stream.deduplication-horizon-seconds',
    schema: wholeNumber({ min: 0, max: 604_800 }),
    description:
      'How long ids of events are remembered; older events are looked up in the table. 0: duplicates are stored',
  }),
  maxStreamFailures: setting({
    env: 'STREAM_MAX_FAILURES',
    key: 'pipeline.stream.max-failures',
    schema: wholeNumber({ min: 1, max: 1_000 }),
    description:
      'Failures in a row, without a micro-batch between, after which a query is not started again by itself',
  }),
  windowOutputMode: setting({
    env: 'STREAM_WINDOW_OUTPUT_MODE',
    key: 'pipeline.stream.window-output-mode',
    schema: choice(WINDOW_OUTPUT_MODES),
    description:
      'When a window comes into its table: update, with each change; append, once, when it is final; complete, with all others each time',
  }),
  deltaBasePath: setting({
    env: 'DELTA_BASE_PATH',
    key: 'pipeline.delta.base-path',
    schema: text(),
    description: 'Folder or URI that holds the Delta tables, as Spark sees it',
  }),
  checkpointDir: optionalSetting({
    env: 'CHECKPOINT_DIR',
    key: 'pipeline.spark.checkpoint-dir',
    schema: text(),
    description: 'Folder or URI of the checkpoints; beside the tables where it is absent',
  }),
  batchConcurrency: setting({
    env: 'BATCH_CONCURRENCY',
    key: 'pipeline.batch.thread-pool-size',
    schema: wholeNumber({ min: 1, max: 256 }),
    description: 'Batches that run at once',
  }),
  reportConcurrency: setting({
    env: 'BATCH_REPORT_CONCURRENCY',
    key: 'pipeline.batch.report-concurrency',
    schema: wholeNumber({ min: 1, max: 256 }),
    description: 'Analyses of full reports that run at once, of all reports together',
  }),
  batchTimeoutSeconds: setting({
    env: 'BATCH_TIMEOUT_SECONDS',
    key: 'pipeline.batch.timeout-seconds',
    schema: wholeNumber({ min: 1, max: 86_400 }),
    description: 'Longest time of an attempt of a batch that names none itself',
  }),
  webhookKey: optionalSecret({
    env: 'MILLRACE_WEBHOOK_SECRET',
    schema: webhookSecret(),
    description: 'Secret that webhooks are signed with, whsec_ and base64; without it there are no webhooks',
  }),
} as const;

export type OrchestratorConfig = ConfigOf<typeof orchestratorSettings>;

export const readOrchestratorConfig = (): OrchestratorConfig =>
  loadConfig(orchestratorSettings, [secretForWebhooks, kafkaSecurityRule]);

/** The topics of `conf/topics.json`, with as many replicas as the settings say. */
export function readTopicDeclarations({
  kafkaReplicationFactor,
}: Pick<OrchestratorConfig, 'kafkaReplicationFactor'>): readonly TopicDeclaration[] {
  const { topics } = topicsFileSchema.parse(readConfFile('topics.json', process.env));
  return topics.map((topic) => ({
    ...topic,
    replicationFactor: kafkaReplicationFactor ?? topic.replicationFactor,
  }));
}
