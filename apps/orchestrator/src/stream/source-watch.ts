import type { TablePaths } from '@millrace/domain';
import type { StreamingQueryPlan } from '@millrace/pipelines';
import type { SparkSession } from 'spark-connect-js';
import type { KafkaTopics } from '../kafka/kafka-topics';
import { versionRange } from '../spark/delta-time-travel';
import { summaryOf } from '../spark/session-errors';
import type { SourceSight, TopicSight } from './measure-query';

const VERSION_DEADLINE_MS = 5_000;

/** Looks at what the queries read, beside them: a Kafka that does not answer must hold up nobody. */
export class SourceWatch {
  private readonly topicSights = new Map<string, TopicSight>();
  private readonly latestVersions = new Map<string, number>();

  constructor(
    private readonly topics: KafkaTopics,
    private readonly paths: TablePaths,
  ) {}

  /** Asks Kafka and Delta. Never fails: what could not be found out is unknown then. */
  async look(spark: SparkSession, topic: string, plans: readonly StreamingQueryPlan[]): Promise<void> {
    this.topicSights.set(topic, await this.sightOf(topic));
    const tables = plans.flatMap((plan) => (plan.kind === 'aggregate' ? [this.paths[plan.source.path]] : []));
    for (const path of new Set(tables)) {
      const range = await versionRange(spark, path, { deadlineMs: VERSION_DEADLINE_MS }).catch(
        () => undefined,
      );
      if (range === undefined) this.latestVersions.delete(path);
      else this.latestVersions.set(path, range.latest);
    }
  }

  /** As it was at the last look. */
  sourceOf(plan: StreamingQueryPlan, topic: string): SourceSight {
    if (plan.kind === 'events') return { kind: 'topic', topic, seen: this.topicSights.get(topic) };
    return { kind: 'table', latestVersion: this.latestVersions.get(this.paths[plan.source.path]) };
  }

  private async sightOf(topic: string): Promise<TopicSight> {
    try {
      const held = await this.topics.offsetsOf(topic);
      return held === undefined ? { reason: `Kafka has no topic ${topic}` } : { held };
    } catch (error) {
      return { reason: summaryOf(error) };
    }
  }
}
