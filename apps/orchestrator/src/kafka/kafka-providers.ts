import { kafkaSecurity } from '@millrace/platform';
import type { FactoryProvider } from '@nestjs/common';
import { readTopicDeclarations } from '../config';
import type { OrchestratorConfig } from '../config';
import { CheckTopics } from './check-topics';
import { KafkajsTopics } from './kafkajs-topics';

/** What asks the brokers. */
export function kafkaProviders(config: OrchestratorConfig): FactoryProvider[] {
  return [
    {
      provide: KafkajsTopics,
      useFactory: () => new KafkajsTopics(config.kafkaBootstrapServers, kafkaSecurity(config)),
    },
    {
      provide: CheckTopics,
      inject: [KafkajsTopics],
      useFactory: (topics: KafkajsTopics) => new CheckTopics(topics, readTopicDeclarations(config)),
    },
  ];
}
