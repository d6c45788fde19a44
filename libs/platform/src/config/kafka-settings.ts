import { readFileSync } from 'node:fs';
import { WrongKafkaSecurity, kafkaSecurityOf } from '@millrace/domain';
import type { KafkaSecurity } from '@millrace/domain';
import type { ConfigOf, ConfigProblem } from './load-config';
import { text } from './schema';
import { optionalSecret, optionalSetting } from './setting';

/** How brokers are reached; the words are checked together, by {@link kafkaSecurityRule}. */
export const kafkaSecuritySettings = {
  kafkaSecurityProtocol: optionalSetting({
    env: 'KAFKA_SECURITY_PROTOCOL',
    key: 'pipeline.kafka.security-protocol',
    schema: text(),
    description: 'PLAINTEXT (the default), SSL, SASL_PLAINTEXT or SASL_SSL',
  }),
  kafkaSaslMechanism: optionalSetting({
    env: 'KAFKA_SASL_MECHANISM',
    key: 'pipeline.kafka.sasl-mechanism',
    schema: text(),
    description: 'PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512',
  }),
  kafkaSaslUsername: optionalSecret({
    env: 'KAFKA_SASL_USERNAME',
    schema: text(),
    description: 'Name at the brokers',
  }),
  kafkaSaslPassword: optionalSecret({
    env: 'KAFKA_SASL_PASSWORD',
    schema: text(),
    description: 'Password of that name',
  }),
  kafkaSslCaFile: optionalSetting({
    env: 'KAFKA_SSL_CA_FILE',
    key: 'pipeline.kafka.ssl-ca-file',
    schema: text(),
    description: 'PEM file with the certificates of who vouches for the brokers; absent: public ones',
  }),
} as const;

type KafkaSecurityConfig = ConfigOf<typeof kafkaSecuritySettings>;

/** The settings as every client of Kafka takes them. @throws WrongKafkaSecurity, which the rule has excluded. */
export function kafkaSecurity(config: KafkaSecurityConfig): KafkaSecurity {
  return kafkaSecurityOf(
    {
      KAFKA_SECURITY_PROTOCOL: config.kafkaSecurityProtocol,
      KAFKA_SASL_MECHANISM: config.kafkaSaslMechanism,
      KAFKA_SASL_USERNAME: config.kafkaSaslUsername,
      KAFKA_SASL_PASSWORD: config.kafkaSaslPassword,
      KAFKA_SSL_CA_FILE: config.kafkaSslCaFile,
    },
    (path) => readFileSync(path, 'utf8'),
  );
}

export function kafkaSecurityRule(config: KafkaSecurityConfig): readonly ConfigProblem[] {
  try {
    kafkaSecurity(config);
    return [];
  } catch (error) {
    if (error instanceof WrongKafkaSecurity) return error.problems;
    throw error;
  }
}
