import { status } from '@grpc/grpc-js';
import type { ExecutePlanRequest } from '../generated/spark/connect/base_pb';
import { SparkSession } from '../session/spark-session';
import { invalidHandle } from '../testing/scripted-failure';
import { ScriptedServer, SERVER_SIDE_SESSION_ID } from '../testing/scripted-server';
import { sendIds, sessionOf } from '../testing/scripted-session';

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

type Identified = Pick<
  ExecutePlanRequest,
  'sessionId' | 'userContext' | 'clientType' | 'clientObservedServerSideSessionId'
>;

/** Makes a call of each kind. */
async function everyCall(): Promise<void> {
  server.play(
    (stream) => {
      sendIds(stream, 'r1', 0, [0]);
      stream.end();
    },
    (stream) => {
      stream.complete('r2');
    },
  );
  await spark.range(1).collect();
  await server.untilReleased();
  await spark.version();
  await spark.conf.get('k');
  await spark.interruptTag('t');
  server.failuresOf('Config').push({ code: status.INTERNAL, message: 'x', metadata: { errorId: 'e' } });
  await spark.conf.get('k').catch(() => undefined);
}

describe('1.6 session identity', () => {
  test('the server-side id of the first response goes with every later request', async () => {
    expect(spark.serverSideSessionId).toBeUndefined();
    await everyCall();
    expect(spark.serverSideSessionId).toBe(SERVER_SIDE_SESSION_ID);
    expect(server.handshakes[0]?.request).not.toHaveProperty('clientObservedServerSideSessionId');
    const kinds = [
      'ExecutePlan',
      'ReattachExecute',
      'ReleaseExecute',
      'AnalyzePlan',
      'Config',
      'Interrupt',
      'FetchErrorDetails',
    ];
    expect(new Set(server.methods())).toEqual(new Set(kinds));
    for (const { request } of server.calls) {
      expect(request as Identified).toMatchObject({
        sessionId: spark.sessionId,
        userContext: { userId: 'u' },
        clientType: expect.stringContaining('spark-connect-js') as string,
        clientObservedServerSideSessionId: SERVER_SIDE_SESSION_ID,
      });
    }
  });

  test('an id an earlier process observed goes with the first request already', async () => {
    const adopted = SparkSession.builder()
      .remote(`sc://127.0.0.1:${String(server.port)}`)
      .serverSideSessionId(SERVER_SIDE_SESSION_ID)
      .build();
    await adopted.version();
    expect(server.handshakes[0]?.request).toMatchObject({
      clientObservedServerSideSessionId: SERVER_SIDE_SESSION_ID,
    });
    await adopted.close();
  });

  test.each<[string, () => Promise<unknown>]>([
    ['an analysis', () => spark.version()],
    ['a conf', () => spark.conf.get('k')],
    ['an interrupt', () => spark.interruptTag('t')],
    ['an execution', () => spark.range(1).collect()],
    ['a plain execution', () => spark.streams.attach('q', 'r').status()],
  ])('a server that made the session anew is noticed by the response of %s', async (_what, call) => {
    await spark.version();
    server.serverSideSessionId = 'another';
    server.play((stream) => {
      stream.complete('r1');
    });
    await expect(call()).rejects.toMatchObject({
      code: 'SESSION_CHANGED',
      errorClass: 'INVALID_HANDLE.SESSION_CHANGED',
      message: expect.stringMatching(/anew: .*build a new session with a new session id/) as string,
    });
    expect(spark.serverSideSessionId).toBe(SERVER_SIDE_SESSION_ID);
  });

  test('it is noticed in the middle of a result, which is then released', async () => {
    server.play((stream) => {
      sendIds(stream, 'r1', 0, [0]);
      stream.send('r2', { serverSideSessionId: 'another' });
    });
    await expect(spark.range(1).collect()).rejects.toMatchObject({ code: 'SESSION_CHANGED' });
    await server.untilReleased();
  });

  test('an id of an earlier process that the server no longer has is noticed by the first request', async () => {
    const restarted = SparkSession.builder()
      .remote(`sc://127.0.0.1:${String(server.port)}`)
      .serverSideSessionId('another')
      .build();
    await expect(restarted.version()).rejects.toMatchObject({ code: 'SESSION_CHANGED' });
    await restarted.close();
  });

  test('a response of another session id is an error of the protocol', async () => {
    server.play((stream) => {
      stream.send('r1', { sessionId: 'somebody-else' });
    });
    await expect(spark.range(1).collect()).rejects.toMatchObject({ code: 'PROTOCOL' });
  });

  test.each([
    ['SESSION_CHANGED', 'SESSION_CHANGED'],
    ['SESSION_CLOSED', 'SESSION_CLOSED'],
    ['SESSION_NOT_FOUND', 'SESSION_CLOSED'],
  ])('INVALID_HANDLE.%s of the server is %s', async (kind, code) => {
    server.analyzeFailures.push(invalidHandle(kind));
    await expect(spark.version()).rejects.toMatchObject({
      code,
      errorClass: `INVALID_HANDLE.${kind}`,
      sqlState: 'HY000',
      sessionId: spark.sessionId,
    });
  });

  test('releasing the session leaves no tombstone where reconnecting is to be allowed', async () => {
    await spark.release();
    await spark.release({ allowReconnect: true });
    expect(server.requests('ReleaseSession')).toMatchObject([
      { allowReconnect: false },
      { allowReconnect: true },
    ]);
  });

  test('closing only hangs up: the session on the server goes on', async () => {
    await spark.version();
    await spark.close();
    expect(server.methods()).toEqual(['AnalyzePlan']);
  });
});
