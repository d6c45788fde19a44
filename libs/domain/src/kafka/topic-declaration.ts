import { z } from 'zod';

/** `conf/topics.json`: the topics that there must be. */
export const topicsFileSchema = z.object({
  topics: z.array(
    z.object({
      name: z.string().regex(/^[A-Za-z0-9._-]{1,249}$/),
      partitions: z.int().positive(),
      replicationFactor: z.int().positive(),
      /** On a cluster of one broker, which cannot hold more. */
      localReplicationFactor: z.int().positive(),
      /** As Kafka spells settings and values. */
      config: z.record(z.string(), z.string()).default({}),
    }),
  ),
});

export type TopicDeclaration = z.infer<typeof topicsFileSchema>['topics'][number];

/** A topic as the brokers have it. */
export interface TopicFacts {
  readonly partitions: number;
  /** The smallest of its partitions. */
  readonly replicationFactor: number;
  readonly config: Readonly<Record<string, string>>;
}

/** What is not as declared, each in words: `partitions is 3, not 12`. */
export function topicDifferences(
  declared: Pick<TopicDeclaration, 'partitions' | 'replicationFactor' | 'config'>,
  facts: TopicFacts,
): readonly string[] {
  const wanted = {
    partitions: String(declared.partitions),
    'replication factor': String(declared.replicationFactor),
    ...declared.config,
  };
  const found: Readonly<Record<string, string>> = {
    ...facts.config,
    partitions: String(facts.partitions),
    'replication factor': String(facts.replicationFactor),
  };
  return Object.entries(wanted).flatMap(([name, value]) =>
    found[name] === value ? [] : [`${name} is ${found[name] ?? 'unknown'}, not ${value}`],
  );
}
