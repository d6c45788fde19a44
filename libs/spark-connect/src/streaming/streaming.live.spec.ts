import { join } from 'node:path';
import { count } from '../functions/aggregates';
import { col, expr } from '../functions/core';
import { window } from '../functions/time-windows';
import type { SparkSession } from '../session/spark-session';
import { progressOnce, progressWithRows, stopAll } from '../testing/live-queries';
import { liveSession, sharedFolder } from '../testing/live-session';

jest.setTimeout(180_000);

let spark: SparkSession;
let folder: Awaited<ReturnType<typeof sharedFolder>>;

beforeAll(async () => {
  folder = await sharedFolder();
  spark = liveSession().config('spark.sql.shuffle.partitions', 2).build();
});

afterEach(() => stopAll(spark));

afterAll(async () => {
  // Ends the streams of this session too.
  await spark.release();
  await spark.close();
  await folder.remove();
});

const rate = () => spark.readStream.format('rate').option('rowsPerSecond', 50).load();

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
    await expect(spark.streams.getByName('rate')).resolves.toMatchObject({ id: query.id });
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
    const removing = await progressOnce(
      query,
      ({ stateOperators: [state] }) => (state?.numRowsRemoved ?? 0) > 0,
    );
    expect(Date.parse(removing.eventTime['watermark'] ?? '')).toBeGreaterThan(Date.now() - 3_600_000);
    await query.stop();
    const [seen] = await spark.table('windows').agg(expr('count(DISTINCT window)').as('windows')).collect();
    expect(seen?.['windows']).toBeGreaterThan(1n);
  });

  it('says why it failed, with the cause', async () => {
    await spark.streams.resetTerminated();
    const query = await rate()
      .select(expr("raise_error('no good')").as('x'))
      .writeStream.format('noop')
      .option('checkpointLocation', join(folder.path, 'failing-checkpoint'))
      .start();
    const failure = {
      code: 'STREAMING_QUERY',
      errorClass: 'STREAM_FAILED',
      message: expect.stringContaining('no good') as string,
      cause: { errorClass: 'USER_RAISED_EXCEPTION', sqlState: 'P0001' },
    };
    const limits = { timeoutMs: 60_000, pollMs: 100 };
    await expect(query.awaitTermination(limits)).rejects.toMatchObject(failure);
    await expect(query.exception()).resolves.toMatchObject(failure);
    await expect(query.isActive()).resolves.toBe(false);
    await expect(spark.streams.awaitAnyTermination(limits)).rejects.toMatchObject({
      code: 'STREAMING_QUERY',
      errorClass: 'STREAM_FAILED',
      cause: { errorClass: 'USER_RAISED_EXCEPTION' },
    });
    // Where the same client looks at the run by its ids alone, it finds the same.
    await expect(spark.streams.attach(query.id, query.runId).exception()).resolves.toMatchObject(failure);
  });

  it('is noticed among all when it ends, until that is reset', async () => {
    await spark.streams.resetTerminated();
    await expect(spark.streams.awaitAnyTermination({ timeoutMs: 0 })).resolves.toBe(false);
    const query = await rate()
      .writeStream.format('noop')
      .option('checkpointLocation', join(folder.path, 'ending-checkpoint'))
      .start();
    const anyEnd = spark.streams.awaitAnyTermination({ timeoutMs: 60_000, pollMs: 100 });
    await query.processAllAvailable({ deadlineMs: 60_000 });
    await query.stop();
    await expect(anyEnd).resolves.toBe(true);
    await expect(spark.streams.awaitAnyTermination()).resolves.toBe(true);
    await spark.streams.resetTerminated();
    await expect(spark.streams.awaitAnyTermination({ timeoutMs: 0 })).resolves.toBe(false);
  });
});
