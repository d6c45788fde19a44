import { toJson } from '@bufbuild/protobuf';
import { encodeRows } from '../arrow/arrow-encoder';
import { StorageLevels } from '../dataframe/storage-level';
import { PlanSchema } from '../generated/spark/connect/base_pb';
import type { SparkSession } from '../session/spark-session';
import { ScriptedServer } from '../testing/scripted-server';
import { sessionOf } from '../testing/scripted-session';
import { BooleanType, LongType, StringType, StructType } from '../types/data-type';
import type { Catalog } from './catalog';

let server: ScriptedServer;
let spark: SparkSession;

beforeEach(async () => {
  server = await ScriptedServer.start();
  spark = sessionOf(server);
});

afterEach(async () => {
  await spark.close();
  server.close();
});

const answer = (value?: string | boolean): void => {
  server.play((stream) => {
    const schema = new StructType().add('value', typeof value === 'boolean' ? BooleanType : StringType);
    const rows = value === undefined ? [] : [{ value }];
    const batch = { rowCount: BigInt(rows.length), data: encodeRows(rows, schema) };
    stream.send('r1', { responseType: { case: 'arrowBatch', value: batch } });
    stream.complete('r2');
  });
};

const asked = () => {
  const plan = server.requests('ExecutePlan').at(-1)?.plan;
  if (plan === undefined) throw new Error('nothing was asked');
  return toJson(PlanSchema, plan);
};

const schema = new StructType().add('id', LongType);
const schemaJson = { struct: { fields: [{ name: 'id', dataType: { long: {} }, nullable: true }] } };

it.each<[string, unknown, (catalog: Catalog) => Promise<unknown>]>([
  ['setCurrentCatalog', { catalogName: 'c' }, (catalog) => catalog.setCurrentCatalog('c')],
  ['setCurrentDatabase', { dbName: 'd' }, (catalog) => catalog.setCurrentDatabase('d')],
  ['listCatalogs', {}, (catalog) => catalog.listCatalogs()],
  ['listDatabases', { pattern: 'p*' }, (catalog) => catalog.listDatabases('p*')],
  ['listTables', { dbName: 'd', pattern: 'p*' }, (catalog) => catalog.listTables('d', 'p*')],
  ['listTables', { pattern: 'p*' }, (catalog) => catalog.listTables(undefined, 'p*')],
  ['listColumns', { tableName: 't' }, (catalog) => catalog.listColumns('t')],
  ['listFunctions', {}, (catalog) => catalog.listFunctions()],
  [
    'createTable',
    { tableName: 't', source: 'parquet', description: 'd', schema: schemaJson, options: { a: '1' } },
    (catalog) => catalog.createTable('t', { source: 'parquet', description: 'd', schema, options: { a: 1 } }),
  ],
  [
    'createExternalTable',
    { tableName: 't', path: '/p' },
    (catalog) => catalog.createExternalTable('t', { path: '/p' }),
  ],
  ['recoverPartitions', { tableName: 't' }, (catalog) => catalog.recoverPartitions('t')],
  ['cacheTable', { tableName: 't' }, (catalog) => catalog.cacheTable('t')],
  [
    'cacheTable',
    { tableName: 't', storageLevel: { useDisk: true, replication: 1 } },
    (catalog) => catalog.cacheTable('t', StorageLevels.DISK_ONLY),
  ],
  ['uncacheTable', { tableName: 't' }, (catalog) => catalog.uncacheTable('t')],
  ['clearCache', {}, (catalog) => catalog.clearCache()],
  ['refreshTable', { tableName: 't' }, (catalog) => catalog.refreshTable('t')],
  ['refreshByPath', { path: '/p' }, (catalog) => catalog.refreshByPath('/p')],
])('%s asks with %j', async (message, value, ask) => {
  answer();
  await ask(spark.catalog);
  expect(asked()).toMatchObject({ root: { catalog: { [message]: value } } });
});

it.each<[string, (catalog: Catalog) => Promise<boolean>]>([
  ['databaseExists', (catalog) => catalog.databaseExists('x')],
  ['tableExists', (catalog) => catalog.tableExists('x')],
  ['functionExists', (catalog) => catalog.functionExists('x')],
  ['dropTempView', (catalog) => catalog.dropTempView('x')],
  ['dropGlobalTempView', (catalog) => catalog.dropGlobalTempView('x')],
  ['isCached', (catalog) => catalog.isCached('x')],
])('%s is answered by yes or no', async (message, ask) => {
  answer(true);
  await expect(ask(spark.catalog)).resolves.toBe(true);
  expect(asked()).toMatchObject({ root: { catalog: { [message]: {} } } });
  answer('neither');
  await expect(ask(spark.catalog)).rejects.toMatchObject({ code: 'PROTOCOL' });
});

it('the current names are texts', async () => {
  answer('spark_catalog');
  await expect(spark.catalog.currentCatalog()).resolves.toBe('spark_catalog');
  answer('default');
  await expect(spark.catalog.currentDatabase()).resolves.toBe('default');
});

it('an answer without what it must tell is an error of the protocol', async () => {
  answer();
  await expect(spark.catalog.getTable('t')).rejects.toMatchObject({ code: 'PROTOCOL' });
  answer('no table');
  await expect(spark.catalog.getTable('t')).rejects.toMatchObject({ code: 'PROTOCOL' });
});
