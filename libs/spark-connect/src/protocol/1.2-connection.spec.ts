import { status } from '@grpc/grpc-js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { AnalyzePlanRequest } from '../generated/spark/connect/base_pb';
import { SparkSession } from '../session/spark-session';
import { ScriptedServer } from '../testing/scripted-server';
import { sendIds, sessionOf } from '../testing/scripted-session';
import { selfSignedCertificate } from '../testing/self-signed-certificate';

let server: ScriptedServer;

beforeEach(async () => {
  server = await ScriptedServer.start();
});

afterEach(() => {
  server.close();
});

const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as {
  readonly version: string;
};
const FIXED = new RegExp(
  `^spark-connect-js/${version.replaceAll('.', '\\.')} spark/4\\.0\\.1 node/\\d\\S+ os/\\S+$`,
);

async function clientTypeFor(parameters: string): Promise<string> {
  const spark = sessionOf(server, {}, parameters);
  await spark.version();
  await spark.close();
  return server.requests<AnalyzePlanRequest>('AnalyzePlan').at(-1)?.clientType ?? '';
}

describe('1.2 headers', () => {
  test('carry the token, the pool and every parameter the protocol does not know, on all kinds of calls', async () => {
    const spark = sessionOf(server, {}, ';token=secret;x-team=a').withSchedulerPool('p');
    server.play(
      (stream) => {
        stream.end();
      },
      (stream) => {
        stream.complete('r1');
      },
    );
    await spark.range(1).collect();
    await server.untilReleased();
    expect(server.methods()).toEqual(['ExecutePlan', 'ReattachExecute', 'ReleaseExecute']);
    for (const { headers } of [...server.handshakes, ...server.calls]) {
      expect(headers).toMatchObject({
        'x-spark-scheduler-pool': 'p',
        authorization: 'Bearer secret',
        'x-team': 'a',
      });
    }
    await spark.close();
  });

  test('of a view are not those of its session', async () => {
    const spark = sessionOf(server);
    await spark.withSchedulerPool('batch-pool').version();
    await spark.version();
    expect(server.calls[0]?.headers).toHaveProperty('x-spark-scheduler-pool', 'batch-pool');
    expect(server.calls[1]?.headers).not.toHaveProperty('x-spark-scheduler-pool');
    await spark.close();
  });
});

describe('1.2 the connection', () => {
  test('is one for a session and all its views and kinds of calls', async () => {
    const spark = sessionOf(server);
    server.play((stream) => {
      stream.complete('r1');
    });
    await Promise.all([spark.version(), spark.withSchedulerPool('p').version(), spark.range(1).collect()]);
    await server.untilReleased();
    expect(new Set(server.calls.map(({ peer }) => peer)).size).toBe(1);
    await spark.close();
  });

  test('is one of its own for another session', async () => {
    const [one, another] = [sessionOf(server), sessionOf(server)];
    await Promise.all([one.version(), another.version()]);
    expect(new Set(server.calls.map(({ peer }) => peer)).size).toBe(2);
    await Promise.all([one.close(), another.close()]);
  });

  test('is opened by the first request, not by the builder', () => {
    const spark = SparkSession.builder().remote('sc://127.0.0.1:1').build();
    return expect(spark.close()).resolves.toBeUndefined();
  });
});

describe('1.2 the user agent', () => {
  test('names library with the version of the package, Spark of the protocol, node and system, also in the header', async () => {
    await expect(clientTypeFor('')).resolves.toMatch(FIXED);
    expect(server.calls[0]?.headers['user-agent']).toMatch(
      /^spark-connect-js\/\S+ spark\/4\.0\.1 .*grpc-node/,
    );
  });

  test('begins with the name the caller gives', async () => {
    const clientType = await clientTypeFor(';user_agent=my%20app');
    expect(clientType).toMatch(/^my app spark-connect-js\//);
  });

  test('is cut in the name and keeps the rest, within 2048 characters', async () => {
    const clientType = await clientTypeFor(`;user_agent=${'a'.repeat(5_000)}`);
    expect(clientType).toHaveLength(2_048);
    expect(clientType.replace(/^a+ /, '')).toMatch(FIXED);
  });

  test('is percent-encoded where a header could not carry it', async () => {
    await expect(clientTypeFor(`;user_agent=${encodeURIComponent('Löwe 🦁')}`)).resolves.toMatch(
      /^L%C3%B6we %F0%9F%A6%81 spark/,
    );
  });
});

describe('1.2 the message size', () => {
  test('of the connection string bounds what is received', async () => {
    const spark = sessionOf(server, {}, ';grpc_max_message_size=400');
    server.play((stream) => {
      sendIds(
        stream,
        'r1',
        0,
        Array.from({ length: 1_000 }, (_, id) => id),
      );
    });
    await expect(spark.range(1).collect()).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE' });
    await spark.close();
  });

  test('of the connection string bounds what is sent', async () => {
    const spark = sessionOf(server, {}, ';grpc_max_message_size=400');
    const error: unknown = await spark.sql(`SELECT '${'x'.repeat(500)}'`).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'MESSAGE_TOO_LARGE' });
    expect(String(error)).toContain('grpc_max_message_size');
    await spark.close();
  });

  test('is 128 MiB by default: more than the 4 MiB of grpc-js pass', async () => {
    const spark = sessionOf(server);
    const data = new Uint8Array(5 * 1024 * 1024);
    server.play((stream) => {
      stream.send('r1', {
        responseType: { case: 'arrowBatch', value: { rowCount: 1n, startOffset: 0n, data } },
      });
      stream.complete('r2');
    });
    const lengths: number[] = [];
    for await (const batch of spark.range(1).toArrowBatches()) lengths.push(batch.length);
    expect(lengths).toEqual([data.length]);
    await spark.close();
  });
});

describe('1.2 TLS', () => {
  const pair = selfSignedCertificate();
  let secure: ScriptedServer;

  beforeAll(async () => {
    secure = await ScriptedServer.start(pair);
  });

  afterAll(() => {
    secure.close();
  });

  const builder = (parameters = '') =>
    SparkSession.builder().remote(`sc://localhost:${String(secure.port)}/;user_id=u${parameters}`);

  test('trusts the root certificates it is given, and carries the token', async () => {
    const spark = builder(';token=secret').tls({ rootCertificates: pair.certificate }).build();
    await expect(spark.version()).resolves.toBe('4.0.1');
    expect(secure.calls.at(-1)?.headers).toHaveProperty('authorization', 'Bearer secret');
    await spark.close();
  });

  test('trusts nobody else: one error, without retries', async () => {
    const spark = builder(';use_ssl=true').build();
    const error: unknown = await spark.version({ deadlineMs: 20_000 }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'TLS_FAILED' });
    expect(String(error)).toMatch(/self-signed certificate.*rootCertificates/);
    await spark.close();
  });

  test('compares the name in the certificate', async () => {
    const tls = { rootCertificates: pair.certificate, serverName: 'elsewhere.example' };
    const spark = builder().tls(tls).build();
    await expect(spark.version()).rejects.toMatchObject({ code: 'TLS_FAILED' });
    await spark.close();
    const named = builder()
      .tls({ ...tls, serverName: 'localhost' })
      .build();
    await expect(named.version()).resolves.toBe('4.0.1');
    await named.close();
  });

  test('towards a server of clear text is one error, without retries', async () => {
    const spark = sessionOf(server, {}, ';use_ssl=true');
    await expect(spark.version()).rejects.toMatchObject({ code: 'TLS_FAILED' });
    await spark.close();
  });

  test.each([
    { clientCertificate: pair.certificate },
    { clientKey: pair.key },
    { rootCertificates: 'no certificate', clientCertificate: 'x', clientKey: 'y' },
  ])('refuses unusable certificates with a TypeError (%#)', (tls) => {
    expect(() => builder().tls(tls).build()).toThrow(TypeError);
  });
});

describe('1.2 a token', () => {
  const build = (host: string, parameters = '') =>
    SparkSession.builder().remote(`sc://${host}:15002/;token=secret${parameters}`);

  test.each(['localhost', '127.0.0.1', '127.1.2.3', '[::1]', 'spark.localhost'])(
    'may travel in clear text to %s, which is this machine',
    async (host) => {
      await expect(build(host).build().close()).resolves.toBeUndefined();
    },
  );

  test.each(['spark.example', '10.0.0.1', '[fe80::1]', 'localhost.example', '127.0.0.1.example'])(
    'may not travel in clear text to %s: a TypeError names the cure and not the token',
    (host) => {
      expect(() => build(host).build()).toThrow(TypeError);
      expect(() => build(host).build()).toThrow(/use_ssl=true.*allowInsecureToken/);
      expect(() => build(host).build()).not.toThrow('secret');
    },
  );

  test('may travel anywhere by TLS, or where that is allowed explicitly', async () => {
    await build('spark.example', ';use_ssl=true').build().close();
    await build('spark.example').tls().build().close();
    await build('spark.example').allowInsecureToken().build().close();
    expect.assertions(0);
  });

  test('is not shown by a session, a builder or an error that is logged', async () => {
    server.handshakeFailures.push({ code: status.UNAUTHENTICATED, message: 'Invalid authentication token' });
    const builder = SparkSession.builder().remote(`sc://127.0.0.1:${String(server.port)}/;token=hush-hush`);
    const spark = builder.build();
    const error: unknown = await spark.version().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(String(error)).toMatch(/refused the token .*spark\.connect\.authenticate\.token/);
    expect(String(error)).not.toContain('Give token');
    for (const shown of [spark, builder, error]) {
      expect(inspect(shown, { depth: 20, showHidden: true })).not.toContain('hush');
    }
    await spark.close();
  });
});
