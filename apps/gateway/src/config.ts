import { join } from 'node:path';
import {
  apiTokenSettings,
  findConfDirectory,
  loadConfig,
  optionalSecret,
  optionalSetting,
  queueSettings,
  registrySettings,
  serviceSettings,
  setting,
  text,
  textList,
  tokenUnlessLoopback,
  url,
  webhookSettings,
  wholeNumber,
} from '@millrace/platform';
import type { ConfigOf } from '@millrace/platform';
import { z } from 'zod';

const HTTP = ['http:', 'https:'];
const FAILED_STATUS = z
  .union([z.literal([200, 500]), z.enum(['200', '500'])], { error: 'must be 500 or 200' })
  .transform(Number);

export const gatewaySettings = {
  ...serviceSettings,
  ...registrySettings,
  ...queueSettings,
  ...apiTokenSettings,
  ...webhookSettings,
  port: setting({
    env: 'GATEWAY_PORT',
    key: 'pipeline.http.port',
    schema: wholeNumber({ min: 0, max: 65_535 }),
    description: 'Port of the public API; 0 takes a free one',
  }),
  orchestratorUrl: setting({
    env: 'ORCHESTRATOR_URL',
    key: 'pipeline.http.orchestrator-url',
    schema: url(HTTP),
    description: 'Where the orchestrator listens',
  }),
  resultsUrl: setting({
    env: 'RESULTS_URL',
    key: 'pipeline.http.results-url',
    schema: url(HTTP),
    description: 'Where the results service listens',
  }),
  streamTopics: setting({
    env: 'KAFKA_TOPIC',
    key: 'pipeline.kafka.stream-topic',
    schema: textList(),
    description: 'Topics that a stream may be started on (several with commas)',
  }),
  batchTopics: optionalSetting({
    env: 'KAFKA_BATCH_TOPICS',
    key: 'pipeline.kafka.batch-topics',
    schema: textList(),
    description:
      'Topics that a batch may read (several with commas); the batch topic and those of streams unless set',
  }),
  batchTopic: setting({
    env: 'KAFKA_BATCH_TOPIC',
    key: 'pipeline.kafka.batch-topic',
    schema: text(),
    description: 'Topic of events that wait for batches',
  }),
  maxPendingBatches: setting({
    env: 'BATCH_MAX_PENDING',
    key: 'pipeline.batch.max-pending',
    schema: wholeNumber({ min: 1 }),
    description: 'So many batches may wait; more are refused with 503 and Retry-After',
  }),
  jdbcUrl: optionalSetting({
    env: 'JDBC_URL',
    key: 'pipeline.jdbc.url',
    schema: text(),
    description: 'Database of the sink `jdbc`; without it a batch cannot name that sink',
  }),
  failedStatusHttp: setting({
    env: 'BATCH_FAILED_STATUS_HTTP',
    key: 'pipeline.batch.failed-status-http',
    schema: FAILED_STATUS,
    description: 'HTTP status of GET /batch/status of a batch that failed: 500, or 200 for pollers',
  }),
  enqueueTimeoutMs: setting({
    env: 'GATEWAY_ENQUEUE_TIMEOUT_MS',
    key: 'pipeline.batch.enqueue-timeout-ms',
    schema: wholeNumber({ min: 1 }),
    description: 'How long a submission waits for Redis; after it the reconciler adds the job',
  }),
  eventConnections: setting({
    env: 'GATEWAY_EVENT_CONNECTIONS',
    key: 'pipeline.events.max-connections',
    schema: wholeNumber({ min: 1 }),
    description:
      'Most event streams (server-sent events) that are open at once, and most requests that wait for the end of a batch',
  }),
  pagePollMs: setting({
    env: 'DASHBOARD_POLL_INTERVAL_MS',
    key: 'pipeline.pages.poll-interval-ms',
    schema: wholeNumber({ min: 500 }),
    description: 'How often a page asks again while no event stream tells it what is new',
  }),
  opsToken: optionalSecret({
    env: 'MILLRACE_OPS_TOKEN',
    schema: text({ minLength: 16 }),
    description: 'Password of the queue pages, which can then change jobs; without it they only show them',
  }),
} as const;

export type GatewayConfig = ConfigOf<typeof gatewaySettings>;

/** Where the definitions of data sets are: beside the settings, in `schemas`. */
export function datasetDefinitionFolder(): string {
  const conf = findConfDirectory(process.env);
  if (conf === undefined) throw new Error('There is no conf/ with schemas of data sets: set MILLRACE_CONF');
  return join(conf, 'schemas');
}

/** Settings of this process; ends it with a readable message when they are not right. */
export function readGatewayConfig(): GatewayConfig {
  return loadConfig(gatewaySettings, [tokenUnlessLoopback]);
}
