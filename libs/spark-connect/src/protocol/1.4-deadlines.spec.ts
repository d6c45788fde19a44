import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { ReattachExecuteRequest } from '../generated/spark/connect/base_pb';
import type { ClientSettings } from '../session/client-settings';
import { SparkSession } from '../session/spark-session';
import { CuttableProxy } from '../testing/cuttable-proxy';
import { ScriptedServer } from '../testing/scripted-server';
import { FAST_RETRIES, sendIds, sessionOf } from '../testing/scripted-session';

let server: ScriptedServer;
let proxy: CuttableProxy;
const opened: SparkSession[] = [];

beforeEach(async () => {
  server = await ScriptedServer.start();
  proxy = await CuttableProxy.to('127.0.0.1', server.port);
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((spark) => spark.close()));
  proxy.close();
  server.close();
});

function sessionAt(port: number, settings: Partial<ClientSettings> = {}): SparkSession {
  const spark = SparkSession.builder()
    .remote(`sc://127.0.0.1:${String(port)}/;user_id=u`)
    .clientSettings({ retryPolicy: FAST_RETRIES, ...settings })
    .build();
  opened.push(spark);
  return spark;
}

const elapsedMs = async (call: Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await call.catch(() => undefined);
  return performance.now() - startedAt;
};

/** Every kind of call that is answered at once, and an execution. */
const CALLS: [string, (spark: SparkSession, deadlineMs: number) => Promise<unknown>][] = [
  ['an analysis', (spark, deadlineMs) => spark.version({ deadlineMs })],
  ['a conf', (spark, deadlineMs) => spark.conf.get('k', { deadlineMs })],
  ['an interrupt', (spark, deadlineMs) => spark.interruptTag('t', { deadlineMs })],
  ['a release of the session', (spark, deadlineMs) => spark.release({ deadlineMs })],
  ['a plain execution', (spark, deadlineMs) => spark.streams.attach('q', 'r').status({ deadlineMs })],
  ['an execution', (spark, deadlineMs) => spark.range(1).collect({ deadlineMs })],
];

describe('1.4 a port that accepts and says nothing', () => {
  let silent: Server;
  const sockets = new Set<Socket>();

  beforeEach(async () => {
    silent = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
  });

  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  const portOfSilent = () => (silent.address() as AddressInfo).port;

  test.each(CALLS)('ends %s within its deadline', async (_what, call) => {
    const result = call(sessionAt(portOfSilent()), 100);
    const ended = expect(result).rejects.toMatchObject({
      code: expect.stringMatching(/^(CONNECTION_UNAVAILABLE|DEADLINE_EXCEEDED)$/) as string,
    });
    expect(await elapsedMs(result)).toBeLessThan(3_000);
    await ended;
  });

  test('is told from a busy server: the message says that no connection was made, and what to check', async () => {
    const port = portOfSilent();
    const error: unknown = await sessionAt(port)
      .version({ deadlineMs: 50 })
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'CONNECTION_UNAVAILABLE' });
    const words = `127\\.0\\.0\\.1:${String(port)} cannot be reached \\(no connection within \\d+ ms\\)\\. Check`;
    expect(String(error)).toMatch(new RegExp(words));
  });

  test('ends an execution without a deadline, too, by the limits of the session', async () => {
    const spark = sessionAt(portOfSilent(), { connectTimeoutMs: 30, unaryDeadlineMs: 500 });
    await expect(spark.range(1).collect()).rejects.toMatchObject({ code: 'CONNECTION_UNAVAILABLE' });
  });

  test('is tried again by a new connection each time', async () => {
    const spark = sessionAt(portOfSilent(), { connectTimeoutMs: 20 });
    await expect(spark.version()).rejects.toMatchObject({ code: 'CONNECTION_UNAVAILABLE' });
    expect(sockets.size).toBeGreaterThanOrEqual(3);
  });
});

describe('1.4 a port where nobody listens', () => {
  test.each(CALLS)('ends %s with one typed error', async (_what, call) => {
    server.close();
    const words = new RegExp(
      `127\\.0\\.0\\.1:${String(server.port)} cannot be reached \\(connect ECONNREFUSED .*\\)\\. Check`,
    );
    const result = call(sessionAt(server.port), 5_000);
    await expect(result).rejects.toMatchObject({
      code: 'CONNECTION_UNAVAILABLE',
      message: expect.stringMatching(words) as string,
    });
  });

  test('is found alive again when a server listens there', async () => {
    const spark = sessionAt(proxy.port, {
      retryPolicy: { ...FAST_RETRIES, maxRetries: 100, maxBackoffMs: 50 },
    });
    await proxy.refuse();
    const version = spark.version();
    await proxy.accept();
    await expect(version).resolves.toBe('4.0.1');
  });
});

describe('1.4 the deadline of an execution', () => {
  const PATIENT = { ...FAST_RETRIES, maxRetries: 50 };

  test('that ends before any connection was made does not hide why', async () => {
    await proxy.refuse();
    const spark = sessionAt(proxy.port, { retryPolicy: PATIENT });
    await expect(spark.range(1).collect({ deadlineMs: 200 })).rejects.toMatchObject({
      code: 'CONNECTION_UNAVAILABLE',
      message: expect.stringMatching(
        /cannot be reached \((connect ECONNREFUSED|no connection within)/,
      ) as string,
    });
  });

  test('that ends while the server is out of reach says so, and not that it was interrupted', async () => {
    const spark = sessionAt(proxy.port, { retryPolicy: PATIENT });
    await spark.version();
    await proxy.refuse();
    await expect(spark.range(1).collect({ deadlineMs: 200 })).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      message: expect.stringMatching(
        /could not be interrupted.*cannot be reached \((connect ECONNREFUSED|no connection within)/,
      ) as string,
      cause: { code: 'CONNECTION_UNAVAILABLE' },
    });
  });
});

describe('1.4 a server that answers the connection and not the call', () => {
  test.each([
    ['AnalyzePlan', CALLS[0]],
    ['Config', CALLS[1]],
    ['Interrupt', CALLS[2]],
    ['ReleaseSession', CALLS[3]],
  ])(
    '%s ends by its deadline, with a message that names the call and the settings',
    async (method, named) => {
      const spark = sessionAt(server.port);
      await spark.version();
      server.silent.add(method);
      const error: unknown = await named?.[1](spark, 50).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
      expect(String(error)).toMatch(
        new RegExp(`did not answer ${method} in time .*deadlineMs.*clientSettings`),
      );
    },
  );

  test('an execution is ended by no deadline but the one it asks for', async () => {
    const spark = sessionAt(server.port, {
      unaryDeadlineMs: 400,
      analyzeDeadlineMs: 400,
      connectTimeoutMs: 400,
    });
    await spark.version();
    server.play((stream) => {
      setTimeout(() => {
        sendIds(stream, 'r1', 0, [0]);
        stream.complete('r2');
      }, 1_000);
    });
    await expect(spark.range(1).collect()).resolves.toEqual([{ id: 0n }]);
  });
});

describe('1.4 a connection that has fallen silent', () => {
  const reattaches = () => server.requests<ReattachExecuteRequest>('ReattachExecute');

  test('is replaced under an execution, which goes on after the last response', async () => {
    const spark = sessionAt(proxy.port, { streamIdleTimeoutMs: 1_000 });
    server.play(
      (stream) => {
        sendIds(stream, 'r1', 0, [0]);
      },
      (stream) => {
        sendIds(stream, 'r2', 1, [1]);
        stream.complete('r3');
      },
    );
    const rows: bigint[] = [];
    for await (const { id } of spark.range(2).toLocalIterator()) {
      if (rows.length === 0) proxy.freeze('toClient', 'toServer');
      rows.push(id as bigint);
    }
    expect(rows).toEqual([0n, 1n]);
    expect(reattaches().map(({ lastResponseId }) => lastResponseId)).toEqual(['r1']);
    expect(proxy.connections).toBe(2);
  });

  test('is replaced after a call that missed its deadline, so that the next call is answered', async () => {
    const spark = sessionAt(proxy.port);
    await spark.version();
    proxy.freeze('toClient', 'toServer');
    await expect(spark.version({ deadlineMs: 50 })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    await expect(spark.version({ deadlineMs: 5_000 })).resolves.toBe('4.0.1');
  });

  test('is kept where other calls are answered on it', async () => {
    const spark = sessionOf(server, { streamIdleTimeoutMs: 400 });
    opened.push(spark);
    const replayed = { isOver: false };
    server.play(
      () => undefined,
      (stream) => {
        replayed.isOver = true;
        stream.complete('r1');
      },
    );
    const rows = spark.range(1).collect();
    while (!replayed.isOver) await spark.version();
    await expect(rows).resolves.toEqual([]);
    expect(new Set(server.calls.map(({ peer }) => peer)).size).toBe(1);
  });

  test('is given up when the retries are used up', async () => {
    const spark = sessionAt(server.port, { streamIdleTimeoutMs: 400, unaryDeadlineMs: 100 });
    await spark.version();
    server.silent.add('AnalyzePlan');
    server.play(...Array.from({ length: 4 }, () => () => undefined));
    await expect(spark.range(1).collect()).rejects.toMatchObject({
      code: 'CONNECTION_UNAVAILABLE',
      message: expect.stringContaining('said nothing for 400 ms') as string,
    });
    expect(reattaches()).toHaveLength(3);
  });

  test('is not what a slow reader makes of it', async () => {
    const spark = sessionAt(server.port, { streamIdleTimeoutMs: 400 });
    server.play((stream) => {
      sendIds(stream, 'r1', 0, [0]);
      stream.complete('r2');
    });
    for await (const row of spark.range(1).toLocalIterator()) {
      expect(row).toEqual({ id: 0n });
      await new Promise((resolve) => setTimeout(resolve, 800));
    }
    expect(reattaches()).toEqual([]);
  });
});
