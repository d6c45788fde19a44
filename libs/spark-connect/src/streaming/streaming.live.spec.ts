import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { count } from '../functions/aggregates';
import { col, expr } from '../functions/core';
import { window } from '../functions/datetime';
import type { SparkSession } from '../session/spark-session';
import { liveSession, sharedFolder } from '../testing/live-session';
import type { StreamingQueryProgress } from './progress';
import type { StreamingQuery } from './streaming-query';

jest.setTimeout(180_000);

let spark: SparkSession;
let folder: Awaited<ReturnType<typeof sharedFolder>>;

beforeAll(async () => {
  folder = await sharedFolder();
  spark = liveSession().config('spark.sql.shuffle.partitions', 2).build();
});

afterAll(async () => {
  // Ends the streams of this session too.
  await spark.release();
  await spark.close();
  await folder.remove();
});

const rate = () => spark.readStream.format('rate').option('rowsPerSecond', 50).load();

async function progressWithRows(query: StreamingQuery): Promise<StreamingQueryProgress> {
  for (;;) {
    const progress = await query.lastProgress();
    if (progress !== undefined && progress.numInputRows > 0) return progress;
    const failure = await query.exception();
    if (failure !== undefined) throw failure;
    await delay(100);
  }
}

describe('a streaming query', () => {
  it('reports, is found, stops, and goes on from its checkpoint under the same id', async () => {
    const [path, checkpointLocation] = [join(folder.path, 'rate'), join(folder.path, 'rate-checkpoint')];
    const start = () =>
      rate()
        .writeStream.format('delta')
        .queryName('rate')
        .option('checkpointLocation', checkpointLocation)
        .trigger({ processingTime: '200 milliseconds' })
        .start(path);

    const query = await start();
    expect(query.name).toBe('rate');
    const progress = await progressWithRows(query);
    expect(progress).toMatchObject({ id: query.id, runId: query.runId, name: 'rate' });
    expect(progress.sources).toHaveLength(1);
    expect(progress.sources[0]?.endOffset).toEqual(expect.any(Number));
    expect(progress.durationMs['triggerExecution']).toBeGreaterThan(0);
    expect(progress.sink.numOutputRows).toBeUndefined();
    await expect(query.status()).resolves.toMatchObject({ isActive: true });
    await expect(spark.streams.get(query.id)).resolves.toMatchObject({ runId: query.runId, name: 'rate' });
    await expect(spark.streams.active()).resolves.toHaveLength(1);
    await expect(query.explain()).resolves.toContain('Physical Plan');

    await query.stop();
    await expect(query.awaitTermination({ timeoutMs: 10_000 })).resolves.toBe(true);
    await expect(query.exception()).resolves.toBeUndefined();
    await expect(spark.streams.get(query.id)).resolves.toBeUndefined();

    const again = await start();
    expect(again.id).toBe(query.id);
    expect(again.runId).not.toBe(query.runId);
    await progressWithRows(again);
    await again.stop();
    const stored = spark.read.format('delta').load(path);
    const [row] = await stored.agg(count('*').as('n'), expr('count(DISTINCT value)').as('d')).collect();
    expect(row?.['n']).toBe(row?.['d']);
  });

  it('processes what is there and ends by itself', async () => {
    const source = join(folder.path, 'source');
    await spark.range(1_000).write.format('delta').save(source);
    const query = await spark.readStream
      .format('delta')
      .load(source)
      .groupBy(col('id').mod(10).as('k'))
      .agg(count('*').as('n'))
      .writeStream.format('memory')
      .queryName('counts')
      .outputMode('complete')
      .option('checkpointLocation', join(folder.path, 'counts-checkpoint'))
      .trigger({ availableNow: true })
      .start();
    await expect(query.awaitTermination({ timeoutMs: 60_000, pollMs: 100 })).resolves.toBe(true);
    const counts = await spark.table('counts').orderBy('k').collect();
    expect(counts).toEqual(Array.from({ length: 10 }, (_, k) => ({ k: BigInt(k), n: 100n })));
    const reports = await query.recentProgress();
    expect(reports.reduce((rows, report) => rows + report.numInputRows, 0)).toBe(1_000);
    expect(reports[0]?.stateOperators[0]).toMatchObject({ operatorName: 'stateStoreSave', numRowsTotal: 10 });
  });

  it('keeps windows behind a watermark', async () => {
    const query = await rate()
      .withWatermark('timestamp', '1 second')
      .groupBy(window('timestamp', '1 second'))
      .count()
      .writeStream.format('memory')
      .queryName('windows')
      .outputMode('update')
      .option('checkpointLocation', join(folder.path, 'windows-checkpoint'))
      .start();
    const progress = await progressWithRows(query);
    expect(progress.eventTime['watermark']).toMatch(/Z$/);
    await query.stop();
  });

  it('says why it failed', async () => {
    const query = await rate()
      .select(expr("raise_error('no good')").as('x'))
      .writeStream.format('memory')
      .queryName('failing')
      .option('checkpointLocation', join(folder.path, 'failing-checkpoint'))
      .start();
    await expect(query.awaitTermination({ timeoutMs: 60_000, pollMs: 100 })).rejects.toMatchObject({
      code: 'STREAMING_QUERY',
      message: expect.stringContaining('no good') as string,
    });
    await expect(query.status()).resolves.toMatchObject({ isActive: false });
  });
});
