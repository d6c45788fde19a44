import { Kafka, logLevel } from 'kafkajs';
import { queryDelta } from './delta-rows';
import { call, endpoints, settled } from './stack-under-test';
import { produce } from './streaming';

jest.setTimeout(240_000);

const TOPIC = 'transactions-batch';
const ANALYSIS = 'payment_analysis';

/** End offset of each partition. */
async function endOffsets(): Promise<Record<string, number>> {
  const kafka = new Kafka({ brokers: [endpoints.kafka], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(TOPIC);
    return Object.fromEntries(offsets.map(({ partition, high }) => [String(partition), Number(high)]));
  } finally {
    await admin.disconnect();
  }
}

const submit = (body: Record<string, unknown>) =>
  call<{ batchId: string; details?: { path: string; message: string }[] }>('POST', '/batch/run', {
    analysisType: ANALYSIS,
    ...body,
  });

async function completed(body: Record<string, unknown>) {
  const answer = await submit(body);
  expect([answer.status, answer.body.details]).toEqual([202, undefined]);
  const batch = await settled(answer.body.batchId);
  expect(batch).toMatchObject({ status: 'COMPLETED', errorMessage: null });
  return batch;
}

const storedIds = async (batchId: string) =>
  (
    await queryDelta(`batches/${batchId}/raw`, 0, (rows) => `SELECT transaction_id FROM ${rows} ORDER BY 1`)
  ).map((row) => row['transaction_id']);

describe('a batch over a topic', () => {
  it("takes the seed's body: everything that is there, with the offsets it read", async () => {
    const sent = await produce(300, 71, TOPIC);
    const batch = await completed({ topic: TOPIC, startOffset: 'earliest', endOffset: 'latest' });
    expect(batch).toMatchObject({
      source: 'kafka',
      topic: TOPIC,
      startOffset: 'earliest',
      endOffset: 'latest',
      startDate: null,
      sourceOffsets: { end: await endOffsets() },
    });
    expect(await storedIds(batch.batchId)).toEqual(expect.arrayContaining([...sent].sort()));
  });

  it('takes exactly the offsets that it is given, and is not disturbed by what comes later', async () => {
    const start = await endOffsets();
    const sent = await produce(120, 72, TOPIC);
    const end = await endOffsets();
    const later = produce(120, 73, TOPIC);
    // The seeds write the map as JSON text.
    const batch = await completed({ topic: TOPIC, startOffset: JSON.stringify(start), endOffset: end });
    await later;
    expect(await storedIds(batch.batchId)).toEqual([...sent].sort());
    expect(batch.rowCount).toBe(120);
  });

  it('continues where the last one ended', async () => {
    const first = await completed({ topic: TOPIC, startOffset: 'earliest', endOffset: 'latest' });
    const sent = await produce(50, 74, TOPIC);
    const next = await completed({ topic: TOPIC, next: 'auto' });
    expect(next.sourceOffsets?.start).toEqual(first.sourceOffsets?.end);
    expect(await storedIds(next.batchId)).toEqual([...sent].sort());
  });

  it.each([
    ['a topic that is not on the list', { topic: '__consumer_offsets' }, 'topic'],
    ['a map without all partitions', { startOffset: { '0': 0 } }, 'startOffset'],
    ['an unknown partition', { startOffset: { '99': 0 } }, 'startOffset'],
    ['an end beyond the topic', { endOffset: 'beyond' }, 'endOffset'],
    ['a word that is none', { startOffset: 'soon' }, 'startOffset'],
  ])('refuses %s before anything is queued', async (_what, wrong, field) => {
    const right = { topic: TOPIC, startOffset: 'earliest', endOffset: 'latest' };
    const end = Object.fromEntries(Object.keys(await endOffsets()).map((key) => [key, 999_999_999]));
    const body = { ...right, ...wrong, ...('endOffset' in wrong ? { endOffset: end } : {}) };
    const before = (await call<{ total: number }>('GET', '/batch/list?limit=1')).body.total;
    const answer = await submit(body);
    expect(answer.status).toBe(400);
    expect(answer.body.details?.map(({ path }) => path.split('.')[0])).toContain(field);
    expect((await call<{ total: number }>('GET', '/batch/list?limit=1')).body.total).toBe(before);
  });
});
