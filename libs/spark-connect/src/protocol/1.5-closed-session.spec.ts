import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import type { ReleaseSessionRequest } from '../generated/spark/connect/base_pb';
import type { SparkSession } from '../session/spark-session';
import { invalidHandle, UNAVAILABLE } from '../testing/scripted-failure';
import { ScriptedServer } from '../testing/scripted-server';
import { FAST_RETRIES, sessionOf } from '../testing/scripted-session';

let server: ScriptedServer;
let spark: SparkSession;

beforeEach(async () => {
  server = await ScriptedServer.start();
  spark = sessionOf(server, {
    retryPolicy: { ...FAST_RETRIES, initialBackoffMs: 60_000, maxBackoffMs: 60_000 },
  });
  await spark.version();
});

afterEach(async () => {
  await spark.close();
  server.close();
});

const operationId = randomUUID();
/** Nothing was interrupted: the sentence says so, and how to go on. */
const closed = {
  code: 'CLIENT_CLOSED',
  name: 'ClientClosedError',
  message: expect.stringMatching(/closed on this side.*goes on/) as string,
};

describe('1.5 close() is not an interrupt', () => {
  test('an execution under way goes on, and can be adopted', async () => {
    server.play(() => undefined);
    const result = spark.range(1).collect({ operationId });
    const ended = expect(result).rejects.toMatchObject({
      ...closed,
      operationId,
      message: expect.stringContaining(`reattach('${operationId}')`) as string,
    });
    await server.until(() => server.methods().includes('ExecutePlan'));
    await spark.close();
    await ended;
    expect(server.methods().filter((name) => /Interrupt|Release/.test(name))).toEqual([]);
  });

  test('an execution that waits for a retry', async () => {
    server.play((stream) => {
      stream.fail(UNAVAILABLE);
    });
    const ended = expect(spark.range(1).collect()).rejects.toMatchObject(closed);
    await server.until(() => server.methods().includes('ExecutePlan'));
    await spark.close();
    await ended;
  });

  test('a call under way', async () => {
    server.silent.add('Config');
    const ended = expect(spark.conf.get('k')).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
    await server.until(() => server.methods().includes('Config'));
    await spark.close();
    await ended;
  });

  test('what is called after it', async () => {
    await spark.close();
    for (const call of [
      () => spark.version(),
      () => spark.range(1).collect({ operationId }),
      () => spark.reattach(operationId),
      () => spark.streams.attach('q', 'r').status(),
      () => spark.interruptOperation(operationId),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
  });

  test('is told that nothing was sent, where it would have been an execution of its own', async () => {
    await spark.close();
    const unsent = expect.stringMatching(/nothing was sent(?!.*reattach)/) as string;
    await expect(spark.range(1).collect({ operationId })).rejects.toMatchObject({ message: unsent });
    const known = expect.stringContaining(`reattach('${operationId}')`) as string;
    await expect(spark.reattach(operationId)).rejects.toMatchObject({ message: known });
  });

  test('an abort of the caller stays one', async () => {
    await spark.close();
    const signal = AbortSignal.abort(new Error('the user left'));
    await expect(spark.range(1).collect({ signal })).rejects.toMatchObject({ code: 'OPERATION_CANCELED' });
  });
});

describe('1.5 stop()', () => {
  const releases = () => server.requests<ReleaseSessionRequest>('ReleaseSession');

  test('leaves nothing to adopt, and later calls are told so', async () => {
    await spark.stop();
    for (const call of [
      () => spark.range(1).collect(),
      () => spark.reattach(operationId),
      () => spark.version(),
    ])
      await expect(call()).rejects.toMatchObject({
        code: 'CLIENT_CLOSED',
        message: expect.stringMatching(/was ended on .*new session id(?!.*(reattach|goes on))/) as string,
      });
  });

  test('may be called again, also at once', async () => {
    await Promise.all([spark.stop(), spark.stop()]);
    await expect(spark.stop()).resolves.toBeUndefined();
  });

  test('after close() says that it could not end the session', async () => {
    await spark.close();
    await expect(spark.stop()).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
  });

  const ending = {
    code: status.INTERNAL,
    message:
      'operationId: a with status Started is not within statuses List(Finished, Failed, Canceled) for event Closed',
  };

  test.each([
    ['is done with it', []],
    ['says that it is closed', [invalidHandle('SESSION_CLOSED')]],
  ])('asks again where Spark stumbles over an execution that is ending, and then %s', async (_what, then) => {
    server.failuresOf('ReleaseSession').push(ending, ...then);
    await spark.stop();
    expect(releases()).toHaveLength(2);
  });

  test('asks again once only, and not after another failure', async () => {
    server.failuresOf('ReleaseSession').push(ending, ending);
    await expect(spark.release()).rejects.toMatchObject({ code: 'EXECUTION_FAILED' });
    expect(releases()).toHaveLength(2);
    server.failuresOf('ReleaseSession').push({ code: status.INTERNAL, message: 'x' });
    await expect(spark.release()).rejects.toMatchObject({ code: 'EXECUTION_FAILED' });
    expect(releases()).toHaveLength(3);
  });
});
