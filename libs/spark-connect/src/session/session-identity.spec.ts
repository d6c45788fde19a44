import { status } from '@grpc/grpc-js';
import type { AnalyzePlanRequest, ConfigRequest } from '../generated/spark/connect/base_pb';
import { ScriptedServer, SERVER_SIDE_SESSION_ID } from '../testing/scripted-server';
import { sessionOf } from '../testing/scripted-session';
import { SparkSession } from './spark-session';

let server: ScriptedServer;

beforeEach(async () => {
  server = await ScriptedServer.start();
});

afterEach(() => {
  server.close();
});

describe('the identity of a session', () => {
  it('is sent with the observed server-side id from the second request on', async () => {
    const spark = sessionOf(server);
    expect(spark.serverSideSessionId).toBeUndefined();
    await spark.version();
    await spark.version();
    const [first, second] = server.requests<AnalyzePlanRequest>('AnalyzePlan');
    expect(first?.clientObservedServerSideSessionId).toBeUndefined();
    expect(second?.clientObservedServerSideSessionId).toBe(SERVER_SIDE_SESSION_ID);
    expect(second).toMatchObject({ sessionId: spark.sessionId, userContext: { userId: 'u' } });
    expect(second?.clientType).toMatch(/^spark-connect-js\/\S+ node\/\S+ os\//);
    await spark.close();
  });

  it('notices a server that made the session anew, also when the id comes from an earlier process', async () => {
    const spark = SparkSession.builder()
      .remote(`sc://127.0.0.1:${String(server.port)}`)
      .serverSideSessionId('another')
      .build();
    await expect(spark.version()).rejects.toMatchObject({ code: 'SESSION_CHANGED' });
    await spark.close();
  });

  it.each([
    ['INVALID_HANDLE.SESSION_CHANGED', 'SESSION_CHANGED'],
    ['INVALID_HANDLE.SESSION_CLOSED', 'SESSION_CLOSED'],
    ['INVALID_HANDLE.SESSION_NOT_FOUND', 'SESSION_CLOSED'],
  ])('turns %s of the server into %s', async (errorClass, code) => {
    const spark = sessionOf(server);
    server.analyzeFailures.push({
      code: status.INTERNAL,
      message: `[${errorClass}] gone`,
      metadata: { errorClass },
    });
    await expect(spark.version()).rejects.toMatchObject({ code, errorClass, sessionId: spark.sessionId });
    await spark.close();
  });
});

describe('the calls that are answered at once', () => {
  it('are repeated when the server is away for a moment', async () => {
    const spark = sessionOf(server);
    server.analyzeFailures.push({ code: status.UNAVAILABLE, message: 'restarting' });
    await expect(spark.version()).resolves.toBe('4.0.1');
    await spark.close();
  });

  it('end with a typed error when nobody listens', async () => {
    server.close();
    const spark = sessionOf(server);
    await expect(spark.version({ deadlineMs: 300 })).rejects.toMatchObject({
      code: 'CONNECTION_UNAVAILABLE',
    });
    await spark.close();
  });
});

describe('headers', () => {
  it('carry the pool, the token and unknown parameters of the connection string', async () => {
    const spark = sessionOf(server, {}, ';token=secret;x-team=a');
    await spark.withSchedulerPool('batch-pool').version();
    expect(server.calls[0]?.headers).toMatchObject({
      'x-spark-scheduler-pool': 'batch-pool',
      authorization: 'Bearer secret',
      'x-team': 'a',
    });
    await spark.version();
    expect(server.calls[1]?.headers).not.toHaveProperty('x-spark-scheduler-pool');
    await spark.close();
  });

  it('carry the pool on executions', async () => {
    const spark = sessionOf(server);
    server.play((stream) => {
      stream.complete('r1');
    });
    await spark.withSchedulerPool('streaming-pool').range(1).collect();
    expect(server.calls[0]).toMatchObject({
      method: 'ExecutePlan',
      headers: { 'x-spark-scheduler-pool': 'streaming-pool' },
    });
    await spark.close();
  });
});

describe('the confs of the builder', () => {
  it('are sent once, before the first request', async () => {
    const spark = SparkSession.builder()
      .remote(`sc://127.0.0.1:${String(server.port)}`)
      .config('spark.sql.session.timeZone', 'UTC')
      .build();
    expect(server.calls).toEqual([]);
    await Promise.all([spark.version(), spark.withSchedulerPool('p').version()]);
    expect(server.methods()).toEqual(['Config', 'AnalyzePlan', 'AnalyzePlan']);
    const [request] = server.requests<ConfigRequest>('Config');
    expect(request?.operation?.opType).toMatchObject({
      case: 'set',
      value: { pairs: [{ key: 'spark.sql.session.timeZone', value: 'UTC' }] },
    });
    await spark.close();
  });
});

describe('a SQL statement', () => {
  it('travels as a command with its values bound', async () => {
    const spark = sessionOf(server);
    server.play((stream) => {
      const value = { relation: { relType: { case: 'range', value: { end: 1n, step: 1n } } } } as const;
      stream.send('r1', { responseType: { case: 'sqlCommandResult', value } });
      stream.complete('r2');
    });
    const result = await spark.sql('SELECT :a', { a: 5n });
    const [request] = server.requests('ExecutePlan');
    expect(request?.plan?.opType).toMatchObject({
      case: 'command',
      value: {
        commandType: {
          case: 'sqlCommand',
          value: {
            input: {
              relType: {
                case: 'sql',
                value: {
                  query: 'SELECT :a',
                  namedArguments: {
                    a: { exprType: { value: { literalType: { case: 'long', value: 5n } } } },
                  },
                },
              },
            },
          },
        },
      },
    });
    expect(result.relation.relType.case).toBe('range');
    await spark.close();
  });
});
