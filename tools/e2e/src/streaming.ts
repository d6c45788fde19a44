import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import type { Message, Producer } from 'kafkajs';
import { Random, makePools, makeTransaction, transactionMix } from '@millrace/generator';
import { call, endpoints } from './stack-under-test';
import { waitUntil } from './wait-until';

export const TOPIC = 'transactions-stream';

export interface QueryView {
  readonly id: string;
  readonly runId: string;
  readonly name: string;
  readonly isActive: boolean;
  readonly state: string;
  readonly restarts: number;
  readonly lastProgress: {
    readonly batchId: number;
    readonly numInputRows: number;
    readonly sources: readonly { readonly endOffset: unknown }[];
  } | null;
  readonly recentProgress: readonly { readonly batchId: number; readonly numInputRows: number }[];
  readonly error: string | null;
  readonly counts: Readonly<Record<string, number>> | null;
}

export interface StreamView {
  readonly active: boolean;
  readonly queries: readonly QueryView[];
}

export const streamStatus = async (): Promise<StreamView> =>
  (await call<StreamView>('GET', '/stream/status')).body;

/** Starts the stream unless it runs. */
export async function ensureStreaming(): Promise<void> {
  const { status, body } = await call('POST', '/stream/start', { topic: TOPIC });
  if (status !== 200 && status !== 409) throw new Error(`The stream did not start: ${JSON.stringify(body)}`);
  await waitUntil('both queries to run', async () => {
    const stream = await streamStatus();
    return stream.queries.length === 2 && stream.queries.every((query) => query.isActive)
      ? stream
      : undefined;
  });
}

/** Stops the stream and starts it as `body` says; gives the ids of its queries. */
export async function restartStream(body: object): Promise<string[]> {
  await call('POST', '/stream/stop');
  return waitUntil('the stream to start again', async () => {
    const { status, body: answer } = await call<{ queryIds: string[] }>('POST', '/stream/start', body);
    return status === 200 ? answer.queryIds : undefined;
  });
}

/** Micro-batch that the raw query finished last. */
export async function rawBatchId(): Promise<number> {
  const { queries } = await streamStatus();
  return queries.find((query) => query.name === 'transactions')?.lastProgress?.batchId ?? -1;
}

/** For a broker that is killed meanwhile and comes back. */
const PATIENCE = { retries: 60, initialRetryTime: 200, maxRetryTime: 2_000 };

const kafkaClient = (): Kafka =>
  new Kafka({
    brokers: [endpoints.kafka],
    clientId: 'millrace-e2e',
    logLevel: logLevel.NOTHING,
    retry: PATIENCE,
  });

/** Sends events with unique ids and waits for the broker's word; gives the ids. */
export async function produce(
  count: number,
  seed: number,
  topic = TOPIC,
  furtherFields: object = {},
): Promise<string[]> {
  const random = Random.of('e2e', seed);
  const pools = makePools();
  const mix = transactionMix(pools);
  const events = Array.from({ length: count }, () => ({
    ...makeTransaction(random, pools, new Date(), mix),
    // New in every run, so that a stack that is tested twice stores each once.
    transaction_id: randomUUID(),
    ...furtherFields,
  }));
  await produceMessages(
    events.map((event) => ({ key: event.transaction_id, value: JSON.stringify(event) })),
    topic,
  );
  return events.map((event) => event.transaction_id);
}

/** Sends the messages in their order and waits for the broker's word. */
export async function produceMessages(messages: readonly Message[], topic: string): Promise<void> {
  const producer = await connectedProducer();
  try {
    for (let at = 0; at < messages.length; at += 500) {
      await producer.send({ topic, messages: messages.slice(at, at + 500), acks: -1 });
    }
  } finally {
    await producer.disconnect();
  }
}

/** KafkaJS gives up at once where the broker dies while the producer gets its id. Nothing is sent by then: another one may try. */
const connectedProducer = (): Promise<Producer> =>
  waitUntil(
    'a producer with an id',
    async () => {
      const producer = kafkaClient().producer({ idempotent: true, maxInFlightRequests: 1 });
      try {
        await producer.connect();
        return producer;
      } catch (error) {
        await producer.disconnect();
        throw error;
      }
    },
    { timeoutMs: 120_000 },
  );

/** How many messages the topic ever had. */
export async function topicEnd(topic: string): Promise<number> {
  const admin = kafkaClient().admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    return offsets.reduce((sum, { high }) => sum + Number(high), 0);
  } finally {
    await admin.disconnect();
  }
}
