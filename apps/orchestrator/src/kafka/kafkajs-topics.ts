import { NO_KAFKA_SECURITY, ServiceUnavailable, kafkajsSecurity } from '@millrace/domain';
import type { KafkaSecurity, TopicDeclaration, TopicFacts } from '@millrace/domain';
import { ConfigResourceTypes, Kafka, KafkaJSSASLAuthenticationError, logLevel } from 'kafkajs';
import type { Admin } from 'kafkajs';
import type { KafkaTopics, PartitionOffsets, TopicAdmin } from './kafka-topics';

/** A client waits for the answer: better a quick refusal than a long wait. */
const CONNECT_TIMEOUT_MS = 2_000;
const REQUEST_TIMEOUT_MS = 2_500;
const RETRY = { retries: 1, initialRetryTime: 200, maxRetryTime: 500 };

const NO_SUCH_TOPIC: readonly unknown[] = ['UNKNOWN_TOPIC_OR_PARTITION', 'INVALID_TOPIC_EXCEPTION'];

/**
 * Asks the brokers. It connects with the first question and keeps the connection; after any failure the next question makes a new one,
 * since a client that has once seen a topic asks for it again with each metadata request, even when it is gone.
 */
export class KafkajsTopics implements KafkaTopics, TopicAdmin {
  private readonly kafka: Kafka;
  private connected: Promise<Admin> | undefined;

  /** @param bootstrapServers host:port, several with commas */
  constructor(
    private readonly bootstrapServers: string,
    security: KafkaSecurity = NO_KAFKA_SECURITY,
  ) {
    this.kafka = new Kafka({
      clientId: 'millrace-orchestrator',
      brokers: bootstrapServers.split(',').map((server) => server.trim()),
      ...kafkajsSecurity(security),
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      retry: RETRY,
      // What goes wrong is in the answer.
      logLevel: logLevel.NOTHING,
    });
  }

  offsetsOf(topic: string): Promise<readonly PartitionOffsets[] | undefined> {
    return this.answerOf((admin) => offsetsOf(admin, topic));
  }

  factsOf(topic: string, settings: readonly string[]): Promise<TopicFacts | undefined> {
    return this.answerOf((admin) => factsOf(admin, topic, settings));
  }

  async create({ name, partitions, replicationFactor, config }: TopicDeclaration): Promise<boolean> {
    const topic = {
      topic: name,
      numPartitions: partitions,
      replicationFactor,
      configEntries: Object.entries(config).map(([setting, value]) => ({ name: setting, value })),
    };
    const isMade = await this.answerOf((admin) =>
      admin.createTopics({ topics: [topic], waitForLeaders: true }),
    );
    return isMade ?? false;
  }

  /** Undefined where there is no such topic. */
  private async answerOf<T>(question: (admin: Admin) => Promise<T>): Promise<T | undefined> {
    const isKept = this.connected !== undefined;
    try {
      return await this.ask(question).catch((error: unknown) => {
        // The brokers may have been restarted since, or the topic may have more partitions now.
        if (isKept && !isNoSuchTopic(error)) return this.ask(question);
        throw error;
      });
    } catch (error) {
      if (isNoSuchTopic(error)) return undefined;
      const { bootstrapServers } = this;
      const what = isRefusal(error)
        ? `Kafka at ${bootstrapServers} refuses: ${reasonOf(error)}`
        : `Kafka does not answer at ${bootstrapServers} (${reasonOf(error)}): try again when it does`;
      throw new ServiceUnavailable(what, { cause: error });
    }
  }

  /** Closes the connection. */
  async close(): Promise<void> {
    if (this.connected !== undefined) await this.forget(this.connected);
  }

  private async ask<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    const connection = this.admin();
    try {
      return await question(await connection);
    } catch (error) {
      await this.forget(connection);
      throw error;
    }
  }

  private admin(): Promise<Admin> {
    this.connected ??= connect(this.kafka);
    return this.connected;
  }

  private async forget(connection: Promise<Admin>): Promise<void> {
    if (this.connected === connection) this.connected = undefined;
    await connection.then((admin) => admin.disconnect()).catch(() => undefined);
  }
}

async function connect(kafka: Kafka): Promise<Admin> {
  const admin = kafka.admin();
  try {
    await admin.connect();
  } catch (error) {
    await admin.disconnect().catch(() => undefined);
    throw error;
  }
  return admin;
}

async function offsetsOf(admin: Admin, topic: string): Promise<readonly PartitionOffsets[]> {
  const [metadata] = (await admin.fetchTopicMetadata({ topics: [topic] })).topics;
  const offsets = await admin.fetchTopicOffsets(topic);
  // The client remembers partitions for minutes; the first answer is fresh.
  if (offsets.length !== metadata?.partitions.length)
    throw new Error('the partitions of the topic have changed');
  return offsets
    .map(({ partition, low, high }) => ({ partition, first: Number(low), end: Number(high) }))
    .sort((one, other) => one.partition - other.partition);
}

async function factsOf(admin: Admin, topic: string, settings: readonly string[]): Promise<TopicFacts> {
  const partitions = (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0]?.partitions ?? [];
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: [...settings] }],
  });
  const entries = resources.flatMap(({ configEntries }) => configEntries);
  return {
    partitions: partitions.length,
    replicationFactor: Math.min(...partitions.map(({ replicas }) => replicas.length)),
    config: Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue])),
  };
}

function isNoSuchTopic(error: unknown): boolean {
  const { type } = rootOf(error) as { readonly type?: unknown };
  return NO_SUCH_TOPIC.includes(type);
}

/** A broker has answered, and will say the same the next time. */
function isRefusal(error: unknown): boolean {
  const root = rootOf(error);
  if (root instanceof KafkaJSSASLAuthenticationError) return true;
  const { type, retriable } = root as { readonly type?: unknown; readonly retriable?: unknown };
  return typeof type === 'string' && retriable === false;
}

/** kafkajs wraps the error that counts, sometimes twice, and those of several topics in a list. */
function rootOf(error: unknown): object {
  let root = error;
  for (let inner: unknown = root; inner instanceof Error; inner = innerOf(inner)) root = inner;
  return typeof root === 'object' && root !== null ? root : {};
}

function innerOf(error: Error): unknown {
  const { errors } = error as { readonly errors?: unknown };
  return error.cause ?? (Array.isArray(errors) ? (errors as unknown[])[0] : undefined);
}

function reasonOf(error: unknown): string {
  const root = rootOf(error);
  return root instanceof Error ? (root.message.split('\n', 1)[0] ?? root.name) : String(error);
}
