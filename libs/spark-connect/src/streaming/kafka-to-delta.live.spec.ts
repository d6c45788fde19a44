import { join } from 'node:path';
import { count, count_distinct } from '../functions/aggregates';
import { col, expr } from '../functions/core';
import type { SparkSession } from '../session/spark-session';
import { kafkaTopic, type KafkaTopic } from '../testing/kafka-topic';
import { progressWithRows, stopAll } from '../testing/live-queries';
import { liveSession, sharedFolder } from '../testing/live-session';
import type { Trigger } from './data-stream-writer';
import type { StreamingQuery } from './streaming-query';

jest.setTimeout(180_000);

const AVAILABLE_NOW: Trigger = { availableNow: true };

let spark: SparkSession;
let folder: Awaited<ReturnType<typeof sharedFolder>>;
let topic: KafkaTopic;

beforeEach(async () => {
  folder = await sharedFolder();
  topic = await kafkaTopic(2);
  spark = liveSession().config('spark.sql.shuffle.partitions', 1).build();
});

afterEach(async () => {
  await stopAll(spark);
  await spark.release();
  await spark.close();
  await topic.remove();
  await folder.remove();
});

/** Events with the ids from `first` to before `end`. */
function produce(first: number, end: number): Promise<void> {
  const id = col('id').cast('string');
  return spark
    .range(first, end)
    .select(id.as('key'), id.as('value'))
    .write.format('kafka')
    .options({ 'kafka.bootstrap.servers': topic.bootstrapServers, topic: topic.name })
    .save();
}

function start(trigger: Trigger, maxOffsetsPerTrigger: number): Promise<StreamingQuery> {
  return spark.readStream
    .format('kafka')
    .options({
      'kafka.bootstrap.servers': topic.bootstrapServers,
      subscribe: topic.name,
      startingOffsets: 'earliest',
      maxOffsetsPerTrigger,
    })
    .load()
    .select(expr('CAST(value AS STRING)').as('id'))
    .writeStream.format('delta')
    .option('checkpointLocation', join(folder.path, 'checkpoint'))
    .trigger(trigger)
    .start(join(folder.path, 'table'));
}

async function stored(): Promise<unknown> {
  const table = spark.read.format('delta').load(join(folder.path, 'table'));
  const [row] = await table.agg(count('*').as('rows'), count_distinct('id').as('ids')).collect();
  return row;
}

const end = { timeoutMs: 90_000, pollMs: 100 };

describe('Kafka to Delta', () => {
  it('goes on where the last run ended, and has every row once', async () => {
    await produce(0, 100);
    const first = await start(AVAILABLE_NOW, 60);
    await expect(first.awaitTermination(end)).resolves.toBe(true);
    const reports = await first.recentProgress();
    expect(reports.map(({ batchId }) => batchId)).toEqual([0, 1]);
    expect(reports.reduce((rows, { numInputRows }) => rows + numInputRows, 0)).toBe(100);
    const [source] = reports[1]?.sources ?? [];
    const reached = source?.endOffset as Record<string, Record<string, number>>;
    const perPartition = Object.values(reached[topic.name] ?? {});
    expect(perPartition.reduce((sum, offset) => sum + offset, 0)).toBe(100);
    expect(source?.metrics['maxOffsetsBehindLatest']).toBe('0');

    await produce(100, 150);
    const second = await start(AVAILABLE_NOW, 1_000);
    await expect(second.awaitTermination(end)).resolves.toBe(true);
    expect(second.id).toBe(first.id);
    expect((await second.recentProgress())[0]).toMatchObject({
      batchId: 2,
      numInputRows: 50,
      sources: [{ startOffset: reached }],
    });
    await expect(stored()).resolves.toEqual({ rows: 150n, ids: 150n });
  });

  it('has every row once after a stop in the middle of a batch', async () => {
    await produce(0, 100);
    const first = await start({ processingTime: '0 seconds' }, 4);
    await progressWithRows(first);
    await untilBusy(first);
    await first.stop({ deadlineMs: 30_000 });
    await expect(first.awaitTermination(end)).resolves.toBe(true);
    await expect(spark.streams.active()).resolves.toEqual([]);

    const second = await start(AVAILABLE_NOW, 1_000);
    await expect(second.awaitTermination(end)).resolves.toBe(true);
    await expect(stored()).resolves.toEqual({ rows: 100n, ids: 100n });
  });
});

async function untilBusy(query: StreamingQuery): Promise<void> {
  while (!(await query.status()).isTriggerActive) {
    if (!(await query.isActive())) throw new Error('the query ended before it was stopped');
  }
}
