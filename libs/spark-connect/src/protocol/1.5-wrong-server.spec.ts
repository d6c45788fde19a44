import { once } from 'node:events';
import { createServer as createWebServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { Server as GrpcServer, ServerCredentials } from '@grpc/grpc-js';
import type { SparkSession } from '../session/spark-session';
import { ScriptedServer } from '../testing/scripted-server';
import { sessionOf } from '../testing/scripted-session';

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

describe('1.5 the wrong server is one typed error of the first request, whatever it is', () => {
  const kinds: [string, (session: SparkSession) => Promise<unknown>][] = [
    ['an analysis', (session) => session.version()],
    ['a conf', (session) => session.conf.get('k')],
    ['an execution', (session) => session.range(1).collect()],
    ['a plain execution', (session) => session.streams.attach('q', 'r').status()],
  ];

  test.each(kinds)('%s, where it is of another generation', async (_what, call) => {
    const words = new RegExp(`127.0.0.1:${String(server.port)} runs Spark .*4\\.x\\. Connect`);
    for (const version of ['3.5.6', '5.0.0', '', 'unknown']) {
      server.serverVersion = version;
      const session = sessionOf(server);
      const error: unknown = await call(session).catch((caught: unknown) => caught);
      await session.close();
      expect(error).toMatchObject({
        code: 'UNSUPPORTED_SERVER',
        message: expect.stringMatching(words) as string,
      });
    }
    expect(server.calls).toEqual([]);
  });

  test.each(['4.0.0', '4.0.1', '4.1.1', '4.2.0-SNAPSHOT', '4.0.1-vendor.3'])(
    'and %s is none',
    async (version) => {
      server.serverVersion = version;
      await expect(spark.version()).resolves.toBe(version);
    },
  );

  test.each(kinds)('%s, where another gRPC service listens', async (_what, call) => {
    const other = new GrpcServer();
    const port = await new Promise<number>((resolve) => {
      other.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_error, bound) => {
        resolve(bound);
      });
    });
    const session = sessionOf({ port });
    const error: unknown = await call(session).catch((caught: unknown) => caught);
    await session.close();
    other.forceShutdown();
    expect(error).toMatchObject({
      code: 'NOT_SPARK_CONNECT',
      message: expect.stringContaining(
        `127.0.0.1:${String(port)} answers, but is no Spark Connect server`,
      ) as string,
    });
  });

  const web: [string, () => Server, string][] = [
    [
      'a web server',
      () => createWebServer((_request, response) => response.end('<html>')),
      'NOT_SPARK_CONNECT',
    ],
    ['a web server of HTTP/2', () => http2Answering(200), 'NOT_SPARK_CONNECT'],
    ['a proxy that knows no such path', () => http2Answering(404), 'NOT_SPARK_CONNECT'],
    ['a proxy that wants another request', () => http2Answering(400), 'NOT_SPARK_CONNECT'],
    ['a proxy that wants a token', () => http2Answering(401), 'UNAUTHENTICATED'],
    ['a proxy that refuses', () => http2Answering(403), 'PERMISSION_DENIED'],
    ['a proxy whose server is away', () => http2Answering(503), 'CONNECTION_UNAVAILABLE'],
  ];

  test.each(web)('%s', async (_what, start, code) => {
    const listening = start().listen(0, '127.0.0.1');
    await once(listening, 'listening');
    const { port } = listening.address() as AddressInfo;
    const session = sessionOf({ port });
    const error: unknown = await session
      .range(1)
      .collect()
      .catch((caught: unknown) => caught);
    await session.close();
    listening.close();
    expect(error).toMatchObject({
      code,
      message: expect.stringContaining(`127.0.0.1:${String(port)}`) as string,
    });
  });
});

function http2Answering(httpStatus: number): Server {
  return createHttp2Server((_request, response) => {
    response.writeHead(httpStatus, { 'content-type': 'text/html' });
    response.end('<html><body>no</body></html>');
  });
}
