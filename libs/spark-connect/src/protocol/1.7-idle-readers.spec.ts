import { getEventListeners } from 'node:events';
import { randomUUID } from 'node:crypto';
import type { InterruptRequest, ReleaseExecuteRequest } from '../generated/spark/connect/base_pb';
import type { SparkSession } from '../session/spark-session';
import { ScriptedServer } from '../testing/scripted-server';
import { sendIds, sessionOf } from '../testing/scripted-session';

let server: ScriptedServer;
let spark: SparkSession;

beforeEach(async () => {
  server = await ScriptedServer.start();
  spark = sessionOf(server);
  await spark.version();
  server.interruptedIds.push(['found']);
  server.play((stream) => {
    sendIds(stream, 'r1', 0, [0, 1]);
  });
});

afterEach(async () => {
  await spark.close();
  server.close();
});

const interrupts = () =>
  server.requests<InterruptRequest>('Interrupt').map(({ interrupt }) => interrupt.value);
const wholeReleases = () =>
  server
    .requests<ReleaseExecuteRequest>('ReleaseExecute')
    .filter(({ release }) => release.case === 'releaseAll');

describe('1.7 a reader who pauses between two rows', () => {
  test('does not keep an abort from the server', async () => {
    const [operationId, controller] = [randomUUID(), new AbortController()];
    const rows = spark.range(5).toLocalIterator({ operationId, signal: controller.signal });
    await expect(rows.next()).resolves.toMatchObject({ value: { id: 0n } });
    controller.abort();
    await server.untilReleased();
    expect(interrupts()).toEqual([operationId]);
    expect(server.methods().indexOf('Interrupt')).toBeLessThan(
      server.methods().lastIndexOf('ReleaseExecute'),
    );
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    // The row that had come with the first is still there; then the reader hears of it, and nothing is sent twice.
    await rows.next();
    await expect(rows.next()).rejects.toMatchObject({ code: 'OPERATION_CANCELED' });
    await spark.close();
    expect([interrupts().length, wholeReleases().length]).toEqual([1, 1]);
  });

  test('does not keep a deadline from the server', async () => {
    const rows = spark.range(5).toLocalIterator({ deadlineMs: 200 });
    await rows.next();
    await server.untilReleased();
    expect(interrupts()).toHaveLength(1);
    await rows.next();
    await expect(rows.next()).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  });

  test('is not needed for closing the session: what an abort sends is waited for', async () => {
    const controller = new AbortController();
    const rows = spark.range(5).toLocalIterator({ signal: controller.signal });
    await rows.next();
    controller.abort();
    await spark.close();
    expect([interrupts().length, wholeReleases().length]).toEqual([1, 1]);
  });

  test('and leaves after an abort: nothing is sent twice', async () => {
    const controller = new AbortController();
    const rows = spark.range(5).toLocalIterator({ signal: controller.signal });
    await rows.next();
    controller.abort();
    await rows.return();
    await spark.close();
    expect([interrupts().length, wholeReleases().length]).toEqual([1, 1]);
  });
});
