import { setTimeout as pause } from 'node:timers/promises';
import type { Admin, Kafka } from 'kafkajs';
import type { DeliveryOptions } from './delivery';
import { KafkaUnavailable, describe, remedyOf } from './kafka-failure';

const DEFAULT_CONNECT_TIMEOUT_MS = 60_000;
const RETRY_PAUSE_MS = 1000;

export interface TopicState {
  /** Records it holds now. */
  readonly records: number;
  /** Offset after the newest record, by partition. */
  readonly ends: readonly number[];
}

/** Makes the topic if it is missing, with the broker's own number of partitions. */
export async function ensureTopic(kafka: Kafka, options: DeliveryOptions): Promise<TopicState> {
  const admin = kafka.admin();
  await connect(admin, options);
  try {
    const existing = await admin.listTopics();
    if (!existing.includes(options.topic)) {
      await admin.createTopics({ topics: [{ topic: options.topic }], waitForLeaders: true });
      options.say(`made the topic ${options.topic}`);
    }
    const offsets = await admin.fetchTopicOffsets(options.topic);
    const records = offsets.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
    const ends = offsets.toSorted((a, b) => a.partition - b.partition).map(({ high }) => Number(high));
    return { records, ends };
  } finally {
    await admin.disconnect();
  }
}

async function connect(admin: Admin, options: DeliveryOptions): Promise<void> {
  const { brokers, say, stop, connectTimeoutMs = DEFAULT_CONNECT_TIMEOUT_MS } = options;
  const deadlineMs = Date.now() + connectTimeoutMs;
  for (let hasSaid = false; ; hasSaid = true) {
    try {
      await admin.connect();
      return;
    } catch (error) {
      if (remedyOf(error) === 'give-up' || stop?.aborted === true || Date.now() >= deadlineMs) {
        throw new KafkaUnavailable(
          `No Kafka broker answers at ${brokers.join(',')} (${describe(error)}). ` +
            'Start it, or set KAFKA_BOOTSTRAP_SERVERS to the address of one that runs.',
          { cause: error },
        );
      }
      if (!hasSaid) say(`waiting for Kafka at ${brokers.join(',')} (${describe(error)})`);
      await pause(RETRY_PAUSE_MS, undefined, { ...(stop && { signal: stop }) }).catch(() => undefined);
    }
  }
}
