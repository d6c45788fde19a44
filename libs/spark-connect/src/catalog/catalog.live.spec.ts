import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { StorageLevels } from '../dataframe/storage-level';
import type { SparkSession } from '../session/spark-session';
import { liveSession, sharedFolder } from '../testing/live-session';
import { LongType, StructType } from '../types/data-type';

jest.setTimeout(120_000);

const database = `catalog_${randomUUID().replaceAll('-', '')}`;

let spark: SparkSession;
let folder: Awaited<ReturnType<typeof sharedFolder>>;

beforeAll(async () => {
  folder = await sharedFolder();
  spark = liveSession().build();
  await spark.sql(`CREATE DATABASE ${database} COMMENT 'a comment' LOCATION '${join(folder.path, 'db')}'`);
});

afterAll(async () => {
  await spark.sql(`DROP DATABASE ${database} CASCADE`);
  await spark.stop();
  await folder.remove();
});

describe('a catalog', () => {
  it('is the built-in one, unless set otherwise', async () => {
    await expect(spark.catalog.currentCatalog()).resolves.toBe('spark_catalog');
    await spark.catalog.setCurrentCatalog('spark_catalog');
    const catalogs = await spark.catalog.listCatalogs('spark*');
    expect(catalogs).toContainEqual({ name: 'spark_catalog', description: null });
    await expect(spark.catalog.listCatalogs('no_such*')).resolves.toEqual([]);
    await expect(spark.catalog.setCurrentCatalog('no_such')).rejects.toMatchObject({
      code: expect.any(String) as string,
    });
  });
});

describe('a database', () => {
  it('is found, told and made current', async () => {
    const { catalog } = spark;
    await expect(catalog.databaseExists(database)).resolves.toBe(true);
    await expect(catalog.databaseExists('no_such')).resolves.toBe(false);
    await expect(catalog.getDatabase(database)).resolves.toEqual({
      name: database,
      catalog: 'spark_catalog',
      description: 'a comment',
      locationUri: expect.stringContaining(folder.path) as string,
    });
    await expect(catalog.getDatabase('no_such')).rejects.toMatchObject({ errorClass: 'SCHEMA_NOT_FOUND' });
    const databases = await catalog.listDatabases(`${database.slice(0, 20)}*`);
    expect(databases.map(({ name }) => name)).toEqual([database]);
    await expect(catalog.currentDatabase()).resolves.toBe('default');
    await catalog.setCurrentDatabase(database);
    await expect(catalog.currentDatabase()).resolves.toBe(database);
  });
});

describe('a table', () => {
  const events = `${database}.events`;
  const schema = new StructType().add('id', LongType, false).add('day', LongType);

  it('is created, told, listed and has columns', async () => {
    const { catalog } = spark;
    const made = await catalog.createTable(events, { source: 'parquet', schema, description: 'all events' });
    await expect(made.count()).resolves.toBe(0);
    const table = {
      name: 'events',
      catalog: 'spark_catalog',
      namespace: [database],
      description: 'all events',
      tableType: 'MANAGED',
      isTemporary: false,
    };
    await expect(catalog.getTable(events)).resolves.toEqual(table);
    await expect(catalog.tableExists(events)).resolves.toBe(true);
    await expect(catalog.tableExists(`${database}.no_such`)).resolves.toBe(false);
    await expect(catalog.getTable(`${database}.no_such`)).rejects.toMatchObject({ code: 'ANALYSIS' });
    await expect(catalog.listTables(database, 'ev*')).resolves.toEqual([table]);
    await expect(catalog.listTables(database, 'no_such*')).resolves.toEqual([]);
    const column = { name: 'id', description: null, dataType: 'bigint', isPartition: false, isBucket: false };
    expect((await catalog.listColumns(events))[0]).toMatchObject(column);
  });

  it('over data that is there finds its partitions when told to', async () => {
    const path = join(folder.path, 'external');
    await spark.range(4).selectExpr('id', 'id % 2 AS day').write.partitionBy('day').parquet(path);
    const external = `${database}.external`;
    await spark.sql(
      `CREATE TABLE ${external} (id BIGINT, day BIGINT) USING parquet OPTIONS (path '${path}') PARTITIONED BY (day)`,
    );
    await expect(spark.table(external).count()).resolves.toBe(0);
    await spark.catalog.recoverPartitions(external);
    await expect(spark.table(external).count()).resolves.toBe(4);
  });

  it('over a path is external, and sees new files after a refresh', async () => {
    const path = join(folder.path, 'refreshed');
    await spark.range(2).write.parquet(path);
    const made = await spark.catalog.createExternalTable(`${database}.refreshed`, {
      path,
      source: 'parquet',
    });
    await expect(spark.catalog.getTable(`${database}.refreshed`)).resolves.toMatchObject({
      tableType: 'EXTERNAL',
    });
    await expect(made.count()).resolves.toBe(2);
    const other = spark.newSession();
    await other.range(3).write.mode('append').parquet(path);
    await other.stop();
    await spark.catalog.refreshTable(`${database}.refreshed`);
    await spark.catalog.refreshByPath(path);
    await expect(spark.table(`${database}.refreshed`).count()).resolves.toBe(5);
  });

  it('is cached at a level until it is not', async () => {
    const { catalog } = spark;
    await spark.range(7).createTempView('cached_view');
    await expect(catalog.isCached('cached_view')).resolves.toBe(false);
    await catalog.cacheTable('cached_view', StorageLevels.MEMORY_ONLY);
    await expect(catalog.isCached('cached_view')).resolves.toBe(true);
    await expect(spark.table('cached_view').storageLevel()).resolves.toEqual(StorageLevels.MEMORY_ONLY);
    await catalog.uncacheTable('cached_view');
    await expect(catalog.isCached('cached_view')).resolves.toBe(false);
    await catalog.dropTempView('cached_view');
  });
});

describe('a function', () => {
  it('is found and told', async () => {
    const { catalog } = spark;
    await expect(catalog.functionExists('upper')).resolves.toBe(true);
    await expect(catalog.functionExists('no_such')).resolves.toBe(false);
    await expect(catalog.getFunction('upper')).resolves.toMatchObject({ name: 'upper', isTemporary: true });
    await expect(catalog.getFunction('no_such')).rejects.toMatchObject({ errorClass: 'UNRESOLVED_ROUTINE' });
    const found = await catalog.listFunctions(undefined, 'date_tr*');
    expect(found.map(({ name }) => name)).toEqual(['date_trunc']);
  });
});
