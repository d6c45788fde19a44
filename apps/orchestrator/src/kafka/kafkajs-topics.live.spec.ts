import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { requireEndpoints } from '@millrace/testing';
import { Kafka, Partitioners, logLevel } from 'kafkajs';
import { until } from '../until.fixture';
import { KafkajsTopics } from './kafkajs-topics';

jest.setTimeout(60_000);

const { kafka: bootstrapServers } = requireEndpoints();
const kafka = new Kafka({ brokers: [bootstrapServers], logLevel: logLevel.NOTHING });
const admin = kafka.admin();
const topic = `offsets-spec-${randomUUID()}`;
const topics = new KafkajsTopics(bootstrapServers);

beforeAll(async () => {
  await admin.connect();
  await admin.createTopics({
    topics: [{ topic, numPartitions: 3, replicationFactor: 1 }],
    waitForLeaders: true,
  });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const messages = Array.from({ length: 10 }, (_, i) => ({ value: String(i), partition: 1 }));
  await producer.send({ topic, messages });
  await producer.disconnect();
});

afterAll(async () => {
  await topics.close();
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
});

describe('a topic that is made', () => {
  const made = `made-spec-${randomUUID()}`;
  const declared = {
    name: made,
    partitions: 5,
    replicationFactor: 1,
    localReplicationFactor: 1,
    config: { 'cleanup.policy': 'delete', 'retention.ms': '604800000', 'max.message.bytes': '1048576' },
  };
  const settings = Object.keys(declared.config);

  afterAll(() => admin.deleteTopics({ topics: [made] }));

  it('is as it was declared, and is made once', async () => {
    await expect(topics.factsOf(made, settings)).resolves.toBeUndefined();
    expect(await Promise.all([topics.create(declared), topics.create(declared)])).toContain(true);
    await expect(topics.create(declared)).resolves.toBe(false);
    const facts = await topics.factsOf(made, settings);
    expect(facts).toEqual({ partitions: 5, replicationFactor: 1, config: declared.config });
  });

  it('cannot have more replicas than there are brokers, and the broker says so', async () => {
    const refusal = topics.create({ ...declared, name: `${made}-3`, replicationFactor: 3 });
    await expect(refusal).rejects.toThrow(/^Kafka at .* refuses: .*[Rr]eplication.?factor/);
    await expect(topics.factsOf(`${made}-3`, settings)).resolves.toBeUndefined();
  });
});

describe('offsets of a topic', () => {
  it('are the first and the end of each partition, in order', async () => {
    await expect(topics.offsetsOf(topic)).resolves.toEqual([
      { partition: 0, first: 0, end: 0 },
      { partition: 1, first: 0, end: 10 },
      { partition: 2, first: 0, end: 0 },
    ]);
  });

  it('begin where the topic was cut', async () => {
    // kafkajs deletes only from topics whose leaders it has looked up before.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 1, offset: '4' }] });
    const offsets = await topics.offsetsOf(topic);
    expect(offsets?.[1]).toEqual({ partition: 1, first: 4, end: 10 });
  });

  it.each([`missing-${randomUUID()}`, 'not a topic/name'])(
    'are unknown for %s, which is not made',
    async (name) => {
      await expect(topics.offsetsOf(name)).resolves.toBeUndefined();
      await expect(admin.listTopics()).resolves.not.toContain(name);
    },
  );

  it('include partitions that the topic was given a moment ago', async () => {
    await topics.offsetsOf(topic);
    await admin.createPartitions({ topicPartitions: [{ topic, count: 4 }] });
    // The controller has answered, and the broker is told after that.
    await until(async () => (await topics.offsetsOf(topic))?.length === 4);
    const offsets = await topics.offsetsOf(topic);
    expect(offsets?.map(({ partition }) => partition)).toEqual([0, 1, 2, 3]);
  });

  it('are still told for one topic when another has been deleted', async () => {
    const passing = `offsets-spec-${randomUUID()}`;
    await admin.createTopics({ topics: [{ topic: passing, numPartitions: 1 }], waitForLeaders: true });
    await expect(topics.offsetsOf(passing)).resolves.toHaveLength(1);
    await admin.deleteTopics({ topics: [passing] });
    await until(async () => (await topics.offsetsOf(passing)) === undefined);
    await expect(topics.offsetsOf(topic)).resolves.toHaveLength(4);
  });

  it('are refused in one sentence while no broker answers, and told after that', async () => {
    const away = new KafkajsTopics('127.0.0.1:1');
    const refusal = away.offsetsOf(topic);
    await expect(refusal).rejects.toThrow(
      /^Kafka does not answer at 127\.0\.0\.1:1 \(.+\): try again when it does$/,
    );
    await expect(refusal).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await away.close();
    // As a broker that was stopped with SIGSTOP: connections are taken, nothing is answered.
    const frozen = createServer().listen(0, '127.0.0.1');
    await once(frozen, 'listening');
    const waiting = new KafkajsTopics(`127.0.0.1:${(frozen.address() as AddressInfo).port}`);
    const askedAt = Date.now();
    await expect(waiting.offsetsOf(topic)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(Date.now() - askedAt).toBeLessThan(10_000);
    await waiting.close();
    frozen.close();
  });
});
