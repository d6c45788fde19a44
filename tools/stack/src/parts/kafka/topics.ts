import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { topicsFileSchema } from '@millrace/domain';
import type { TopicDeclaration } from '@millrace/domain';
import { Kafka, logLevel } from 'kafkajs';
import type { Admin } from 'kafkajs';

/** The topics of `conf/topics.json`. */
export function readTopics(root: string): readonly TopicDeclaration[] {
  return topicsFileSchema.parse(JSON.parse(readFileSync(join(root, 'conf', 'topics.json'), 'utf8'))).topics;
}

/** Whether a broker answers a metadata request: it listens before it can. */
export async function answersMetadata(bootstrap: string): Promise<boolean> {
  try {
    const brokers = await withAdmin(bootstrap, 0, (admin) => admin.describeCluster());
    return brokers.brokers.length > 0;
  } catch {
    return false;
  }
}

/**
 * Creates the topics that our own single broker lacks, so that they are there without the orchestrator too, which makes those
 * of other clusters.
 * @returns the names of those created
 */
export async function createTopics(
  bootstrap: string,
  topics: readonly TopicDeclaration[],
): Promise<readonly string[]> {
  return withAdmin(bootstrap, 8, async (admin) => {
    const existing = new Set(await admin.listTopics());
    const missing = topics.filter((topic) => !existing.has(topic.name));
    if (missing.length > 0) {
      await admin.createTopics({
        waitForLeaders: true,
        topics: missing.map((topic) => ({
          topic: topic.name,
          numPartitions: topic.partitions,
          replicationFactor: topic.localReplicationFactor,
          configEntries: Object.entries(topic.config).map(([name, value]) => ({ name, value })),
        })),
      });
    }
    return missing.map((topic) => topic.name);
  });
}

async function withAdmin<T>(
  bootstrap: string,
  retries: number,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const kafka = new Kafka({
    clientId: 'millrace-stack',
    brokers: bootstrap.split(','),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
    retry: { retries },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
