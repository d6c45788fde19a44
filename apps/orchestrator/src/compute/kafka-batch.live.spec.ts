import { randomUUID } from 'node:crypto';
import { requireEndpoints } from '@millrace/testing';
import { Logger } from '@nestjs/common';
import { Kafka, logLevel } from 'kafkajs';
import { expr } from 'spark-connect-js/functions';
import { failureSentence } from '../batch/failure-sentence';
import { ComputeFixture, aRun, someTransactions } from './compute.fixture';

const topic = `compute-spec-${randomUUID()}`;
const rejectedTopic = `${topic}-rejected`;
const { kafka: bootstrapServers } = requireEndpoints();
const admin = new Kafka({ brokers: [bootstrapServers], logLevel: logLevel.NOTHING }).admin();
const EVENTS = 40;
let fixture: ComputeFixture;

beforeAll(async () => {
  await admin.connect();
  await admin.createTopics({
    topics: [
      { topic, numPartitions: 2, replicationFactor: 1 },
      { topic: rejectedTopic, numPartitions: 1, replicationFactor: 1 },
    ],
    waitForLeaders: true,
  });
  fixture = await ComputeFixture.open();
  await someTransactions(fixture.spark, EVENTS)
    .select(
      expr('to_json(struct(*))').cast('binary').alias('value'),
      expr('cast(right(transaction_id, 12) as int) % 2').alias('partition'),
    )
    .write.format('kafka')
    .option('kafka.bootstrap.servers', bootstrapServers)
    .option('topic', topic)
    .save();
}, 120_000);

afterAll(async () => {
  await admin.deleteTopics({ topics: [topic, rejectedTopic] });
  await admin.disconnect();
  await fixture.close();
});

const aKafkaBatch = (start: Record<string, number>, end: Record<string, number>) =>
  fixture.claimed({ source: 'kafka', topic, sourceOffsets: { start, end }, startDate: null, endDate: null });

describe('a batch over a topic', () => {
  it('stores exactly the events of its offsets, and an analysis of them', async () => {
    const batch = await aKafkaBatch({ 0: 5, 1: 0 }, { 0: 10, 1: 20 });
    const compute = fixture.compute();
    const run = aRun();
    const raw = await compute.computeRaw(batch, run);
    expect(raw).toMatchObject({ version: 0, rowCount: 25 });
    const analysis = await compute.computeAnalysis(batch, raw, 'revenue_by_category', run);
    expect(analysis).toMatchObject({ version: 0, rowCount: 3 });
    expect((await fixture.current(batch)).sourceVersion).toBeNull();
  }, 120_000);

  it('is an empty result where the offsets hold nothing', async () => {
    const batch = await aKafkaBatch({ 0: 20, 1: 20 }, { 0: 20, 1: 20 });
    await expect(fixture.compute().computeRaw(batch, aRun())).resolves.toEqual({
      version: 0,
      rowCount: 0,
      maxEventTimestamp: null,
    });
  }, 120_000);

  it('tells in the log how many events do not keep the contract', async () => {
    const kafka = { 'kafka.bootstrap.servers': bootstrapServers, topic: rejectedTopic };
    for (const [events, value] of [
      [4, expr("cast('{' as binary)")],
      [2, expr('to_json(struct(*))').cast('binary')],
    ] as const) {
      await someTransactions(fixture.spark, events)
        .select(value.alias('value'), expr('0').alias('partition'))
        .write.format('kafka')
        .options(kafka)
        .save();
    }
    const told: unknown[] = [];
    const warn = (...parts: unknown[]) => told.push(parts);
    Logger.overrideLogger({ log: () => undefined, error: () => undefined, warn });
    for (const [end, rowCount] of [
      [4, 0],
      [6, 2],
    ] as const) {
      const batch = await fixture.claimed({
        ...{ source: 'kafka', topic: rejectedTopic, startDate: null, endDate: null },
        sourceOffsets: { start: { 0: 0 }, end: { 0: end } },
      });
      await expect(fixture.compute().computeRaw(batch, aRun())).resolves.toMatchObject({ rowCount });
    }
    Logger.overrideLogger(false);
    expect(told).toEqual([
      [
        expect.objectContaining({ topic: rejectedTopic, received: 4, rejected: 4 }),
        expect.stringMatching(/^4 of 4 events/),
        'RunStep',
      ],
      [
        expect.objectContaining({ topic: rejectedTopic, received: 6, rejected: 4 }),
        expect.stringMatching(/^4 of 6 events/),
        'RunStep',
      ],
    ]);
  }, 120_000);

  it('is not changed by a partition that the topic was given later', async () => {
    const batch = await aKafkaBatch({ 0: 0, 1: 0 }, { 0: 20, 1: 20 });
    await admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] });
    await expect(fixture.compute().computeRaw(batch, aRun())).resolves.toMatchObject({ rowCount: EVENTS });
  }, 120_000);

  it('fails with a reason where Kafka has dropped some of the events, and stores nothing', async () => {
    // kafkajs deletes only from topics whose leaders it has looked up before.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '7' }] });
    const batch = await aKafkaBatch({ 0: 5, 1: 0 }, { 0: 10, 1: 20 });
    const failure: unknown = await fixture
      .compute()
      .computeRaw(batch, aRun())
      .catch((error: unknown) => error);
    expect(failureSentence(failure)).toMatch(/^Kafka does not have all rows of these offsets any more/);
    await expect(fixture.count(fixture.paths.raw(batch.batchId))).rejects.toThrow();
  }, 120_000);
});
