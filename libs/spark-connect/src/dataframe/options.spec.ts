import type { SparkSession } from '../session/spark-session';
import { lastCommandJson } from '../testing/plan-json';
import { ScriptedServer } from '../testing/scripted-server';
import { sessionOf } from '../testing/scripted-session';

let server: ScriptedServer;
let spark: SparkSession;

beforeAll(async () => {
  server = await ScriptedServer.start();
  spark = sessionOf(server);
});

afterAll(async () => {
  await spark.close();
  server.close();
});

beforeEach(() => {
  server.play((stream) => {
    const value = { queryId: { id: 'i', runId: 'r' } };
    stream.send('r1', { responseType: { case: 'writeStreamOperationStartResult', value } });
    stream.complete('r2');
  });
});

describe('of an option that is set several times the last value holds, however it is written', () => {
  const options = { HEADER: 1n };

  it('in a batch write', async () => {
    await spark.range(3).write.option('Header', true).option('header', false).options(options).save('/t');
    expect(lastCommandJson(server)).toMatchObject({ writeOperation: { options: { HEADER: '1' } } });
  });

  it('in a write over JDBC, where the arguments hold', async () => {
    await spark.range(3).write.jdbc('u', 't', { URL: 'overridden' });
    expect(lastCommandJson(server)).toMatchObject({
      writeOperation: { options: { url: 'u', dbtable: 't' } },
    });
  });

  it('in a write to a table, whose properties are told apart by case', async () => {
    const writer = spark.range(3).writeTo('t').option('Header', true).option('header', false);
    await writer.options(options).tableProperty('p', 1).tableProperty('P', false).create();
    expect(lastCommandJson(server)).toMatchObject({
      writeOperationV2: { options: { HEADER: '1' }, tableProperties: { p: '1', P: 'false' } },
    });
  });

  it('in a streaming write', async () => {
    const writer = spark.range(3).writeStream.option('Header', true).option('header', false);
    await writer.options(options).start('/t');
    expect(lastCommandJson(server)).toMatchObject({
      writeStreamOperationStart: { options: { HEADER: '1' } },
    });
  });

  it('in a table of the catalog', async () => {
    await spark.catalog.createTable('t', { options: { Header: true, header: false } }).catch(() => undefined);
    expect(server.requests('ExecutePlan').at(-1)?.plan?.opType).toMatchObject({
      value: { relType: { value: { catType: { value: { options: { header: 'false' } } } } } },
    });
  });
});
