import { randomUUID } from 'node:crypto';
import type { ActionOptions } from '../execute/action-options';
import type { StreamingQuery } from '../streaming/streaming-query';
import type { SparkSession } from '../session/spark-session';
import { lastCommandJson } from '../testing/plan-json';
import { ScriptedServer } from '../testing/scripted-server';
import { sessionOf } from '../testing/scripted-session';

const INPUT = { range: { start: '0', end: '3', step: '1' } };

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

describe('a batch write', () => {
  beforeEach(() => {
    server.play((stream) => {
      stream.complete('r1');
    });
  });

  it('to a path says format, mode, partitions and options', async () => {
    const options = { txnAppId: 'batch', txnVersion: 1n };
    await spark.range(3).write.format('delta').mode('overwrite').partitionBy('d').options(options).save('/t');
    expect(lastCommandJson(server)).toEqual({
      writeOperation: {
        input: INPUT,
        source: 'delta',
        path: '/t',
        mode: 'SAVE_MODE_OVERWRITE',
        partitioningColumns: ['d'],
        options: { txnAppId: 'batch', txnVersion: '1' },
      },
    });
  });

  it('refuses existing data unless told otherwise', async () => {
    await spark.range(3).write.save();
    expect(lastCommandJson(server)).toEqual({
      writeOperation: { input: INPUT, mode: 'SAVE_MODE_ERROR_IF_EXISTS' },
    });
  });

  it('to a table', async () => {
    await spark.range(3).write.mode('append').insertInto('t');
    expect(lastCommandJson(server)).toMatchObject({
      writeOperation: { table: { tableName: 't', saveMethod: 'TABLE_SAVE_METHOD_INSERT_INTO' } },
    });
  });

  it('has a temporary view as its neighbour', async () => {
    await spark.range(3).createOrReplaceTempView('v');
    expect(lastCommandJson(server)).toEqual({
      createDataframeView: { input: INPUT, name: 'v', replace: true },
    });
  });
});

describe('a streaming write', () => {
  const started = (): void => {
    server.play((stream) => {
      const value = { queryId: { id: 'i', runId: 'r' }, name: 'q' };
      stream.send('r1', { responseType: { case: 'writeStreamOperationStartResult', value } });
      stream.complete('r2');
    });
  };

  it('says everything about the query and returns its identity', async () => {
    started();
    const query = await spark
      .range(3)
      .writeStream.format('delta')
      .queryName('q')
      .outputMode('update')
      .option('checkpointLocation', '/c')
      .partitionBy('d')
      .trigger({ processingTime: '10 seconds' })
      .start('/t');
    expect(query).toMatchObject({ id: 'i', runId: 'r', name: 'q' });
    expect(lastCommandJson(server)).toEqual({
      writeStreamOperationStart: {
        input: INPUT,
        format: 'delta',
        queryName: 'q',
        outputMode: 'update',
        options: { checkpointLocation: '/c' },
        partitioningColumnNames: ['d'],
        processingTimeInterval: '10 seconds',
        path: '/t',
      },
    });
  });

  it.each([
    [{ availableNow: true }, { availableNow: true }],
    [{ once: true }, { once: true }],
    [{ continuous: '1 second' }, { continuousCheckpointInterval: '1 second' }],
  ] as const)('with trigger %p', async (trigger, expected) => {
    started();
    await spark.range(3).writeStream.trigger(trigger).toTable('t');
    expect(lastCommandJson(server)).toEqual({
      writeStreamOperationStart: { input: INPUT, outputMode: 'append', tableName: 't', ...expected },
    });
  });

  it.each([
    { availableNow: false },
    { availableNow: true, once: true },
    { processingTime: 5 },
    { procesingTime: '1 second' },
    {},
  ])('refuses %p for a trigger', (trigger) => {
    expect(() => spark.range(3).writeStream.trigger(trigger as never)).toThrow(/one of \{ processingTime/);
  });

  it('refuses a mode that is none, and options in the place of the path', async () => {
    const { writeStream, write } = spark.range(3);
    expect(() => writeStream.outputMode('apend' as never)).toThrow(
      /one of append, update, complete, not "apend"/,
    );
    expect(() => write.mode('apend' as never)).toThrow(/one of append, overwrite, .*, not "apend"/);
    const options = { operationId: 'x' } as never;
    await expect(writeStream.start(options)).rejects.toThrow(/the path must be a string, not object/);
    await expect(writeStream.toTable(options)).rejects.toThrow(TypeError);
    await expect(write.save(options)).rejects.toThrow(TypeError);
  });

  it('refuses tags, which would stick to the query', async () => {
    const tagged: ActionOptions = { tags: ['x'] };
    await expect(spark.range(3).writeStream.start('/t', tagged)).rejects.toThrow(TypeError);
  });
});

describe('a streaming query', () => {
  const id = randomUUID();
  const runId = randomUUID();
  let query: StreamingQuery;

  beforeEach(() => {
    query = spark.streams.attach(id, runId, 'q');
  });

  const answer = (resultType: object): void => {
    server.play((stream) => {
      const value = { queryId: { id, runId }, resultType } as never;
      stream.send('r1', { responseType: { case: 'streamingQueryCommandResult', value } });
      stream.complete('r2');
    });
  };
  const command = (asked: object) => ({ streamingQueryCommand: { queryId: { id, runId }, ...asked } });

  it('tells its status by a plain, untagged execution', async () => {
    const value = { statusMessage: 'm', isDataAvailable: true, isTriggerActive: false, isActive: true };
    answer({ case: 'status', value });
    const status = { message: 'm', isDataAvailable: true, isTriggerActive: false, isActive: true };
    await expect(query.status()).resolves.toEqual(status);
    expect(lastCommandJson(server)).toEqual(command({ status: true }));
    const request = server.requests('ExecutePlan').at(-1);
    expect(request).toMatchObject({
      tags: [],
      requestOptions: [{ requestOption: { value: { reattachable: false } } }],
    });
  });

  it('has no progress before the first', async () => {
    answer({ case: 'recentProgress', value: { recentProgressJson: [] } });
    await expect(query.lastProgress()).resolves.toBeUndefined();
    expect(lastCommandJson(server)).toEqual(command({ lastProgress: true }));
  });

  it('asks for its exception with true, because false would make the server throw it', async () => {
    answer({
      case: 'exception',
      value: { exceptionMessage: 'boom', errorClass: 'STREAM_FAILED', stackTrace: 's' },
    });
    await expect(query.exception()).resolves.toMatchObject({
      code: 'STREAMING_QUERY',
      message: 'boom',
      errorClass: 'STREAM_FAILED',
      serverStack: 's',
    });
    expect(lastCommandJson(server)).toEqual(command({ exception: true }));
  });

  it('has no exception when the answer is empty', async () => {
    answer({ case: undefined });
    await expect(query.exception()).resolves.toBeUndefined();
  });

  it('stops', async () => {
    answer({ case: undefined });
    await query.stop();
    expect(lastCommandJson(server)).toEqual(command({ stop: true }));
  });

  it('is awaited by asking, and its failure is thrown', async () => {
    const status = (isActive: boolean) => ({ case: 'status', value: { statusMessage: '', isActive } });
    answer(status(true));
    answer(status(false));
    answer({ case: 'exception', value: { exceptionMessage: 'boom' } });
    await expect(query.awaitTermination({ pollMs: 1 })).rejects.toMatchObject({ code: 'STREAMING_QUERY' });
    answer(status(true));
    await expect(query.awaitTermination({ timeoutMs: 0 })).resolves.toBe(false);
  });

  it('is found among the active ones, or not at all', async () => {
    const reply = (resultType: object): void => {
      server.play((stream) => {
        const value = { resultType } as never;
        stream.send('r1', { responseType: { case: 'streamingQueryManagerCommandResult', value } });
        stream.complete('r2');
      });
    };
    reply({ case: 'active', value: { activeQueries: [{ id: { id, runId }, name: 'q' }] } });
    await expect(spark.streams.active()).resolves.toMatchObject([{ id, runId, name: 'q' }]);
    reply({ case: undefined });
    await expect(spark.streams.get(id)).resolves.toBeUndefined();
    expect(lastCommandJson(server)).toEqual({ streamingQueryManagerCommand: { getQuery: id } });
  });
});
