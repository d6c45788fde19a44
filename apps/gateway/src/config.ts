import {
  apiTokenSettings,
  loadConfig,
  optionalSecret,
  queueSettings,
  registrySettings,
  serviceSettings,
  setting,
  text,
  textList,
  tokenUnlessLoopback,
  url,
  wholeNumber,
} from '@millrace/platform';
import type { ConfigOf } from '@millrace/platform';

const HTTP = ['http:', 'https:'];

export const gatewaySettings = {
  ...serviceSettings,
  ...registrySettings,
  ...queueSettings,
  ...apiTokenSettings,
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
  failedStatusHttp: setting({
    env: 'BATCH_FAILED_STATUS_HTTP',
    key: 'pipeline.batch.failed-status-http',
    schema: wholeNumber({ min: 200, max: 599 }),
    description: 'HTTP status of GET /batch/status of a batch that failed: 500, or 200 for pollers',
  }),
  enqueueTimeoutMs: setting({
    env: 'GATEWAY_ENQUEUE_TIMEOUT_MS',
    key: 'pipeline.batch.enqueue-timeout-ms',
    schema: wholeNumber({ min: 1 }),
    description: 'How long a submission waits for Redis; after it the reconciler adds the job',
  }),
  opsToken: optionalSecret({
    env: 'MILLRACE_OPS_TOKEN',
    schema: text({ minLength: 16 }),
    description: 'Password of the queue pages, which can then change jobs; without it they only show them',
  }),
} as const;

export type GatewayConfig = ConfigOf<typeof gatewaySettings>;

/** Settings of this process; ends it with a readable message when they are not right. */
export function readGatewayConfig(): GatewayConfig {
  return loadConfig(gatewaySettings, [tokenUnlessLoopback]);
}
