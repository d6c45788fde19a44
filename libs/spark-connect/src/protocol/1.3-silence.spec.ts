import type { ReattachExecuteRequest } from '../generated/spark/connect/base_pb';
import type { SparkSession } from '../session/spark-session';
import { UNAVAILABLE } from '../testing/scripted-failure';
import { ScriptedServer, type StreamScript } from '../testing/scripted-server';
import { FAST_RETRIES, sendIds, sessionOf } from '../testing/scripted-session';

let server: ScriptedServer;
let spark: SparkSession;

beforeEach(async () => {
  server = await ScriptedServer.start();
  const retryPolicy = { ...FAST_RETRIES, maxRetries: 2 };
  spark = sessionOf(server, { streamIdleTimeoutMs: 60, unaryDeadlineMs: 100, retryPolicy });
  await spark.version();
});

afterEach(async () => {
  await spark.close();
  server.close();
});

const silent: StreamScript = () => undefined;
const cut: StreamScript = (stream) => {
  stream.fail(UNAVAILABLE);
};
const end: StreamScript = (stream) => {
  stream.end();
};
const complete: StreamScript = (stream) => {
  sendIds(stream, 'r1', 0, [0]);
  stream.complete('last');
};
const reattaches = () => server.requests<ReattachExecuteRequest>('ReattachExecute');

describe('1.3 an execution that says nothing for long', () => {
  test('is waited for as long as its server answers', async () => {
    server.play(silent, silent, silent, silent, silent, complete);
    await expect(spark.range(1).collect()).resolves.toEqual([{ id: 0n }]);
    expect(reattaches()).toHaveLength(5);
  });

  test('is given up within the retries of the policy when its server answers nothing', async () => {
    server.silent.add('AnalyzePlan');
    server.play(silent, silent, silent);
    await expect(spark.range(1).collect()).rejects.toMatchObject({
      code: 'CONNECTION_UNAVAILABLE',
      message: expect.stringContaining('said nothing for 60 ms') as string,
    });
    expect(reattaches()).toHaveLength(2);
  });

  test('can be aborted while its server is asked', async () => {
    server.silent.add('AnalyzePlan');
    server.interruptedIds.push(['found']);
    server.play(silent);
    const controller = new AbortController();
    const asked = () => server.methods().filter((name) => name === 'AnalyzePlan').length;
    const before = asked();
    const result = spark.range(1).collect({ signal: controller.signal });
    await server.until(() => asked() > before);
    controller.abort();
    await expect(result).rejects.toMatchObject({ code: 'OPERATION_CANCELED' });
    await server.untilReleased();
  });

  test('whose streams the server ends in order has used up no retry', async () => {
    server.play(cut, end, cut, end, cut, end, cut, complete);
    await expect(spark.range(1).collect()).resolves.toEqual([{ id: 0n }]);
  });
});
