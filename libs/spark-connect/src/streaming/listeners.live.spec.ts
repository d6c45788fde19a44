import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { count } from '../functions/aggregates';
import { window } from '../functions/time-windows';
import type { SparkSession } from '../session/spark-session';
import { stopAll } from '../testing/live-queries';
import { liveSession, sharedFolder } from '../testing/live-session';
import { RecordingListener } from '../testing/recording-listener';
import type { QueryProgressEvent } from './listener-events';
import type { StreamingQueryProgress } from './progress';
import type { StreamingQuery } from './streaming-query';

jest.setTimeout(120_000);

let sessionId: string;
let spark: SparkSession;
let folder: Awaited<ReturnType<typeof sharedFolder>>;

beforeEach(async () => {
  folder = await sharedFolder();
  sessionId = randomUUID();
  spark = liveSession(sessionId).config('spark.sql.shuffle.partitions', 1).build();
});

afterEach(async () => {
  await stopAll(spark);
  await spark.release();
  await spark.close();
  await folder.remove();
});

const checkpointLocation = () => join(folder.path, randomUUID());

/** A few short micro-batches, with state and observed metrics, then the end. */
async function fewBatches(session: SparkSession): Promise<StreamingQuery> {
  const source = join(folder.path, randomUUID());
  for (let file = 0; file < 3; file += 1) {
    const rows = session.range(4).selectExpr('current_timestamp() AS time', 'id').repartition(1);
    await rows.write.format('parquet').mode('append').save(source);
  }
  return session.readStream
    .format('parquet')
    .schema('time TIMESTAMP, id BIGINT')
    .option('maxFilesPerTrigger', 1)
    .load(source)
    .observe('seen', count('*').as('rows'))
    .withWatermark('time', '1 minute')
    .groupBy(window('time', '1 minute'))
    .count()
    .writeStream.format('noop')
    .queryName('few')
    .outputMode('update')
    .option('checkpointLocation', checkpointLocation())
    .trigger({ availableNow: true })
    .start();
}

const ended = (listener: RecordingListener) => () =>
  listener.heard.some((event) => event.startsWith('terminated'));

describe('listeners of a live session', () => {
  it('hear of the start, each micro-batch and the end of a query, once and in order', async () => {
    const [one, two] = [new RecordingListener(), new RecordingListener()];
    const reports: StreamingQueryProgress[] = [];
    await spark.streams.addListener(one);
    await spark.streams.addListener(two);
    await spark.streams.addListener({
      onQueryProgress: ({ progress }: QueryProgressEvent) => reports.push(progress),
    });
    const query = await fewBatches(spark);
    expect(one.heard[0]).toBe(`started ${query.runId} few`);
    await Promise.all([one.until(ended(one)), two.until(ended(two))]);

    const recent = await query.recentProgress();
    expect(recent.length).toBeGreaterThanOrEqual(3);
    // The events carry the other of the two shapes of a report.
    expect(reports).toEqual(recent);
    expect(recent[0]?.observedMetrics).toEqual({ seen: { rows: 4 } });
    const expected = [
      `started ${query.runId} few`,
      ...recent.map(
        (report) => `progress ${query.runId} ${String(report.batchId)} ${String(report.numInputRows)}`,
      ),
      `terminated ${query.runId} `,
    ];
    expect(one).toMatchObject({ heard: expected, failures: [] });
    expect(two).toMatchObject({ heard: expected, failures: [] });
  });

  it('hear nothing after they were removed, and again after they were added', async () => {
    const [leaving, staying] = [new RecordingListener(), new RecordingListener()];
    await spark.streams.addListener(leaving);
    await spark.streams.addListener(staying);
    await spark.streams.removeListener(leaving);
    await fewBatches(spark);
    await staying.until(ended(staying));
    expect(leaving.heard).toEqual([]);
    await spark.streams.removeListener(staying);
    expect(spark.streams.listListeners()).toEqual([]);
    await spark.streams.addListener(leaving);
    await fewBatches(spark);
    await leaving.until(ended(leaving));
    expect(leaving.failures).toEqual([]);
  });

  it('hear of idleness and of the class of a failure', async () => {
    await spark.conf.set('spark.sql.streaming.noDataProgressEventInterval', '300ms');
    const listener = new RecordingListener();
    await spark.streams.addListener(listener);
    const empty = join(folder.path, 'empty');
    await mkdir(empty);
    const idle = await spark.readStream
      .format('text')
      .load(empty)
      .writeStream.format('noop')
      .option('checkpointLocation', checkpointLocation())
      .trigger({ processingTime: '100 milliseconds' })
      .start();
    await listener.until(() => listener.heard.includes(`idle ${idle.runId}`));
    const failing = await spark.readStream
      .format('rate')
      .load()
      .selectExpr("raise_error('no good') AS x")
      .writeStream.format('noop')
      .option('checkpointLocation', checkpointLocation())
      .start();
    await listener.until(ended(listener));
    expect(listener.heard).toContain(`terminated ${failing.runId} USER_RAISED_EXCEPTION`);
  });

  it('work in a new session object under the same id, which takes the stream from the old one', async () => {
    const [before, after] = [new RecordingListener(), new RecordingListener()];
    await spark.streams.addListener(before);
    const restarted = liveSession(sessionId).serverSideSessionId(spark.serverSideSessionId).build();
    try {
      await restarted.streams.addListener(after);
      await before.until(() => before.failures.length === 1);
      expect(before.failures).toMatchObject([{ where: 'bus', error: { code: 'PROTOCOL' } }]);
      const query = await fewBatches(restarted);
      await after.until(ended(after));
      expect(after.heard[0]).toBe(`started ${query.runId} few`);
      expect(after.failures).toEqual([]);
      expect(before.heard).toEqual([]);
    } finally {
      await restarted.close();
    }
  });

  it('leave no connection open when their session is closed', async () => {
    const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    const before = sockets();
    const other = liveSession().build();
    await other.streams.addListener(new RecordingListener());
    expect(sockets()).toBeGreaterThan(before);
    await other.close();
    // A socket is gone some turns of the loop after its close.
    while (sockets() > before) await delay(10);
  });
});
