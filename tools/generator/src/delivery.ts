import { setTimeout as pause } from 'node:timers/promises';
import { NO_KAFKA_SECURITY, kafkajsSecurity } from '@millrace/domain';
import type { KafkaSecurity } from '@millrace/domain';
import { CompressionTypes, Kafka, logLevel } from 'kafkajs';
import type { ICustomPartitioner, Message, Producer } from 'kafkajs';
import { KafkaUnavailable, describe, remedyOf } from './kafka-failure';
import { asciiKeyPartitioner } from './partition';
import { newestKeys } from './newest-keys';
import { ensureTopic } from './topic';
import type { TopicState } from './topic';

export interface DeliveryOptions {
  readonly brokers: readonly string[];
  /** None where it is absent. */
  readonly security?: KafkaSecurity;
  readonly topic: string;
  readonly compression: 'none' | 'gzip';
  /** Takes one line for people: the broker is away, it is back. */
  readonly say: (line: string) => void;
  /** How long to wait for a first answer of Kafka. Default one minute. */
  readonly connectTimeoutMs?: number;
  /** Ends the waiting for that first answer. */
  readonly stop?: AbortSignal;
  /** How the brokers know this program by. Default `millrace-generator`. */
  readonly clientId?: string;
  /** Default: Kafka's own choice for keys of ASCII, which every message must then have. */
  readonly partitioner?: ICustomPartitioner;
}

/** The way to one topic. */
export interface Delivery {
  /** Most events to hand to one `send`. */
  readonly maxEventsPerSend: number;
  /** Whether messages may be stored twice. */
  readonly mayHaveDoubled: boolean;
  /**
   * Resolves when Kafka has acknowledged them all.
   * @param giveUp ends the attempts; the messages may then be stored or not.
   */
  send(messages: Message[], giveUp?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Events per record batch that stay below the broker's default limit of 1 MiB, at about 800 bytes each. */
const EVENTS_PER_PARTITION = 1000;
/** Keys are hashed: leave room for a partition that gets more than its share. */
const FILL = 0.7;
/** More would not be faster: kafkajs needs time that grows with the square of the messages of a partition. */
const MAX_EVENTS_PER_SEND = 1500;
const RETRY_PAUSE_MS = 1000;
const SAY_AGAIN_MS = 10_000;

/**
 * Sends to one topic and counts what Kafka acknowledged. The producer is idempotent and has one request in flight, so a
 * batch that is sent again, because the broker went away before it answered, is stored once.
 */
export class KafkaDelivery implements Delivery {
  private acknowledgedCount = 0;
  private needsNewProducer = false;
  private hasRenewedProducer = false;

  private constructor(
    private readonly kafka: Kafka,
    private readonly options: DeliveryOptions,
    private producer: Producer,
    /** Most events to hand to one `send`. */
    readonly maxEventsPerSend: number,
    private readonly topicBefore: TopicState,
  ) {}

  /** Connects; makes the topic if it is missing. @throws KafkaUnavailable */
  static async open(options: DeliveryOptions): Promise<KafkaDelivery> {
    const kafka = kafkaOf(options);
    const topicBefore = await ensureTopic(kafka, options);
    const partitions = topicBefore.ends.length;
    const producer = await connectProducer(kafka, options);
    const room = partitions === 1 ? EVENTS_PER_PARTITION : EVENTS_PER_PARTITION * FILL * partitions;
    const maxEventsPerSend = Math.min(MAX_EVENTS_PER_SEND, Math.floor(room));
    return new KafkaDelivery(kafka, options, producer, maxEventsPerSend, topicBefore);
  }

  /** What the topic held when this was opened. */
  get before(): TopicState {
    return this.topicBefore;
  }

  /** Keys of the newest record that each partition held when this was opened. @throws KafkaUnavailable */
  newestKeysBefore(): Promise<ReadonlyMap<number, string>> {
    return newestKeys(this.kafka, this.options.topic, this.topicBefore.ends);
  }

  /** Events that Kafka has acknowledged so far. */
  get acknowledged(): number {
    return this.acknowledgedCount;
  }

  /** Whether messages may be stored twice: a new producer had to repeat what the broker may have taken from the old one. */
  get mayHaveDoubled(): boolean {
    return this.hasRenewedProducer;
  }

  /**
   * Sends the messages, again and again while the broker is away.
   * @param giveUp ends the attempts; the messages may then be stored or not.
   * @throws KafkaUnavailable where repeating cannot help, or after `giveUp`.
   */
  async send(messages: Message[], giveUp?: AbortSignal): Promise<void> {
    let awaySinceMs: number | undefined;
    let saidMs = 0;
    for (;;) {
      try {
        await this.attempt(messages, giveUp);
        this.acknowledgedCount += messages.length;
        if (awaySinceMs !== undefined) this.options.say(`Kafka is back after ${secondsSince(awaySinceMs)} s`);
        return;
      } catch (error) {
        awaySinceMs ??= Date.now();
        await this.recover(error, messages.length, giveUp);
        if (Date.now() - saidMs >= SAY_AGAIN_MS) {
          this.options.say(`Kafka does not take events (${describe(error)}); trying again, nothing is lost`);
          saidMs = Date.now();
        }
      }
    }
  }

  async close(): Promise<void> {
    await this.producer.disconnect();
  }

  private async attempt(messages: Message[], giveUp: AbortSignal | undefined): Promise<void> {
    if (this.needsNewProducer) {
      await this.producer.disconnect();
      this.producer = await connectProducer(this.kafka, this.options);
      this.needsNewProducer = false;
    }
    const sent = this.producer.send({
      topic: this.options.topic,
      acks: -1,
      compression: this.options.compression === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None,
      messages,
    });
    await (giveUp === undefined ? sent : unlessAborted(sent, giveUp));
  }

  private async recover(error: unknown, count: number, giveUp: AbortSignal | undefined): Promise<void> {
    const { brokers, topic, say } = this.options;
    if (giveUp?.aborted === true) {
      throw new KafkaUnavailable(
        `Kafka did not acknowledge the last ${count} events in time; they may be stored or not`,
        { cause: error },
      );
    }
    const remedy = remedyOf(error);
    if (remedy === 'give-up') {
      throw new KafkaUnavailable(
        `Kafka at ${brokers.join(',')} refused the events for topic ${topic}: ${describe(error)}`,
        { cause: error },
      );
    }
    if (remedy === 'renew-producer') {
      say(`Kafka has forgotten this producer (${describe(error)}); starting a new one`);
      this.needsNewProducer = true;
      this.hasRenewedProducer = true;
    }
    // A broker that answers but refuses for a while must not be hammered.
    await pause(RETRY_PAUSE_MS, undefined, { ...(giveUp && { signal: giveUp }) }).catch(() => undefined);
  }
}

export function kafkaOf({ brokers, security, clientId = 'millrace-generator' }: DeliveryOptions): Kafka {
  return new Kafka({
    clientId,
    brokers: [...brokers],
    ...kafkajsSecurity(security ?? NO_KAFKA_SECURITY),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 3000,
    requestTimeout: 15_000,
    retry: { initialRetryTime: 200, maxRetryTime: 1000, retries: 3 },
  });
}

async function connectProducer(
  kafka: Kafka,
  { partitioner = asciiKeyPartitioner }: DeliveryOptions,
): Promise<Producer> {
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: partitioner,
    retry: { initialRetryTime: 200, maxRetryTime: 1000, retries: 3 },
  });
  await producer.connect();
  return producer;
}

const secondsSince = (startMs: number): string => ((Date.now() - startMs) / 1000).toFixed(1);

/** Settles as `work` does, or rejects when the signal fires first. Leaves no listener behind. */
export async function unlessAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const settled = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const fail = (): void => {
      reject(new Error('Kafka did not answer in time'));
    };
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true, signal: settled.signal });
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    settled.abort();
  }
}
