import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { Random, makePools, makeTransaction, transactionMix } from '@millrace/generator';
import { call, endpoints } from './stack-under-test';
import { waitUntil } from './wait-until';

export const TOPIC = 'transactions-stream';

export interface QueryView {
  readonly id: string;
  readonly runId: string;
  readonly name: string;
  readonly isActive: boolean;
  readonly lastProgress: { readonly batchId: number; readonly numInputRows: number } | null;
  readonly recentProgress: readonly { readonly batchId: number; readonly numInputRows: number }[];
  readonly error: string | null;
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

/** Micro-batch that the raw query finished last. */
export async function rawBatchId(): Promise<number> {
  const { queries } = await streamStatus();
  return queries.find((query) => query.name === 'transactions')?.lastProgress?.batchId ?? -1;
}

/** Sends events with unique ids and waits for the broker's word; gives the ids. */
export async function produce(count: number, seed: number, topic = TOPIC): Promise<string[]> {
  const kafka = new Kafka({
    brokers: [endpoints.kafka],
    clientId: 'millrace-e2e',
    logLevel: logLevel.NOTHING,
  });
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  try {
    const random = Random.of('e2e', seed);
    const pools = makePools();
    const mix = transactionMix(pools);
    const events = Array.from({ length: count }, () => ({
      ...makeTransaction(random, pools, new Date(), mix),
      // New in every run, so that a stack that is tested twice stores each once.
      transaction_id: randomUUID(),
    }));
    for (let at = 0; at < events.length; at += 500) {
      const messages = events
        .slice(at, at + 500)
        .map((event) => ({ key: event.transaction_id, value: JSON.stringify(event) }));
      await producer.send({ topic, messages, acks: -1 });
    }
    return events.map((event) => event.transaction_id);
  } finally {
    await producer.disconnect();
  }
}
