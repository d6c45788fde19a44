import { col, call_function, lit } from '../functions/core';
import type { SparkSession } from '../session/spark-session';
import { lastCommandJson } from '../testing/plan-json';
import { ScriptedServer } from '../testing/scripted-server';
import { sessionOf } from '../testing/scripted-session';
import { StorageLevels } from './storage-level';

const INPUT = { range: { start: '0', end: '3', step: '1' } };
const attribute = (name: string) => ({ unresolvedAttribute: { unparsedIdentifier: name } });

let server: ScriptedServer;
let spark: SparkSession;

beforeEach(async () => {
  server = await ScriptedServer.start();
  spark = sessionOf(server);
  server.play((stream) => {
    const relation = { relationId: 'checkpoint-1' };
    stream.send('r1', { responseType: { case: 'checkpointCommandResult', value: { relation } } });
    stream.complete('r2');
  });
});

afterEach(async () => {
  await spark.close();
  server.close();
});

const rows = () => spark.range(3);

describe('a batch write', () => {
  it('to a table says buckets, order and clustering', async () => {
    await rows().write.format('parquet').bucketBy(8, 'id', 'k').sortBy('at').clusterBy('c').saveAsTable('t');
    expect(lastCommandJson(server)).toEqual({
      writeOperation: {
        input: INPUT,
        source: 'parquet',
        table: { tableName: 't', saveMethod: 'TABLE_SAVE_METHOD_SAVE_AS_TABLE' },
        mode: 'SAVE_MODE_ERROR_IF_EXISTS',
        bucketBy: { bucketColumnNames: ['id', 'k'], numBuckets: 8 },
        sortColumnNames: ['at'],
        clusteringColumns: ['c'],
      },
    });
  });

  it.each([
    [true, 'SAVE_MODE_OVERWRITE'],
    [false, 'SAVE_MODE_APPEND'],
  ])('into a table with overwrite %p has mode %s', async (overwrite, mode) => {
    await rows().write.insertInto('t', { overwrite });
    expect(lastCommandJson(server)).toMatchObject({ writeOperation: { mode } });
  });

  it.each(['json', 'parquet', 'orc', 'csv', 'text', 'xml'] as const)(
    'as %s names the format',
    async (format) => {
      await rows().write.mode('ignore')[format]('/p');
      expect(lastCommandJson(server)).toEqual({
        writeOperation: { input: INPUT, source: format, path: '/p', mode: 'SAVE_MODE_IGNORE' },
      });
    },
  );

  it('over JDBC has the connection in its options', async () => {
    await rows().write.mode('append').jdbc('jdbc:h2:mem:x', 'db.t', { user: 'u' });
    expect(lastCommandJson(server)).toEqual({
      writeOperation: {
        input: INPUT,
        source: 'jdbc',
        mode: 'SAVE_MODE_APPEND',
        options: { url: 'jdbc:h2:mem:x', dbtable: 'db.t', user: 'u' },
      },
    });
  });
});

describe('writeTo', () => {
  const write = () => rows().writeTo('c.db.t');

  it('says what the table is', async () => {
    await write()
      .using('delta')
      .options({ mergeSchema: true })
      .tableProperty('delta.appendOnly', true)
      .partitionedBy('day', call_function('years', 'at'))
      .clusterBy('k')
      .create();
    expect(lastCommandJson(server)).toMatchObject({
      writeOperationV2: {
        input: INPUT,
        tableName: 'c.db.t',
        provider: 'delta',
        mode: 'MODE_CREATE',
        options: { mergeSchema: 'true' },
        tableProperties: { 'delta.appendOnly': 'true' },
        partitioningColumns: [attribute('day'), {}],
        clusteringColumns: ['k'],
      },
    });
  });

  it.each([
    ['MODE_REPLACE', () => write().replace()],
    ['MODE_CREATE_OR_REPLACE', () => write().createOrReplace()],
    ['MODE_APPEND', () => write().append()],
    ['MODE_OVERWRITE_PARTITIONS', () => write().overwritePartitions()],
  ])('has mode %s', async (mode, run) => {
    await run();
    expect(lastCommandJson(server)).toEqual({
      writeOperationV2: { input: INPUT, tableName: 'c.db.t', mode },
    });
  });

  it('overwrites by a condition', async () => {
    await write().overwrite(col('open'));
    expect(lastCommandJson(server)).toMatchObject({
      writeOperationV2: { mode: 'MODE_OVERWRITE', overwriteCondition: attribute('open') },
    });
  });
});

describe('mergeInto', () => {
  it('says every clause in the order it was added', async () => {
    await rows()
      .mergeInto('t', col('same'))
      .whenMatched(col('gone'))
      .delete()
      .whenMatched()
      .update({ 'a.b': lit('x'), c: 'y' })
      .whenMatched()
      .updateAll()
      .whenNotMatched()
      .insert({ id: col('id') })
      .whenNotMatched()
      .insertAll()
      .whenNotMatchedBySource(col('old'))
      .delete()
      .whenNotMatchedBySource()
      .update({ open: false })
      .withSchemaEvolution()
      .merge();
    const action = (actionType: string, rest: object = {}) => ({
      mergeAction: { actionType: `ACTION_TYPE_${actionType}`, ...rest },
    });
    const assignment = (key: string, value: object) => ({
      key: { expressionString: { expression: key } },
      value,
    });
    expect(lastCommandJson(server)).toEqual({
      mergeIntoTableCommand: {
        targetTableName: 't',
        sourceTablePlan: INPUT,
        mergeCondition: attribute('same'),
        matchActions: [
          action('DELETE', { condition: attribute('gone') }),
          action('UPDATE', {
            assignments: [
              assignment('a.b', { literal: { string: 'x' } }),
              assignment('c', { literal: { string: 'y' } }),
            ],
          }),
          action('UPDATE_STAR'),
        ],
        notMatchedActions: [
          action('INSERT', { assignments: [assignment('id', attribute('id'))] }),
          action('INSERT_STAR'),
        ],
        notMatchedBySourceActions: [
          action('DELETE', { condition: attribute('old') }),
          action('UPDATE', { assignments: [assignment('open', { literal: { boolean: false } })] }),
        ],
        withSchemaEvolution: true,
      },
    });
  });
});

describe('a checkpoint', () => {
  it('is a DataFrame of what the server keeps, and is released by it', async () => {
    const kept = await rows().checkpoint();
    expect(lastCommandJson(server)).toEqual({ checkpointCommand: { relation: INPUT, eager: true } });
    expect(kept.relation.relType).toMatchObject({
      case: 'cachedRemoteRelation',
      value: { relationId: 'checkpoint-1' },
    });
    server.play((stream) => {
      stream.complete('r1');
    });
    await kept.releaseCheckpoint();
    expect(lastCommandJson(server)).toEqual({
      removeCachedRemoteRelationCommand: { relation: { relationId: 'checkpoint-1' } },
    });
  });

  it('that is local says where, and when it is computed', async () => {
    await rows().localCheckpoint(false, StorageLevels.MEMORY_ONLY_2);
    expect(lastCommandJson(server)).toEqual({
      checkpointCommand: {
        relation: INPUT,
        local: true,
        storageLevel: { useMemory: true, deserialized: true, replication: 2 },
      },
    });
  });
});

describe('a temporary view', () => {
  it.each([
    [{}, () => rows().createTempView('v')],
    [{ replace: true }, () => rows().createOrReplaceTempView('v')],
    [{ isGlobal: true }, () => rows().createGlobalTempView('v')],
    [{ isGlobal: true, replace: true }, () => rows().createOrReplaceGlobalTempView('v')],
  ])('is made with %j', async (how, make) => {
    await make();
    expect(lastCommandJson(server)).toEqual({ createDataframeView: { input: INPUT, name: 'v', ...how } });
  });
});

describe('a statement', () => {
  it('refers to DataFrames by name, beside its values', async () => {
    await expect(
      spark.sql('SELECT * FROM sales WHERE id IN (SELECT explode(:ids))', { sales: rows(), ids: [1n] }),
    ).rejects.toMatchObject({ code: 'PROTOCOL' });
    const id = { literal: { long: '1' } };
    expect(lastCommandJson(server)).toMatchObject({
      sqlCommand: {
        input: {
          withRelations: {
            root: {
              sql: {
                namedArguments: { ids: { unresolvedFunction: { functionName: 'array', arguments: [id] } } },
              },
            },
            references: [{ subqueryAlias: { input: INPUT, alias: 'sales' } }],
          },
        },
      },
    });
  });
});
