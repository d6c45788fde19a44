import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { col } from '../functions/core';
import type { SparkSession } from '../session/spark-session';
import { liveSession, sharedFolder } from '../testing/live-session';
import { StorageLevels } from './storage-level';

jest.setTimeout(120_000);

let spark: SparkSession;

beforeAll(() => {
  spark = liveSession().build();
});

afterAll(async () => {
  await spark.stop();
});

describe('rows', () => {
  it('are taken from both ends', async () => {
    const ids = spark.range(10);
    await expect(ids.head()).resolves.toEqual({ id: 0n });
    await expect(ids.head(2)).resolves.toEqual([{ id: 0n }, { id: 1n }]);
    await expect(ids.take(1)).resolves.toEqual([{ id: 0n }]);
    await expect(ids.tail(2)).resolves.toEqual([{ id: 8n }, { id: 9n }]);
    await expect(spark.range(0).first()).resolves.toBeUndefined();
    await expect(spark.range(0).isEmpty()).resolves.toBe(true);
    await expect(ids.isEmpty()).resolves.toBe(false);
  });

  it('of one batch may be more than a call can have arguments', async () => {
    await expect(spark.range(0, 500_000, 1, 1).collect()).resolves.toHaveLength(500_000);
  });

  it('are shown as a table of text', async () => {
    const table = spark.createDataFrame([{ id: 1, name: 'a name longer than twenty characters' }]);
    await expect(table.showString()).resolves.toBe(
      [
        '+---+--------------------+',
        '| id|                name|',
        '+---+--------------------+',
        '|  1|a name longer tha...|',
        '+---+--------------------+',
        '',
      ].join('\n'),
    );
    await expect(table.showString(1, 4)).resolves.toContain('|  1|a...|');
    await expect(table.showString(1, false)).resolves.toContain('a name longer than twenty characters');
    await expect(table.showString(1, true, true)).resolves.toMatch(/^-RECORD 0-+\n id {3}\| 1/);
    await expect(spark.range(3).showString(2)).resolves.toContain('only showing top 2 rows');
  });
});

describe('a plan', () => {
  it('tells its columns and types', async () => {
    const nested = spark.createDataFrame([{ id: 1, tags: ['a'], point: { x: 1.5 } }]);
    await expect(nested.columns()).resolves.toEqual(['id', 'tags', 'point']);
    await expect(nested.dtypes()).resolves.toEqual([
      ['id', 'bigint'],
      ['tags', 'array<string>'],
      ['point', 'struct<x:double>'],
    ]);
    await expect(nested.treeString()).resolves.toContain(' |-- tags: array (nullable = true)\n');
    await expect(nested.treeString(1)).resolves.not.toContain('x: double');
  });

  it.each([
    ['simple', '== Physical Plan =='],
    ['extended', '== Analyzed Logical Plan =='],
    ['codegen', 'WholeStageCodegen'],
    ['cost', 'Statistics('],
    ['formatted', '(1) Range'],
  ] as const)('is explained %s', async (mode, expected) => {
    await expect(spark.range(3).explain(mode)).resolves.toContain(expected);
  });

  it('tells whether it is local, streaming, and which files it reads', async () => {
    const folder = await sharedFolder();
    const path = join(folder.path, 'files');
    await spark.range(3).coalesce(1).write.parquet(path);
    await expect(spark.read.parquet(path).inputFiles()).resolves.toEqual([expect.stringContaining(path)]);
    await expect(spark.createDataFrame([{ id: 1 }]).isLocal()).resolves.toBe(true);
    await expect(spark.range(3).isStreaming()).resolves.toBe(false);
    await folder.remove();
  });

  it('is compared with another by what it means', async () => {
    const [one, same, other] = [0, 0, 1].map((from) => spark.range(10).filter(col('id').gt(from)));
    if (one === undefined || same === undefined || other === undefined) throw new Error('three plans');
    await expect(one.sameSemantics(same)).resolves.toBe(true);
    await expect(one.sameSemantics(other)).resolves.toBe(false);
    await expect(one.semanticHash()).resolves.toBe(await same.semanticHash());
  });

  it('is kept at a level until it is not', async () => {
    const kept = spark.range(11).withColumn('a', col('id').plus(1));
    await expect(kept.storageLevel()).resolves.toEqual(StorageLevels.NONE);
    await kept.persist(StorageLevels.DISK_ONLY);
    await expect(kept.storageLevel()).resolves.toEqual(StorageLevels.DISK_ONLY);
    await kept.unpersist(true);
    await kept.cache();
    await expect(kept.storageLevel()).resolves.toEqual(StorageLevels.MEMORY_AND_DISK);
    await kept.unpersist();
    await expect(kept.storageLevel()).resolves.toEqual(StorageLevels.NONE);
  });
});

describe('a local checkpoint', () => {
  it('cuts the plan', async () => {
    const kept = await spark.range(10).filter(col('id').gt(6)).localCheckpoint(true, StorageLevels.DISK_ONLY);
    await expect(kept.explain()).resolves.not.toContain('Filter');
    await expect(kept.collect()).resolves.toEqual([{ id: 7n }, { id: 8n }, { id: 9n }]);
    await kept.releaseCheckpoint();
  });

  it('is forgotten when it is released', async () => {
    const kept = await spark.range(10).localCheckpoint();
    await expect(kept.count()).resolves.toBe(10);
    await kept.releaseCheckpoint();
    await expect(kept.collect()).rejects.toMatchObject({
      message: expect.stringContaining('No DataFrame with id') as string,
    });
  });

  it('is the only thing to be released', async () => {
    await expect(spark.range(1).releaseCheckpoint()).rejects.toThrow(TypeError);
  });
});

describe('a checkpoint', () => {
  it('needs a folder of the server', async () => {
    await expect(spark.range(1).checkpoint()).rejects.toMatchObject({
      message: expect.stringMatching(/[cC]heckpoint dir/) as string,
    });
  });
});

describe('a temporary view', () => {
  it('is there for SQL until it is dropped, and made once unless it may be replaced', async () => {
    await spark.range(3).createTempView('three');
    await expect((await spark.sql('SELECT count(*) AS n FROM three')).collect()).resolves.toEqual([
      { n: 3n },
    ]);
    await expect(spark.range(4).createTempView('three')).rejects.toMatchObject({
      errorClass: 'TEMP_TABLE_OR_VIEW_ALREADY_EXISTS',
    });
    await spark.range(4).createOrReplaceTempView('three');
    await expect(spark.table('three').count()).resolves.toBe(4);
    await expect(spark.catalog.dropTempView('three')).resolves.toBe(true);
    await expect(spark.catalog.dropTempView('three')).resolves.toBe(false);
  });

  it('that is global is seen by other sessions', async () => {
    const name = `global_${randomUUID().replaceAll('-', '')}`;
    await spark.range(3).createGlobalTempView(name);
    await expect(spark.range(4).createGlobalTempView(name)).rejects.toMatchObject({ code: 'ANALYSIS' });
    await spark.range(5).createOrReplaceGlobalTempView(name);
    const other = spark.newSession();
    await expect(other.table(`global_temp.${name}`).count()).resolves.toBe(5);
    await other.stop();
    await expect(spark.catalog.dropGlobalTempView(name)).resolves.toBe(true);
  });
});
