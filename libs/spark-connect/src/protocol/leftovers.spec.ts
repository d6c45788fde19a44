import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SparkSession } from '../session/spark-session';
import { ChildScript } from '../testing/child-script';
import type { FinishingClientInput } from '../testing/finishing-client';
import { UNAVAILABLE } from '../testing/scripted-failure';
import { ScriptedServer } from '../testing/scripted-server';
import { FAST_RETRIES, sendIds, sessionOf } from '../testing/scripted-session';

let server: ScriptedServer;

const KINDS = ['Timeout', 'TCPSocketWrap', 'TCPServerWrap', 'TLSWrap'];

/** What keeps this process alive, by kind. */
function resources(): Map<string, number> {
  const active = process.getActiveResourcesInfo();
  return new Map(KINDS.map((kind) => [kind, active.filter((name) => name === kind).length]));
}

/** The kinds of which there are more than before, and still are after two seconds: sockets take turns of the event loop to close. */
async function leftSince(before: ReadonlyMap<string, number>): Promise<string[]> {
  const until = performance.now() + 2_000;
  for (;;) {
    const left = [...resources()].filter(([kind, count]) => count > (before.get(kind) ?? 0));
    if (left.length === 0 || performance.now() > until) return left.map(([kind]) => kind);
    await nextTurn();
  }
}

describe('after an abort and close() nothing is left', () => {
  test.each<[string, (spark: SparkSession, signal: AbortSignal) => Promise<unknown>]>([
    ['an analysis', (spark, signal) => spark.version({ signal, deadlineMs: 3_600_000 })],
    ['an execution', (spark, signal) => spark.range(1).collect({ signal, deadlineMs: 3_600_000 })],
    ['a plain execution', (spark, signal) => spark.streams.attach('q', 'r').status({ signal })],
  ])('of %s', async (_what, call) => {
    const before = resources();
    server = await ScriptedServer.start();
    const spark = sessionOf(server, {
      retryPolicy: { ...FAST_RETRIES, initialBackoffMs: 60_000, maxBackoffMs: 60_000 },
      unaryDeadlineMs: 3_600_000,
    });
    await spark.conf.get('k');
    server.analyzeFailures.push(UNAVAILABLE);
    server.play((stream) => {
      stream.fail(UNAVAILABLE);
    });
    const controller = new AbortController();
    const callsBefore = server.calls.length;
    const result = expect(call(spark, controller.signal)).rejects.toMatchObject({
      code: 'OPERATION_CANCELED',
    });
    await server.until(() => server.calls.length > callsBefore);
    for (let turns = 0; turns < 20; turns += 1) await nextTurn();
    controller.abort();
    await result;
    await spark.close();
    server.close();
    await expect(leftSince(before)).resolves.toEqual([]);
  });
});

describe('after close() the process ends by itself', () => {
  let silent: Server;
  let child: ChildScript | undefined;
  const sockets = new Set<Socket>();

  beforeEach(async () => {
    server = await ScriptedServer.start();
    silent = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
  });

  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
    server.close();
    return child?.kill();
  });

  test('whatever was under way: results, calls without an answer, waits for a retry, connecting', async () => {
    server.silent.add('Config');
    server.play(
      (stream) => {
        sendIds(stream, 'r1', 0, [0]);
        stream.complete('r2');
      },
      (stream) => {
        sendIds(stream, 'r1', 0, [0]);
      },
      (stream) => {
        sendIds(stream, 'r1', 0, [0]);
      },
    );
    server.analyzeFailures.push(UNAVAILABLE);
    const input: FinishingClientInput = {
      port: server.port,
      silentPort: (silent.address() as AddressInfo).port,
    };
    child = ChildScript.start(join(__dirname, '../testing/finishing-client.ts'), input);
    const closed = 'CLIENT_CLOSED';
    await expect(child.next()).resolves.toEqual(['fulfilled', closed, closed, closed, closed]);
    await expect(child.exit(5_000)).resolves.toEqual({ code: 0, signal: null, errors: '' });
  }, 30_000);
});
