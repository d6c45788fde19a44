import { ServiceUnavailable } from '@millrace/domain';
import { Kafka, logLevel } from 'kafkajs';
import type { Admin } from 'kafkajs';
import type { KafkaTopics, PartitionOffsets } from './kafka-topics';

/** A client waits for the answer: better a quick refusal than a long wait. */
const CONNECT_TIMEOUT_MS = 2_000;
const REQUEST_TIMEOUT_MS = 2_500;
const RETRY = { retries: 1, initialRetryTime: 200, maxRetryTime: 500 };

const NO_SUCH_TOPIC: readonly unknown[] = ['UNKNOWN_TOPIC_OR_PARTITION', 'INVALID_TOPIC_EXCEPTION'];

/**
 * Asks the brokers. It connects with the first question and keeps the connection; after any failure the next question makes a new one,
 * since a client that has once seen a topic asks for it again with each metadata request, even when it is gone.
 */
export class KafkajsTopics implements KafkaTopics {
  private readonly kafka: Kafka;
  private connected: Promise<Admin> | undefined;

  /** @param bootstrapServers host:port, several with commas */
  constructor(private readonly bootstrapServers: string) {
    this.kafka = new Kafka({
      clientId: 'millrace-orchestrator',
      brokers: bootstrapServers.split(',').map((server) => server.trim()),
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      retry: RETRY,
      // What goes wrong is in the answer.
      logLevel: logLevel.NOTHING,
    });
  }

  async offsetsOf(topic: string): Promise<readonly PartitionOffsets[] | undefined> {
    const isKept = this.connected !== undefined;
    try {
      return await this.ask(topic).catch((error: unknown) => {
        // The brokers may have been restarted since, or the topic may have more partitions now.
        if (isKept && !isNoSuchTopic(error)) return this.ask(topic);
        throw error;
      });
    } catch (error) {
      if (isNoSuchTopic(error)) return undefined;
      throw new ServiceUnavailable(
        `Kafka does not answer at ${this.bootstrapServers} (${reasonOf(error)}): try again when it does`,
        { cause: error },
      );
    }
  }

  /** Closes the connection. */
  async close(): Promise<void> {
    if (this.connected !== undefined) await this.forget(this.connected);
  }

  private async ask(topic: string): Promise<readonly PartitionOffsets[]> {
    const connection = this.admin();
    try {
      return await offsetsOf(await connection, topic);
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

function isNoSuchTopic(error: unknown): boolean {
  const { type } = rootOf(error) as { readonly type?: unknown };
  return NO_SUCH_TOPIC.includes(type);
}

/** kafkajs wraps the error that counts, sometimes twice. */
function rootOf(error: unknown): object {
  let root = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  return typeof root === 'object' && root !== null ? root : {};
}

function reasonOf(error: unknown): string {
  const root = rootOf(error);
  return root instanceof Error ? (root.message.split('\n', 1)[0] ?? root.name) : String(error);
}
