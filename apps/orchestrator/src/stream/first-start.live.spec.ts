import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireEndpoints } from '@millrace/testing';
import { SparkSession } from 'spark-connect-js';
import { firstStart, withoutHistory } from './first-start';

jest.setTimeout(120_000);

let spark: SparkSession;
let folder: string;

beforeAll(async () => {
  spark = SparkSession.builder().remote(requireEndpoints().sparkConnect).build();
  folder = await mkdtemp(join(tmpdir(), 'millrace-first-version-'));
});

afterAll(async () => {
  await spark.stop();
  await rm(folder, { recursive: true, force: true });
});

const append = (path: string, from: number, to: number): Promise<void> =>
  spark.range(from, to).write.format('delta').mode('append').save(path);

/** The ids that a stream from the version on reads of the table as it is now. */
async function readFrom(path: string, version: number): Promise<unknown[]> {
  const target = join(folder, `copy-${version}`);
  const query = await spark.readStream
    .format('delta')
    .option('startingVersion', String(version))
    .load(path)
    .writeStream.format('delta')
    .option('checkpointLocation', join(folder, `checkpoint-${version}`))
    .trigger({ availableNow: true })
    .start(target);
  await query.awaitTermination();
  const rows = await spark.read.format('delta').load(target).orderBy('id').collect();
  return rows.map((row) => row['id']);
}

const NOW = new Date('2026-03-01T12:00:00.123Z');

describe('the first start of a query', () => {
  it('leaves out what was stored before its first start, and stays the same at later ones', async () => {
    const path = join(folder, 'events');
    await append(path, 0, 3);
    const start = await firstStart(spark, path, 'windows', NOW);
    expect(start.time).toEqual(NOW);
    await append(path, 3, 5);
    expect(await firstStart(spark, path, 'windows', new Date())).toEqual(start);
    expect(await readFrom(path, start.version)).toEqual([3n, 4n]);
  });

  it('is its own for each query', async () => {
    const path = join(folder, 'two-queries');
    await append(path, 0, 1);
    const { version } = await firstStart(spark, path, 'windows', NOW);
    await append(path, 1, 2);
    expect((await firstStart(spark, path, 'revenue', NOW)).version).toBeGreaterThan(version);
  });

  it('is refused where there is no table', async () => {
    await expect(firstStart(spark, join(folder, 'nowhere'), 'windows', NOW)).rejects.toThrow();
  });

  it('leaves out history that is added later, but nothing that was on its way', async () => {
    const stored = ['2026-02-28T23:59:59Z', '2026-03-01T11:30:00Z', '2026-03-01T12:00:01Z', 'never'];
    const rows = await spark.sql(
      `SELECT stored, try_cast(stored AS TIMESTAMP) AS processing_timestamp
        FROM (SELECT explode(array(${stored.map((time) => `'${time}'`).join(', ')})) AS stored)`,
    );
    const kept = (time: Date | undefined) => withoutHistory(rows, { version: 1, time }).collect();
    expect((await kept(NOW)).map(({ stored: time }) => time)).toEqual(stored.slice(1));
    expect(await kept(undefined)).toHaveLength(4);
  });
});
