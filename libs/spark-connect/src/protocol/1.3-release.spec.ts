import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import type { ReattachExecuteRequest, ReleaseExecuteRequest } from '../generated/spark/connect/base_pb';
import type { SparkSession } from '../session/spark-session';
import { UNAVAILABLE, invalidHandle, type ScriptedFailure } from '../testing/scripted-failure';
import { ScriptedServer, type StreamScript } from '../testing/scripted-server';
import { arrowOfIds, sendIds, sendPiece, sessionOf } from '../testing/scripted-session';

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

const failing =
  (failure: ScriptedFailure): StreamScript =>
  (stream) => {
    stream.fail(failure);
  };
const cut = failing(UNAVAILABLE);
const invalidCursor = (kind: string): ScriptedFailure => ({
  code: status.INTERNAL,
  message: `[INVALID_CURSOR.${kind}] The cursor is invalid.`,
  metadata: { errorClass: `INVALID_CURSOR.${kind}` },
});
const DIVIDE_BY_ZERO: ScriptedFailure = { code: status.INTERNAL, message: '[DIVIDE_BY_ZERO] x' };

/** What was released, when everything that was to be sent has been. */
async function released(): Promise<ReleaseExecuteRequest['release'][]> {
  await spark.close();
  return server.requests<ReleaseExecuteRequest>('ReleaseExecute').map(({ release }) => release);
}

describe('1.3 an id that somebody else runs something under', () => {
  test.each([
    ['made up here', undefined],
    ['given', randomUUID()],
  ])('is left alone: nothing is released (id %s)', async (_what, operationId) => {
    server.play(failing(invalidHandle('OPERATION_ALREADY_EXISTS')));
    await expect(spark.range(5).collect({ operationId })).rejects.toMatchObject({
      code: 'OPERATION_ALREADY_EXISTS',
      message: expect.stringMatching(/reattach/) as string,
    });
    await expect(released()).resolves.toEqual([]);
  });
});

describe('1.3 a failed adoption leaves the execution as it was', () => {
  test.each<[string, ScriptedFailure]>([
    ['its beginning was consumed', invalidCursor('POSITION_NOT_AVAILABLE')],
    ['the last response is not one of it', invalidCursor('POSITION_NOT_FOUND')],
    ['it cannot be reattached to', invalidCursor('NOT_REATTACHABLE')],
    ['the session is another', invalidHandle('SESSION_CHANGED')],
    ['the token is refused', { code: status.UNAUTHENTICATED, message: 'no token' }],
    [
      'a result is too large for this client',
      { code: status.RESOURCE_EXHAUSTED, message: 'larger than max' },
    ],
  ])('where %s', async (_why, failure) => {
    server.play(failing(failure));
    await expect(spark.reattach(randomUUID())).rejects.toMatchObject({ grpcCode: failure.code });
    await expect(released()).resolves.toEqual([]);
  });

  test('where the server cannot be reached', async () => {
    server.play(cut, cut, cut, cut);
    await expect(spark.reattach(randomUUID())).rejects.toMatchObject({ code: 'CONNECTION_UNAVAILABLE' });
    await expect(released()).resolves.toEqual([]);
  });

  test('where what came cannot be stored', async () => {
    server.play((stream) => {
      sendIds(stream, 'r1', 0, [0]);
      stream.complete('r2');
    });
    const onConsumed = () => Promise.reject(new Error('disk full'));
    await expect(spark.reattach(randomUUID(), { onConsumed })).rejects.toThrow('disk full');
    await expect(released()).resolves.toEqual([]);
  });

  test('but one that ended, by itself or by an error of its own, is released', async () => {
    server.play((stream) => {
      stream.complete('r1');
    }, failing(DIVIDE_BY_ZERO));
    await spark.reattach(randomUUID());
    await expect(spark.reattach(randomUUID())).rejects.toMatchObject({ errorClass: 'DIVIDE_BY_ZERO' });
    expect((await released()).map((release) => release.case)).toEqual(['releaseAll', 'releaseAll']);
  });
});

describe('1.3 an execution whose server is out of reach', () => {
  test.each([
    ['the connection is lost', UNAVAILABLE],
    ['another stream has the cursor', invalidCursor('DISCONNECTED')],
  ])('is not released where the caller knows the id and may adopt it: %s', async (_what, failure) => {
    server.play(...Array.from({ length: 4 }, () => failing(failure)));
    await expect(spark.range(5).collect({ operationId: randomUUID() })).rejects.toMatchObject({
      grpcCode: failure.code,
    });
    await expect(released()).resolves.toEqual([]);
  });

  test('is released where nobody else knows the id', async () => {
    server.play(cut, cut, cut, cut);
    await expect(spark.range(5).collect()).rejects.toMatchObject({ code: 'CONNECTION_UNAVAILABLE' });
    expect((await released()).map((release) => release.case)).toEqual(['releaseAll']);
  });

  test('is released when it failed by itself, whoever knows the id', async () => {
    server.play(failing(DIVIDE_BY_ZERO));
    await expect(spark.range(5).collect({ operationId: randomUUID() })).rejects.toMatchObject({
      errorClass: 'DIVIDE_BY_ZERO',
    });
    expect((await released()).map((release) => release.case)).toEqual(['releaseAll']);
  });
});

describe('1.3 a batch in pieces', () => {
  test('is released as a whole: what is consumed is what another process goes on after', async () => {
    const data = arrowOfIds([0, 1, 2, 3]);
    const consumed: string[] = [];
    const releasedUntil = () =>
      server
        .requests<ReleaseExecuteRequest>('ReleaseExecute')
        .flatMap(({ release }) => (release.case === 'releaseUntil' ? [release.value.responseId] : []));
    server.play((stream) => {
      sendIds(stream, 'r1', 0, [8, 9]);
      for (const index of [0, 1]) {
        const part = data.subarray(index * 100, index === 0 ? 100 : data.length);
        sendPiece(stream, `p${String(index)}`, { index, total: 2, startOffset: 2, rowCount: 4, data: part });
      }
      void server
        .until(() => releasedUntil().includes('p1'))
        .then(() => {
          stream.complete('last');
        });
    });
    await spark.range(5).collect({ onConsumed: (id) => void consumed.push(id) });
    expect(consumed).toEqual(['r1', 'p1']);
    expect(releasedUntil()).not.toContain('p0');
  });
});

describe('1.3 operation ids', () => {
  test('travel in lower case everywhere: Spark looks them up letter by letter, and keeps those of plans so', async () => {
    const given = randomUUID().toUpperCase();
    const kept = given.toLowerCase();
    server.play(
      (stream) => {
        sendIds(stream, 'r1', 0, [0]);
        stream.fail(UNAVAILABLE);
      },
      (stream) => {
        stream.complete('r2');
      },
      (stream) => {
        stream.complete('r1');
      },
    );
    await spark.range(5).collect({ operationId: given });
    await expect(spark.reattach(given)).resolves.toMatchObject({ operationId: kept });
    await spark.interruptOperation(given);
    await released();
    const idOf = (request: object): unknown => (request as Partial<ReattachExecuteRequest>).operationId;
    const ids = server.calls.map(({ method, request }) => [method, idOf(request)]);
    for (const [method, id] of ids) if (method !== 'Interrupt') expect([method, id]).toEqual([method, kept]);
    expect(server.requests<{ interrupt: unknown }>('Interrupt')).toMatchObject([
      { interrupt: { value: kept } },
    ]);
  });
});
