import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import type { ActionOptions } from '../execute/action-options';
import type { SparkSession } from '../session/spark-session';
import { lastCommandJson } from '../testing/plan-json';
import { ScriptedServer, type StreamScript } from '../testing/scripted-server';
import { FAST_RETRIES, sessionOf } from '../testing/scripted-session';
import type { StreamingQuery } from './streaming-query';

const id = randomUUID();
const runId = randomUUID();

let server: ScriptedServer;
let spark: SparkSession;
let query: StreamingQuery;

beforeEach(async () => {
  server = await ScriptedServer.start();
  spark = sessionOf(server);
  query = spark.streams.attach(id, runId, 'q');
});

afterEach(async () => {
  await spark.close();
  server.close();
});

const answer =
  (resultType: object): StreamScript =>
  (stream) => {
    const value = { queryId: { id, runId }, resultType } as never;
    stream.send('r1', { responseType: { case: 'streamingQueryCommandResult', value } });
    stream.complete('r2');
  };
const active = (isActive: boolean): StreamScript =>
  answer({ case: 'status', value: { statusMessage: '', isActive } });
const managerAnswer =
  (resultType: object): StreamScript =>
  (stream) => {
    const value = { resultType } as never;
    stream.send('r1', { responseType: { case: 'streamingQueryManagerCommandResult', value } });
    stream.complete('r2');
  };
const anyEnded = (terminated: boolean): StreamScript =>
  managerAnswer({ case: 'awaitAnyTermination', value: { terminated } });
/** Never answers; ends when the client hangs up. */
const silence: StreamScript = (stream) => stream.canceled();
const asked = (count: number) => server.until(() => server.requests('ExecutePlan').length >= count);

describe('a query as its handle tells', () => {
  it('is active or not', async () => {
    server.play(active(true), active(false));
    await expect(query.isActive()).resolves.toBe(true);
    await expect(query.isActive()).resolves.toBe(false);
  });

  it('gives its reports oldest first', async () => {
    const report = (batchId: number) => JSON.stringify({ id, runId, timestamp: 't', batchId });
    server.play(
      answer({ case: 'recentProgress', value: { recentProgressJson: [report(0), report(1), report(2)] } }),
    );
    const batchIds = (await query.recentProgress()).map(({ batchId }) => batchId);
    expect(batchIds).toEqual([0, 1, 2]);
  });

  it('tells a report that is no JSON as a violation of the protocol', async () => {
    server.play(answer({ case: 'recentProgress', value: { recentProgressJson: ['{"id":'] } }));
    await expect(query.lastProgress()).rejects.toMatchObject({ code: 'PROTOCOL' });
  });

  it('tells the cause of its failure', async () => {
    const stackTrace =
      'a.B: m\n\tat a.b(C:1)\nCaused by: d.E: [DIVIDE_BY_ZERO] no SQLSTATE: 22012\n\tat d.e(F:1)\n';
    const value = { exceptionMessage: 'm', errorClass: 'STREAM_FAILED', stackTrace };
    server.play(answer({ case: 'exception', value }));
    await expect(query.exception()).resolves.toMatchObject({
      code: 'STREAMING_QUERY',
      errorClass: 'STREAM_FAILED',
      cause: { errorClass: 'DIVIDE_BY_ZERO', sqlState: '22012', exceptionClasses: ['d.E'] },
    });
  });
});

describe('waiting for the end of a query', () => {
  it('ends with the query', async () => {
    server.play(active(true), active(false), answer({ case: undefined }));
    await expect(query.awaitTermination({ pollMs: 1 })).resolves.toBe(true);
  });

  it('says false when the time is up, whatever the pause between two questions', async () => {
    server.play(active(true), active(true));
    await expect(query.awaitTermination({ timeoutMs: 20, pollMs: 60_000 })).resolves.toBe(false);
  });

  it('is aborted during a pause', async () => {
    server.play(active(true));
    const abort = new AbortController();
    const waiting = query.awaitTermination({ pollMs: 60_000, signal: abort.signal });
    await asked(1);
    setImmediate(() => {
      abort.abort();
    });
    await expect(waiting).rejects.toMatchObject({ code: 'OPERATION_CANCELED' });
  });

  it('is aborted during a question', async () => {
    server.play(silence);
    const abort = new AbortController();
    const waiting = query.awaitTermination({ signal: abort.signal });
    await asked(1);
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'OPERATION_CANCELED' });
  });

  it('sends nothing when it was aborted before', async () => {
    const signal = AbortSignal.abort();
    await expect(query.awaitTermination({ signal })).rejects.toMatchObject({ code: 'OPERATION_CANCELED' });
    await expect(spark.streams.awaitAnyTermination({ signal })).rejects.toMatchObject({
      code: 'OPERATION_CANCELED',
    });
    expect(server.calls).toEqual([]);
  });

  it('does not hang on a server that does not answer', async () => {
    const retryPolicy = { ...FAST_RETRIES, maxRetries: 0 };
    const impatient = sessionOf(server, { unaryDeadlineMs: 50, retryPolicy });
    server.play(silence);
    const waiting = impatient.streams.attach(id, runId).awaitTermination();
    await expect(waiting).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    await impatient.close();
  });
});

describe('the queries of a session', () => {
  it('are found by name', async () => {
    const activeQueries = [
      { id: { id: 'other', runId: 'x' }, name: 'p' },
      { id: { id, runId }, name: 'q' },
    ];
    const found = managerAnswer({ case: 'active', value: { activeQueries } });
    server.play(found, found);
    await expect(spark.streams.getByName('q')).resolves.toMatchObject({ id, runId, name: 'q' });
    await expect(spark.streams.getByName('nobody')).resolves.toBeUndefined();
  });

  it('are awaited in short questions, so that the server holds no execution', async () => {
    server.play(anyEnded(false), anyEnded(true));
    await expect(spark.streams.awaitAnyTermination({ pollMs: 1 })).resolves.toBe(true);
    expect(lastCommandJson(server)).toEqual({
      streamingQueryManagerCommand: { awaitAnyTermination: { timeoutMs: '1' } },
    });
    server.play(anyEnded(false));
    await expect(spark.streams.awaitAnyTermination({ timeoutMs: 0 })).resolves.toBe(false);
  });

  it('tell the failure of the one that ended', async () => {
    server.play((stream) => {
      const metadata = { errorClass: 'STREAM_FAILED' };
      stream.fail({ code: status.INTERNAL, message: '[STREAM_FAILED] Query failed', metadata });
    });
    await expect(spark.streams.awaitAnyTermination()).rejects.toMatchObject({ code: 'STREAMING_QUERY' });
  });

  it('are forgotten when they have ended', async () => {
    server.play(managerAnswer({ case: 'resetTerminated', value: true }));
    await spark.streams.resetTerminated();
    expect(lastCommandJson(server)).toEqual({ streamingQueryManagerCommand: { resetTerminated: true } });
  });

  it('get no answer they did not ask for', async () => {
    server.play(managerAnswer({ case: 'resetTerminated', value: true }));
    await expect(spark.streams.active()).rejects.toMatchObject({ code: 'PROTOCOL' });
  });
});

describe('tags of the session', () => {
  const complete: StreamScript = (stream) => {
    stream.complete('r1');
  };
  const startAnswer: StreamScript = (stream) => {
    const value = { queryId: { id, runId }, name: 'q' };
    stream.send('r1', { responseType: { case: 'writeStreamOperationStartResult', value } });
    stream.complete('r2');
  };

  it('do not travel with anything about a streaming query, because the query would take them', async () => {
    spark.addTag('nightly');
    server.play(startAnswer);
    await spark.range(1).writeStream.start('/t');
    server.play(active(true), answer({ case: undefined }), answer({ case: undefined }), complete, complete);
    await query.status();
    await query.exception();
    await query.lastProgress().catch(() => undefined);
    await query.stop();
    await query.processAllAvailable();
    server.play(managerAnswer({ case: 'active', value: { activeQueries: [] } }), anyEnded(true));
    await spark.streams.active();
    await spark.streams.awaitAnyTermination();
    const sent = server.requests('ExecutePlan');
    expect(sent).toHaveLength(8);
    expect(sent.flatMap(({ tags }) => tags)).toEqual([]);

    server.play(complete);
    await spark.range(1).write.save('/t');
    expect(server.requests('ExecutePlan').at(-1)?.tags).toEqual(['nightly']);
  });
});

describe('tags of a command about a query', () => {
  const tagged: ActionOptions = { tags: ['mine'] };

  it.each<[string, () => Promise<unknown>]>([
    ['start', () => spark.range(1).writeStream.start('/t', tagged)],
    ['toTable', () => spark.range(1).writeStream.toTable('t', tagged)],
    ['stop', () => query.stop(tagged)],
    ['processAllAvailable', () => query.processAllAvailable(tagged)],
  ])('are refused by %s, as the query would take them', async (_name, call) => {
    await expect(call()).rejects.toThrow(TypeError);
    expect(server.calls).toEqual([]);
  });
});

describe('a start', () => {
  it('says the columns to cluster by', async () => {
    server.play((stream) => {
      const value = { queryId: { id, runId } };
      stream.send('r1', { responseType: { case: 'writeStreamOperationStartResult', value } });
      stream.complete('r2');
    });
    await spark.range(1).writeStream.clusterBy('a', 'b').toTable('t');
    expect(lastCommandJson(server)).toMatchObject({
      writeStreamOperationStart: { clusteringColumnNames: ['a', 'b'], tableName: 't' },
    });
  });

  it('without an answer is a violation of the protocol', async () => {
    server.play((stream) => {
      stream.complete('r1');
    });
    await expect(spark.range(1).writeStream.start('/t')).rejects.toMatchObject({ code: 'PROTOCOL' });
  });
});
