import { transactionEventSchema } from '@millrace/domain';
import { requireEndpoints } from '@millrace/testing';
import { Kafka, logLevel } from 'kafkajs';
import { readGeneratorSettings } from './config';
import type { GeneratorSettings } from './config';
import { refusalsOf } from './contract-checker.fixture';
import { KafkaDelivery } from './delivery';
import { Account, generate } from './generate';
import { Progress } from './progress';
import { Run } from './run';
import type { GeneratorManifest } from './run';
import { Sender } from './sender';

const { kafka: broker } = requireEndpoints();
const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING });
const admin = kafka.admin();
const topic = `generator-spec-${process.pid}-${Date.now()}`;

const faultyTopic = `${topic}-faulty`;
const stoppedTopic = `${topic}-stopped`;

const settings = (environment: Record<string, string>): GeneratorSettings =>
  readGeneratorSettings({ KAFKA_BOOTSTRAP_SERVERS: broker, KAFKA_TOPIC: topic, ...environment });

async function endOffset(of = topic): Promise<number> {
  const offsets = await admin.fetchTopicOffsets(of);
  return offsets.reduce((sum, { high }) => sum + Number(high), 0);
}

/** A run with an account, as the program makes it. */
function runOf(environment: Record<string, string>): Run {
  const out = { write: () => true };
  return new Run(settings(environment), new Progress({ out, name: 'generator' }));
}

const never = new AbortController().signal;

async function produce(environment: Record<string, string>): Promise<number> {
  const chosen = settings(environment);
  const delivery = await KafkaDelivery.open({ ...chosen, say: () => undefined });
  try {
    await generate(chosen, new Sender(chosen, delivery), new Account(), new AbortController().signal);
    return delivery.acknowledged;
  } finally {
    await delivery.close();
  }
}

/** The first messages of a topic, with their bytes. */
async function read(from: string, count: number): Promise<{ key: string; value: Buffer }[]> {
  const consumer = kafka.consumer({ groupId: from });
  await consumer.connect();
  await consumer.subscribe({ topic: from, fromBeginning: true });
  const messages: { key: string; value: Buffer }[] = [];
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        eachMessage: ({ message }) => {
          messages.push({ key: String(message.key), value: message.value ?? Buffer.of() });
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
  await admin.deleteTopics({ topics: [topic, faultyTopic, stoppedTopic] });
  await admin.disconnect();
});

describe('the generator on a real broker', () => {
  it('makes a missing topic and gets every event acknowledged that it made', async () => {
    expect(await produce({ MAX_EVENTS: '1000', EVENTS_PER_SECOND: '2000', TIME_OF_DAY: 'false' })).toBe(1000);
    expect(await endOffset()).toBe(1000);
  });

  it('stores valid events under their transaction ids', async () => {
    const messages = await read(topic, 1000);
    for (const { key, value } of messages) {
      expect(transactionEventSchema.parse(JSON.parse(String(value))).transaction_id).toBe(key);
    }
    expect(new Set(messages.map(({ key }) => key)).size).toBe(1000);
  });

  it('compresses, and sends bursts larger than one record batch', async () => {
    const before = await endOffset();
    const burst = await produce({ MAX_EVENTS: '12000', BURST: 'true', KAFKA_COMPRESSION: 'gzip' });
    expect((await endOffset()) - before).toBe(burst);
  });

  it('tells the truth about the faults that are in the topic', async () => {
    const run = runOf({
      KAFKA_TOPIC: faultyTopic,
      MAX_EVENTS: '10000',
      MALFORMED_RATE: '0.02',
      DUPLICATE_RATE: '0.03',
      LATE_RATE: '0.04',
      JSON_SUMMARY: 'true',
    });
    await run.produce(never, never);
    const manifest = JSON.parse(run.conclude('done')) as GeneratorManifest;
    const messages = await read(faultyTopic, 10_000);
    const valid = messages.filter(({ value }) => refusalsOf(value, Date.now()).length === 0);
    const values = new Set(valid.map(({ value }) => String(value)));
    expect(manifest).toMatchObject({
      end: 'done',
      isExact: true,
      sent: 10_000,
      unacknowledged: 0,
      distinctValid: new Set(valid.map(({ key }) => key)).size,
      duplicates: { total: valid.length - values.size },
      malformed: { total: messages.length - valid.length },
    });
    expect(values.size).toBe(manifest.distinctValid);
  });

  it('sends many at once, and gets each acknowledged', async () => {
    const before = await endOffset(faultyTopic);
    const run = runOf({ KAFKA_TOPIC: faultyTopic, MAX_EVENTS: '105000', JSON_SUMMARY: 'true' });
    await run.produce(never, never);
    const manifest = JSON.parse(run.conclude('done')) as GeneratorManifest;
    expect(manifest).toMatchObject({ isExact: true, sent: 105_000, unacknowledged: 0 });
    expect((await endOffset(faultyTopic)) - before).toBe(105_000);
  });

  it('knows after a stop what it has sent', async () => {
    const run = runOf({
      KAFKA_TOPIC: stoppedTopic,
      EVENTS_PER_SECOND: '2000',
      TIME_OF_DAY: 'false',
      JSON_SUMMARY: 'true',
    });
    const stop = new AbortController();
    const running = run.produce(stop.signal, never);
    while ((await endOffset(stoppedTopic).catch(() => 0)) === 0) await new Promise(setImmediate);
    stop.abort();
    await running;
    const manifest = JSON.parse(run.conclude('stopped')) as GeneratorManifest;
    expect(manifest).toMatchObject({ end: 'stopped', isExact: true, sent: await endOffset(stoppedTopic) });
    expect(manifest.sent).toBeGreaterThan(0);
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
