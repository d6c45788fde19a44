import { requireEndpoints } from '@millrace/testing';
import { Kafka, logLevel } from 'kafkajs';
import type { DeliveryOptions } from './delivery';
import { partitionOf } from './partition';
import { PipedDelivery } from './piped-delivery';

const { kafka: broker } = requireEndpoints();
const admin = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING }).admin();
const topic = `piped-spec-${process.pid}-${Date.now()}`;
const PARTITIONS = 3;

const options = (brokers = [broker]): DeliveryOptions => ({
  ...{ brokers, topic, compression: 'none' },
  say: () => undefined,
});

const messagesOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ key: `key-${index}`, value: `{"number":${index}}` }));

async function ends(): Promise<number[]> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return offsets.toSorted((a, b) => a.partition - b.partition).map(({ high }) => Number(high));
}

beforeAll(async () => {
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }], waitForLeaders: true });
});

afterAll(async () => {
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
});

describe("Kafka's own producer in a process", () => {
  it('stores every message in the partition of its key', async () => {
    const messages = messagesOf(20_000);
    const keysOf = (partition: number) =>
      messages.filter(({ key }) => partitionOf(key, PARTITIONS) === partition);
    const expected = Array.from({ length: PARTITIONS }, (_, partition) => keysOf(partition).length);

    const delivery = PipedDelivery.start(options());
    await delivery.send(messages.slice(0, 12_000));
    await delivery.send(messages.slice(12_000));
    expect(await ends()).toEqual(expected);
    await delivery.close();
    expect(await ends()).toEqual(expected);
  });

  it('says why Kafka refuses a message, and takes no more', async () => {
    const delivery = PipedDelivery.start(options());
    const tooLarge = { key: 'a', value: 'x'.repeat(2_000_000) };
    const refusal = new RegExp(`${broker} refused the events: .*larger than`);
    await expect(delivery.send([tooLarge])).rejects.toThrow(refusal);
    await expect(delivery.send(messagesOf(1))).rejects.toThrow(refusal);
    await delivery.close();
  });

  it('says that its process has gone', async () => {
    const delivery = PipedDelivery.start(options(['127.0.0.1:1']));
    const sending = delivery.send(messagesOf(1));
    process.kill(delivery.pid ?? 0, 'SIGKILL');
    await expect(sending).rejects.toThrow('The process that sends the events to Kafka at 127.0.0.1:1 ended');
    await delivery.close();
  });

  it('waits for a broker that is away until it is told to give up', async () => {
    const delivery = PipedDelivery.start(options(['127.0.0.1:1']));
    const giveUp = new AbortController();
    const sending = delivery.send(messagesOf(7), giveUp.signal);
    giveUp.abort();
    await expect(sending).rejects.toThrow('did not acknowledge the last 7 events in time');
    await delivery.close();
  });
});
