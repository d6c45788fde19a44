import { topicDifferences } from '@millrace/domain';
import type { TopicDeclaration } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import type { BackgroundTask } from '../control/lifecycle';
import { PeriodicTask } from '../periodic-task';
import { summaryOf } from '../spark/session-errors';
import type { TopicAdmin } from './kafka-topics';

const INTERVAL_MS = 60_000;
const NOT_TOUCHED = 'Millrace changes no topic that exists: change it, or conf/topics.json';
const CURE =
  'Make it, or let this user make topics; on a cluster of few brokers set KAFKA_REPLICATION_FACTOR';

/**
 * Makes the declared topics that are missing, and warns of those that are not as declared, at the start and each minute
 * from then on. An existing topic is never changed: partitions cannot be taken back, and a shorter retention deletes.
 */
export class CheckTopics implements BackgroundTask {
  private readonly logger = new Logger(CheckTopics.name);
  private readonly rounds = new PeriodicTask('Checking the topics', INTERVAL_MS, () => this.round());
  private found: readonly string[] = [];

  constructor(
    private readonly admin: TopicAdmin & { close(): Promise<void> },
    private readonly topics: readonly TopicDeclaration[],
  ) {}

  /** What is wrong with the topics, a sentence each; empty before the first look. */
  get warnings(): readonly string[] {
    return this.found;
  }

  start(): void {
    this.rounds.start();
  }

  /** Also closes the connection to the brokers. */
  async stop(): Promise<void> {
    await this.rounds.stop();
    await this.admin.close();
  }

  async round(): Promise<void> {
    const warnings: string[] = [];
    for (const topic of this.topics) {
      const warning = await this.check(topic).catch(
        (error: unknown) => `Topic ${topic.name} could not be checked: ${summaryOf(error)}`,
      );
      if (warning !== undefined) warnings.push(warning);
    }
    // Once, and not each minute.
    for (const warning of warnings) if (!this.found.includes(warning)) this.logger.warn(warning);
    if (this.found.length > 0 && warnings.length === 0) this.logger.log('The topics are as declared');
    this.found = warnings;
  }

  private async check(topic: TopicDeclaration): Promise<string | undefined> {
    const settings = Object.keys(topic.config);
    const facts = await this.admin.factsOf(topic.name, settings);
    if (facts === undefined) return this.create(topic);
    const differences = topicDifferences(topic, facts);
    if (differences.length === 0) return undefined;
    return `Topic ${topic.name} is not as declared: ${differences.join('; ')}. ${NOT_TOUCHED}`;
  }

  private async create(topic: TopicDeclaration): Promise<string | undefined> {
    const { name, partitions, replicationFactor } = topic;
    try {
      if (await this.admin.create(topic))
        this.logger.log({ topic: name, partitions, replicationFactor }, 'Topic created');
      return undefined;
    } catch (error) {
      return `Topic ${name} is missing and cannot be made: ${summaryOf(error)}. ${CURE}`;
    }
  }
}
