export { carriesToken, isSameSecret } from './auth/bearer';
export { INTERNAL_TOKEN, InternalAuthGuard } from './auth/internal-auth.guard';
export { PassedOnFailure, ServiceClient } from './client/service-client';
export type { CallOptions, OpenOptions, ServiceClientOptions } from './client/service-client';
export { findConfDirectory, readConfFile } from './config/conf-files';
export type { Environment } from './config/conf-files';
export { kafkaSecurity, kafkaSecurityRule, kafkaSecuritySettings } from './config/kafka-settings';
export { ConfigError, loadConfig, readConfig } from './config/load-config';
export type { ConfigOf, ConfigProblem, ConfigRule, ConfigShape } from './config/load-config';
export { choice, flag, originList, text, textList, url, wholeNumber } from './config/schema';
export type { Schema, SchemaIssue } from './config/schema';
export { optionalSecret, optionalSetting, secret, setting } from './config/setting';
export type { Setting } from './config/setting';
export {
  apiTokenSettings,
  isLoopback,
  LOG_LEVELS,
  pageSettings,
  queueSettings,
  registrySettings,
  retentionSettings,
  serviceSettings,
  tokenUnlessLoopback,
  webhookSettings,
} from './config/shared-settings';
export type { LogLevel } from './config/shared-settings';
export { Drain } from './drain/drain';
export type { DrainStage } from './drain/drain';
export { AcceptingGuard } from './http/accepting.guard';
export { createService, runMain } from './http/create-service';
export type { Service, ServiceOptions } from './http/create-service';
export { errorAnswer } from './http/error-body';
export { sendError } from './http/send-error';
export type { ErrorAnswer } from './http/error-body';
export { HTTP_STATUS_OF } from './http/error-status';
export { parseBody, parseQuery, requireNoQuery } from './http/parse';
