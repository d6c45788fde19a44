import { randomUUID } from 'node:crypto';
import type { SparkSession } from '../session/spark-session';
import { UNAVAILABLE } from '../testing/scripted-failure';
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

  test('an abort of the caller stays one', async () => {
    await spark.close();
    const signal = AbortSignal.abort(new Error('the user left'));
    await expect(spark.range(1).collect({ signal })).rejects.toMatchObject({ code: 'OPERATION_CANCELED' });
  });
});
