import { join } from 'node:path';
import type { KafkaSecurity } from '@millrace/domain';
import {
  ConfigError,
  kafkaSecurity,
  kafkaSecurityRule,
  kafkaSecuritySettings,
  readConfig,
} from '@millrace/platform';
import type { Environment } from '@millrace/platform';
import { endpointOf, homeOf, readCommandConfig } from '../registry-command/config';
import type { RegistryCommandConfig } from '../registry-command/config';

export interface RejectsCommandConfig extends RegistryCommandConfig {
  readonly kafka: {
    /** host:port, several with commas */
    readonly bootstrapServers: string;
    readonly security: KafkaSecurity;
  };
}

/**
 * Settings of the command: those of `npm run registry`, and the brokers, of the environment or of the stack in the home.
 * @throws ConfigError
 */
export function readRejectsConfig(environment: Environment, checkout: string): RejectsCommandConfig {
  const storage = readCommandConfig(environment, checkout);
  const named = environment['KAFKA_BOOTSTRAP_SERVERS'];
  const ofStack = storage.isLocalStack
    ? endpointOf(join(homeOf(environment, checkout), 'endpoints.json'), 'kafka')
    : undefined;
  const bootstrapServers = named === '' ? ofStack : (named ?? ofStack);
  if (bootstrapServers === undefined) {
    const message = 'is required with a DATABASE_URL and a DELTA_BASE_PATH of your own';
    throw new ConfigError([{ name: 'KAFKA_BOOTSTRAP_SERVERS', message }]);
  }
  const security = readConfig(kafkaSecuritySettings, environment, [kafkaSecurityRule]);
  return { ...storage, kafka: { bootstrapServers, security: kafkaSecurity(security) } };
}

/** Settings of this process. */
export const readOwnRejectsConfig = (): RejectsCommandConfig => readRejectsConfig(process.env, process.cwd());
