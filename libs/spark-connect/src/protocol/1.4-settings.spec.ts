import type { ClientSettings } from '../session/client-settings';
import type { SparkSession } from '../session/spark-session';
import { ScriptedServer } from '../testing/scripted-server';
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

const ENDLESS = Number.POSITIVE_INFINITY;

describe('1.4 a setting', () => {
  test.each<Partial<ClientSettings>>([
    { streamIdleTimeoutMs: ENDLESS },
    { connectTimeoutMs: ENDLESS },
    { unaryDeadlineMs: ENDLESS, analyzeDeadlineMs: ENDLESS, errorDetailsDeadlineMs: ENDLESS },
    { unaryDeadlineMs: Number.MAX_VALUE, analyzeDeadlineMs: Number.MAX_VALUE, connectTimeoutMs: 2 ** 31 },
  ])('without end limits nothing: %p', async (settings) => {
    const patient = sessionOf(server, settings);
    await expect(patient.version()).resolves.toBe('4.0.1');
    server.play((stream) => {
      setTimeout(() => {
        sendIds(stream, 'r1', 0, [0]);
        stream.complete('r2');
      }, 100);
    });
    await expect(patient.range(1).collect()).resolves.toEqual([{ id: 0n }]);
    expect(server.methods()).not.toContain('ReattachExecute');
    await patient.close();
  });

  test('that is undefined leaves the default', async () => {
    const settings = { unaryDeadlineMs: undefined, retryPolicy: undefined } as object;
    const usual = sessionOf(server, settings);
    await expect(usual.conf.get('k')).resolves.toBeUndefined();
    await usual.close();
  });
});

describe('1.4 a deadline of a call', () => {
  test.each<[string, (deadlineMs: number) => Promise<unknown>]>([
    ['an analysis', (deadlineMs) => spark.version({ deadlineMs })],
    ['a conf', (deadlineMs) => spark.conf.get('k', { deadlineMs })],
    ['an interrupt', (deadlineMs) => spark.interruptTag('t', { deadlineMs })],
    ['a release of the session', (deadlineMs) => spark.release({ deadlineMs })],
    ['an upload', (deadlineMs) => spark.addArtifacts(__filename, { deadlineMs })],
    ['a plain execution', (deadlineMs) => spark.streams.attach('q', 'r').status({ deadlineMs })],
    ['an execution', (deadlineMs) => spark.range(1).collect({ deadlineMs })],
  ])('that is no number is refused before anything is sent: %s', async (_what, call) => {
    const message = 'deadlineMs must be a number of milliseconds, not';
    await expect(call(Number.NaN)).rejects.toThrow(new TypeError(`${message} NaN`));
    await expect(call(-1)).rejects.toThrow(new TypeError(`${message} -1`));
    expect([...server.handshakes, ...server.calls]).toEqual([]);
  });

  test('without end is none', async () => {
    await expect(spark.version({ deadlineMs: ENDLESS })).resolves.toBe('4.0.1');
  });
});
