import { transactionEventSchema } from '@millrace/domain';
import { requireEndpoints } from '@millrace/testing';
import { Kafka, logLevel } from 'kafkajs';
import { readGeneratorSettings } from './config';
import type { GeneratorSettings } from './config';
import { KafkaDelivery } from './delivery';
import { generate } from './generate';

const { kafka: broker } = requireEndpoints();
const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING });
const admin = kafka.admin();
const topic = `generator-spec-${process.pid}-${Date.now()}`;

const settings = (environment: Record<string, string>): GeneratorSettings =>
  readGeneratorSettings({ KAFKA_BOOTSTRAP_SERVERS: broker, KAFKA_TOPIC: topic, ...environment });

async function endOffset(): Promise<number> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return offsets.reduce((sum, { high }) => sum + Number(high), 0);
}

async function produce(environment: Record<string, string>): Promise<number> {
  const chosen = settings(environment);
  const delivery = await KafkaDelivery.open({ ...chosen, say: () => undefined });
  try {
    await generate(chosen, delivery, new AbortController().signal);
    return delivery.acknowledged;
  } finally {
    await delivery.close();
  }
}

/** The first messages of the topic. */
async function read(count: number): Promise<{ key: string; value: string }[]> {
  const consumer = kafka.consumer({ groupId: topic });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const messages: { key: string; value: string }[] = [];
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        eachMessage: ({ message }) => {
          messages.push({ key: String(message.key), value: String(message.value) });
          if (messages.length === count) resolve();
          return Promise.resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return messages;
}

beforeAll(async () => {
  await admin.connect();
});

afterAll(async () => {
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
});

describe('the generator on a real broker', () => {
  it('makes a missing topic and gets every event acknowledged that it made', async () => {
    expect(await produce({ MAX_EVENTS: '1000', EVENTS_PER_SECOND: '2000', TIME_OF_DAY: 'false' })).toBe(1000);
    expect(await endOffset()).toBe(1000);
  });

  it('stores valid events under their transaction ids', async () => {
    const messages = await read(1000);
    for (const { key, value } of messages) {
      expect(transactionEventSchema.parse(JSON.parse(value)).transaction_id).toBe(key);
    }
    expect(new Set(messages.map(({ key }) => key)).size).toBe(1000);
  });

  it('compresses, and sends bursts larger than one record batch', async () => {
    const before = await endOffset();
    const burst = await produce({ MAX_EVENTS: '12000', BURST: 'true', KAFKA_COMPRESSION: 'gzip' });
    expect((await endOffset()) - before).toBe(burst);
  });

  it('says which broker does not answer and what to do', async () => {
    const opening = KafkaDelivery.open({
      ...settings({ KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1' }),
      say: () => undefined,
      connectTimeoutMs: 1,
    });
    await expect(opening).rejects.toThrow(/127\.0\.0\.1:1 .*KAFKA_BOOTSTRAP_SERVERS/);
  });
});
