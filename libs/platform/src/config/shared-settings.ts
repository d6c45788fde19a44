import type { ConfigProblem } from './load-config';
import { choice, originList, text, url, wholeNumber } from './schema';
import { optionalSecret, secret, setting } from './setting';

export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Settings that more than one app has; an app spreads the pieces it needs into its shape. */
export const serviceSettings = {
  host: setting({
    env: 'MILLRACE_HOST',
    key: 'pipeline.http.host',
    schema: text(),
    description: 'Address to listen on; loopback unless the API is protected by a token',
  }),
  logLevel: setting({
    env: 'LOG_LEVEL',
    key: 'pipeline.log.level',
    schema: choice(LOG_LEVELS),
    description: 'Least severe level that is logged',
  }),
  internalToken: secret({
    env: 'MILLRACE_INTERNAL_TOKEN',
    schema: text({ minLength: 16 }),
    description: 'Bearer token of calls between the services',
  }),
  drainTimeoutMs: setting({
    env: 'MILLRACE_DRAIN_TIMEOUT_MS',
    key: 'pipeline.drain.timeout-ms',
    schema: wholeNumber({ min: 0, max: 3_600_000 }),
    description: 'How long a shutdown waits for running batches, in milliseconds',
  }),
} as const;

export const registrySettings = {
  databaseUrl: secret({
    env: 'DATABASE_URL',
    schema: url(['postgresql:', 'postgres:']),
    description: 'Postgres of the registry',
  }),
} as const;

export const queueSettings = {
  redisUrl: secret({
    env: 'REDIS_URL',
    schema: url(['redis:', 'rediss:']),
    description: 'Redis of the queue',
  }),
} as const;

export const pageSettings = {
  defaultPageSize: setting({
    env: 'BATCH_DEFAULT_PAGE_SIZE',
    key: 'pipeline.batch.default-page-size',
    schema: wholeNumber({ min: 1 }),
    description: 'Rows of a page when the request names no limit',
  }),
  maxPageSize: setting({
    env: 'BATCH_MAX_PAGE_SIZE',
    key: 'pipeline.batch.max-page-size',
    schema: wholeNumber({ min: 1 }),
    description: 'Most rows of a page',
  }),
} as const;

export const retentionSettings = {
  retentionDays: setting({
    env: 'BATCH_RETENTION_DAYS',
    key: 'pipeline.batch.retention-days',
    schema: wholeNumber({ min: 1, max: 36_500 }),
    description: 'How long the results of a batch are kept',
  }),
  deleteGraceSeconds: setting({
    env: 'BATCH_DELETE_GRACE_SECONDS',
    key: 'pipeline.batch.delete-grace-seconds',
    schema: wholeNumber({ min: 0, max: 86_400 }),
    description: 'How long the files of results that are not served any more stay; longer than any request',
  }),
} as const;

export const apiTokenSettings = {
  apiToken: optionalSecret({
    env: 'MILLRACE_API_TOKEN',
    schema: text({ minLength: 16 }),
    description: 'Bearer token of the public API; required to listen on an address other than loopback',
  }),
} as const;

export const webhookSettings = {
  webhookOrigins: setting({
    env: 'WEBHOOK_ALLOWED_ORIGINS',
    key: 'pipeline.webhooks.allowed-origins',
    schema: originList(),
    description:
      'Origins that webhooks may go to (https://host:port, several with commas); none: no webhooks',
  }),
} as const;

/** Whoever reaches the API can run batches and stop the pipeline: off loopback it needs a token. */
export function tokenUnlessLoopback(config: {
  readonly host: string;
  readonly apiToken: string | undefined;
}): readonly ConfigProblem[] {
  if (isLoopback(config.host) || config.apiToken !== undefined) return [];
  return [
    {
      name: 'MILLRACE_API_TOKEN',
      message: `is required to listen on ${config.host}; without it only loopback (127.0.0.1, ::1, localhost) is allowed`,
    },
  ];
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
