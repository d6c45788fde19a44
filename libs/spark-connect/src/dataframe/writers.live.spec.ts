import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { col, expr, lit } from '../functions/core';
import { call_function } from '../functions/core';
import type { SparkSession } from '../session/spark-session';
import { liveSession, sharedFolder } from '../testing/live-session';
import type { DataFrame } from './dataframe';

jest.setTimeout(120_000);

const database = `writers_${randomUUID().replaceAll('-', '')}`;

let spark: SparkSession;
let folder: Awaited<ReturnType<typeof sharedFolder>>;

beforeAll(async () => {
  folder = await sharedFolder();
  spark = liveSession()
    .config('spark.sql.shuffle.partitions', 1)
    .config('spark.databricks.delta.snapshotPartitions', 1)
    .build();
  await spark.sql(`CREATE DATABASE ${database} LOCATION '${join(folder.path, 'db')}'`);
  await spark.catalog.setCurrentDatabase(database);
});

afterAll(async () => {
  await spark.sql(`DROP DATABASE ${database} CASCADE`);
  await spark.stop();
  await folder.remove();
});

const people = () =>
  spark.createDataFrame([
    { id: 1, name: 'ann', year: 2025 },
    { id: 2, name: 'bob', year: 2026 },
  ]);
const rowsOf = (dataFrame: DataFrame) => dataFrame.orderBy('id').collect();
const names = async (table: string) => (await rowsOf(spark.table(table))).map(({ name }) => name);

describe('a write', () => {
  it.each(['json', 'parquet', 'orc', 'csv'] as const)('as %s is read back', async (format) => {
    const path = join(folder.path, `as-${format}`);
    await people().write.option('header', true)[format](path);
    const reader = spark.read.format(format).options({ header: true, inferSchema: true });
    const read = reader.load(path).select(col('id').cast('bigint').as('id'), 'name');
    await expect(rowsOf(read)).resolves.toEqual([
      { id: 1n, name: 'ann' },
      { id: 2n, name: 'bob' },
    ]);
  });

  it('as text and as xml is read back', async () => {
    const [text, xml] = [join(folder.path, 'as-text'), join(folder.path, 'as-xml')];
    await people().select('name').write.text(text);
    await expect(spark.read.format('text').load(text).count()).resolves.toBe(2);
    await people().write.option('rowTag', 'person').xml(xml);
    await expect(spark.read.format('xml').option('rowTag', 'person').load(xml).count()).resolves.toBe(2);
  });

  it('over data that is there is refused, ignored or replaces it, as the mode says', async () => {
    const path = join(folder.path, 'modes');
    await people().write.parquet(path);
    await expect(people().write.mode('errorifexists').parquet(path)).rejects.toMatchObject({
      errorClass: 'PATH_ALREADY_EXISTS',
    });
    await people().limit(1).write.mode('ignore').parquet(path);
    await expect(spark.read.parquet(path).count()).resolves.toBe(2);
    await people().limit(1).write.mode('overwrite').parquet(path);
    await expect(spark.read.parquet(path).count()).resolves.toBe(1);
  });

  it('partitions by columns', async () => {
    const path = join(folder.path, 'partitioned');
    await people().write.partitionBy('year').parquet(path);
    expect((await readdir(path)).filter((name) => name.startsWith('year='))).toEqual([
      'year=2025',
      'year=2026',
    ]);
  });

  it('to a bucketed table is told by the catalog', async () => {
    await people().write.format('parquet').bucketBy(2, 'id').sortBy('name').saveAsTable('bucketed');
    const columns = await spark.catalog.listColumns('bucketed');
    expect(columns.filter(({ isBucket }) => isBucket).map(({ name }) => name)).toEqual(['id']);
  });

  it('to a clustered table is told by the catalog', async () => {
    await people().write.format('parquet').clusterBy('year').saveAsTable('clustered');
    const columns = await spark.catalog.listColumns('clustered');
    expect(columns.filter(({ isCluster }) => isCluster).map(({ name }) => name)).toEqual(['year']);
  });

  it('into a table appends or overwrites', async () => {
    await people().write.format('delta').saveAsTable('inserted');
    await people().write.insertInto('inserted');
    await expect(names('inserted')).resolves.toEqual(['ann', 'ann', 'bob', 'bob']);
    await people().limit(1).write.insertInto('inserted', { overwrite: true });
    await expect(names('inserted')).resolves.toEqual(['ann']);
  });
});

describe('writeTo', () => {
  it('creates, refuses to create again, and replaces', async () => {
    const writer = () => people().writeTo('v2').using('delta').tableProperty('delta.appendOnly', false);
    await writer().partitionedBy('year').create();
    await expect(writer().create()).rejects.toMatchObject({ errorClass: 'TABLE_OR_VIEW_ALREADY_EXISTS' });
    const columns = await spark.catalog.listColumns('v2');
    expect(columns.filter(({ isPartition }) => isPartition).map(({ name }) => name)).toEqual(['year']);
    await people().select('id', 'name').writeTo('v2').using('delta').replace();
    await expect(spark.table('v2').columns()).resolves.toEqual(['id', 'name']);
    await people().limit(1).writeTo('v2').using('delta').createOrReplace();
    await expect(names('v2')).resolves.toEqual(['ann']);
  });

  it('appends, and overwrites what a condition or a partition says', async () => {
    await people().writeTo('parts').using('delta').partitionedBy('year').create();
    const carl = people().limit(1).withColumn('name', lit('carl'));
    await carl.writeTo('parts').append();
    await expect(spark.table('parts').count()).resolves.toBe(3);
    await carl.writeTo('parts').overwrite(col('year').eq(2025));
    await expect(names('parts')).resolves.toEqual(['carl', 'bob']);
    await carl.withColumn('name', lit('dora')).writeTo('parts').overwritePartitions();
    await expect(names('parts')).resolves.toEqual(['dora', 'bob']);
  });

  it('creates a clustered table', async () => {
    await people().writeTo('clustered_v2').using('parquet').clusterBy('year').create();
    const columns = await spark.catalog.listColumns('clustered_v2');
    expect(columns.filter(({ isCluster }) => isCluster).map(({ name }) => name)).toEqual(['year']);
  });

  it('hands transforms to the catalog, which says whether it can', async () => {
    const timed = people().withColumn('at', expr("timestamp'2026-01-01 00:00:00'"));
    const write = timed
      .writeTo('transformed')
      .using('delta')
      .partitionedBy(call_function('years', 'at'))
      .create();
    await expect(write).rejects.toMatchObject({ message: expect.stringMatching(/years/) as string });
  });
});

describe('mergeInto', () => {
  it('updates, deletes and inserts by conditions, in one commit', async () => {
    await people().writeTo('merged').using('delta').create();
    const changes = spark
      .createDataFrame([
        { id: 1, name: 'anna', year: 2025 },
        { id: 2, name: 'gone', year: 2026 },
        { id: 3, name: 'carl', year: 2026 },
      ])
      .alias('c');
    await changes
      .mergeInto('merged', col('merged.id').eq(col('c.id')))
      .whenMatched(col('c.name').eq('gone'))
      .delete()
      .whenMatched()
      .update({ name: col('c.name'), year: lit(1) })
      .whenNotMatched()
      .insert({ id: col('c.id'), name: col('c.name') })
      .merge();
    await expect(rowsOf(spark.table('merged'))).resolves.toEqual([
      { id: 1n, name: 'anna', year: 1n },
      { id: 3n, name: 'carl', year: null },
    ]);
    const [last] = await (await spark.sql('DESCRIBE HISTORY merged LIMIT 1')).collect();
    expect(last?.['operation']).toBe('MERGE');
  });

  it('takes whole rows, deletes what the source lacks, and adds columns where it may', async () => {
    await people().writeTo('evolved').using('delta').create();
    const source = spark.createDataFrame([
      { id: 2, name: 'bert', year: 2026, city: 'Oslo' },
      { id: 4, name: 'dora', year: 2026, city: 'Rome' },
    ]);
    await source
      .alias('s')
      .mergeInto('evolved', col('evolved.id').eq(col('s.id')))
      .withSchemaEvolution()
      .whenMatched()
      .updateAll()
      .whenNotMatched()
      .insertAll()
      .whenNotMatchedBySource()
      .delete()
      .merge();
    await expect(rowsOf(spark.table('evolved'))).resolves.toEqual(await source.collect());
  });
});
