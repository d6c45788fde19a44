import { kafkajsSecurity } from '@millrace/domain';
import { Kafka, Partitioners, logLevel } from 'kafkajs';
import type { Producer } from 'kafkajs';
import { Unreachable } from '../registry-command/command-storage';
import type { RejectsCommandConfig } from './config';
import { EventRefused } from './event-sender';
import type { EventSender, OutgoingEvent } from './event-sender';

/** Header of a copy: topic, partition and offset of the event that was rejected. */
export const REPLAY_HEADER = 'millrace-replay-of';

const CONNECT_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;
const RETRIES = 5;

/** Through an idempotent producer: what it sends a second time for want of an answer, the broker keeps once. */
export class KafkajsSender implements EventSender {
  private readonly kafka: Kafka;
  private readonly partitions = new Map<string, number>();
  private producer: Promise<Producer> | undefined;

  constructor(private readonly settings: RejectsCommandConfig['kafka']) {
    this.kafka = new Kafka({
      clientId: 'millrace-rejects-command',
      brokers: settings.bootstrapServers.split(',').map((server) => server.trim()),
      ...kafkajsSecurity(settings.security),
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      retry: { retries: RETRIES },
      // What goes wrong is in the answer.
      logLevel: logLevel.NOTHING,
    });
  }

  async send(events: readonly OutgoingEvent[]): Promise<readonly { partition: number; offset: number }[]> {
    const [first] = events;
    if (first === undefined) return [];
    const { topic } = first;
    try {
      // A topic that was made anew may have fewer partitions.
      const partition = first.partition % (await this.partitionsOf(topic));
      const producer = await (this.producer ??= this.connect());
      const messages = events.map((event) => ({
        partition,
        key: event.key,
        value: event.value,
        headers: { [REPLAY_HEADER]: `${topic}/${event.partition}/${event.offset}` },
      }));
      const [written] = await producer.send({ topic, messages, acks: -1 });
      const base = Number(written?.baseOffset);
      return events.map((_event, index) => ({ partition, offset: base + index }));
    } catch (error) {
      throw this.explained(error, topic);
    }
  }

  async close(): Promise<void> {
    await this.producer?.then((producer) => producer.disconnect()).catch(() => undefined);
  }

  private async connect(): Promise<Producer> {
    const producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    return producer;
  }

  private async partitionsOf(topic: string): Promise<number> {
    const known = this.partitions.get(topic);
    if (known !== undefined) return known;
    const admin = this.kafka.admin();
    try {
      await admin.connect();
      if (!(await admin.listTopics()).includes(topic))
        throw new Unreachable(
          `There is no topic ${topic} any more: make it, or leave its events out (--topic)`,
        );
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      const count = topics[0]?.partitions.length ?? 1;
      this.partitions.set(topic, count);
      return count;
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }

  private explained(error: unknown, topic: string): Error {
    if (error instanceof Unreachable) return error;
    const root = rootOf(error);
    if ((root as { readonly type?: unknown }).type === 'MESSAGE_TOO_LARGE')
      return new EventRefused(`larger than the topic ${topic} takes (max.message.bytes)`);
    const { bootstrapServers } = this.settings;
    return new Unreachable(
      `Kafka at ${bootstrapServers} did not take the events (${root.message.split('\n', 1)[0] ?? root.name}): run this again when it does`,
      { cause: error },
    );
  }
}

/** kafkajs wraps the error that counts, sometimes twice. */
function rootOf(error: unknown): Error {
  let root = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  return root instanceof Error ? root : new Error(String(root));
}
