import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireEndpoints } from '@millrace/testing';
import { SparkSession } from 'spark-connect-js';
import { firstVersion } from './first-version';

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

describe('the first version that a query reads', () => {
  it('leaves out what was stored before its first start, and stays the same at later ones', async () => {
    const path = join(folder, 'events');
    await append(path, 0, 3);
    const version = await firstVersion(spark, path, 'windows');
    await append(path, 3, 5);
    expect(await firstVersion(spark, path, 'windows')).toBe(version);
    expect(await readFrom(path, version)).toEqual([3n, 4n]);
  });

  it('is its own for each query', async () => {
    const path = join(folder, 'two-queries');
    await append(path, 0, 1);
    const first = await firstVersion(spark, path, 'windows');
    await append(path, 1, 2);
    expect(await firstVersion(spark, path, 'revenue')).toBeGreaterThan(first);
  });

  it('is refused where there is no table', async () => {
    await expect(firstVersion(spark, join(folder, 'nowhere'), 'windows')).rejects.toThrow();
  });
});
