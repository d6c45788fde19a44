import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import type { Admin } from 'kafkajs';
import { z } from 'zod';

const topicsSchema = z.object({
  topics: z.array(
    z.object({
      name: z.string(),
      partitions: z.number().int().positive(),
      replicationFactor: z.number().int().positive(),
      localReplicationFactor: z.number().int().positive(),
      config: z.record(z.string(), z.string()).default({}),
    }),
  ),
});

type Topic = z.infer<typeof topicsSchema>['topics'][number];

/** The topics of `conf/topics.json`. */
export function readTopics(root: string): readonly Topic[] {
  return topicsSchema.parse(JSON.parse(readFileSync(join(root, 'conf', 'topics.json'), 'utf8'))).topics;
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
 * Creates the topics that are missing.
 * @param isOurs our own single broker, which cannot hold more than one replica
 * @returns the names of those created
 */
export async function createTopics(
  bootstrap: string,
  topics: readonly Topic[],
  isOurs: boolean,
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
          replicationFactor: isOurs ? topic.localReplicationFactor : topic.replicationFactor,
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
