import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { count } from '../functions/aggregates';
import type { SparkSession } from '../session/spark-session';
import { progressWithRows, stopAll } from '../testing/live-queries';
import { liveSession, sharedFolder } from '../testing/live-session';
import type { Trigger } from './data-stream-writer';

jest.setTimeout(120_000);

let spark: SparkSession;
let folder: Awaited<ReturnType<typeof sharedFolder>>;

beforeAll(async () => {
  folder = await sharedFolder();
  spark = liveSession().config('spark.sql.shuffle.partitions', 1).build();
});

afterEach(() => stopAll(spark));

afterAll(async () => {
  await spark.release();
  await spark.close();
  await folder.remove();
});

const rate = () => spark.readStream.format('rate').options({ rowsPerSecond: 20, numPartitions: 1 }).load();
const checkpointLocation = () => join(folder.path, randomUUID());

describe('a query', () => {
  it.each<[string, Trigger | undefined]>([
    ['without a trigger', undefined],
    ['by processing time', { processingTime: '200 milliseconds' }],
  ])('%s makes batch after batch until it is stopped', async (_name, trigger) => {
    const writer = rate().writeStream.format('noop').option('checkpointLocation', checkpointLocation());
    const query = await (trigger === undefined ? writer : writer.trigger(trigger)).start();
    await progressWithRows(query);
    await expect(query.isActive()).resolves.toBe(true);
    await query.stop();
    const batchIds = (await query.recentProgress()).map(({ batchId }) => batchId);
    expect(batchIds).toEqual(batchIds.map((_id, at) => at));
    expect(batchIds.length).toBeGreaterThan(0);
  });

  it('with a continuous trigger has epochs and runs until it is stopped', async () => {
    const query = await rate()
      .writeStream.format('noop')
      .option('checkpointLocation', checkpointLocation())
      .trigger({ continuous: '500 milliseconds' })
      .start();
    await expect(query.awaitTermination({ timeoutMs: 1_000, pollMs: 100 })).resolves.toBe(false);
    // Before its first epoch is planned there is nothing to explain.
    const givesUpAt = performance.now() + 60_000;
    let plan = await query.explain();
    while (!plan.includes('WriteToContinuousDataSource') && performance.now() < givesUpAt) {
      await delay(100);
      plan = await query.explain();
    }
    expect(plan).toContain('WriteToContinuousDataSource');
    await query.stop();
    await expect(query.awaitTermination()).resolves.toBe(true);
  });

  it.each<[string, Trigger, number]>([
    ['with all that is available now', { availableNow: true }, 3],
    ['with all at once', { once: true }, 1],
  ])('%s ends by itself', async (name, trigger, batches) => {
    const source = join(folder.path, `source ${name}`);
    for (let file = 0; file < 3; file += 1)
      await spark.range(10).repartition(1).write.format('parquet').mode('append').save(source);
    const view = `ends_${randomUUID().replaceAll('-', '')}`;
    const query = await spark.readStream
      .format('parquet')
      .schema('id BIGINT')
      .option('maxFilesPerTrigger', 1)
      .load(source)
      .writeStream.format('memory')
      .queryName(view)
      .option('checkpointLocation', checkpointLocation())
      .trigger(trigger)
      .start();
    await expect(query.awaitTermination({ timeoutMs: 60_000, pollMs: 100 })).resolves.toBe(true);
    const reports = (await query.recentProgress()).filter(({ numInputRows }) => numInputRows > 0);
    expect(reports).toHaveLength(batches);
    await expect(spark.table(view).collect()).resolves.toHaveLength(30);
  });

  it('into a table makes the table', async () => {
    const table = `stream_${randomUUID().replaceAll('-', '')}`;
    const source = join(folder.path, 'source of a table');
    await spark.range(10).write.format('delta').save(source);
    try {
      const query = await spark.readStream
        .format('delta')
        .load(source)
        .writeStream.format('parquet')
        .option('path', join(folder.path, table))
        .option('checkpointLocation', checkpointLocation())
        .trigger({ availableNow: true })
        .toTable(table);
      await expect(query.awaitTermination({ timeoutMs: 60_000, pollMs: 100 })).resolves.toBe(true);
      const [row] = await spark.table(table).agg(count('*').as('n')).collect();
      expect(row?.['n']).toBe(10n);
    } finally {
      await spark.sql(`DROP TABLE IF EXISTS ${table}`);
    }
  });

  it('does not take the tags of its session, so that an interrupt by tag leaves it alone', async () => {
    const tag = `tag-${randomUUID()}`;
    spark.addTag(tag);
    try {
      const query = await rate()
        .writeStream.format('noop')
        .option('checkpointLocation', checkpointLocation())
        .start();
      await query.status();
      await spark.interruptTag(tag);
      await progressWithRows(query);
      await expect(query.isActive()).resolves.toBe(true);
    } finally {
      spark.removeTag(tag);
    }
  });
});
