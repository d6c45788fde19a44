import { promises as dns } from 'node:dns';
import { SparkSession } from '../session/spark-session';
import { ScriptedServer } from '../testing/scripted-server';
import { sessionOf } from '../testing/scripted-session';

/** What the call threw, as somebody who logs it would see it. */
function thrown(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof TypeError) return `${error.message}\n${error.stack ?? ''}`;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('1.2 a header that gRPC could not send is refused at once, by a TypeError that never shows its value', () => {
  const spark = SparkSession.builder().remote('sc://127.0.0.1:1').build();
  const withParameter = (text: string) => () =>
    SparkSession.builder().remote(`sc://127.0.0.1/;${text}`).build();

  afterAll(() => spark.close());

  test.each([
    ['token', withParameter(`token=${encodeURIComponent('hüsh€')}`)],
    ['token', withParameter('token=h%0Dsh')],
    ['x-team', withParameter(`x-team=${encodeURIComponent('hüsh')}`)],
    ['x-team', () => spark.withHeaders({ 'X-Team': 'hüsh' })],
    ['x-spark-scheduler-pool', () => spark.withSchedulerPool('hüsh')],
    ['x-spark-scheduler-pool', () => SparkSession.builder().schedulerPool('hüsh')],
  ])('for the value of %s (%#)', (name, call) => {
    const message = thrown(call);
    expect(message).toContain(`${name} must be printable ASCII`);
    expect(message).not.toMatch(/h.sh/);
  });

  test.each([
    ['x y', 'letters, digits'],
    ['größe', 'letters, digits'],
    [':path', 'letters, digits'],
    ['', 'letters, digits'],
    ['trace-bin', '-bin'],
    ['grpc-timeout', 'gRPC sets it itself'],
    ['Content-Type', 'gRPC sets it itself'],
    ['connection', 'gRPC sets it itself'],
  ])("for the name '%s'", (name, reason) => {
    const message = thrown(() => spark.withHeaders({ [name]: 'hush' }));
    expect(message).toContain(`'${name.toLowerCase()}' cannot be a header name`);
    expect(message).toContain(reason);
    expect(message).not.toContain('hush');
  });

  test('for the name of a parameter', () => {
    expect(thrown(withParameter('trace-bin=hush'))).toContain("'trace-bin' cannot be a header name");
    expect(thrown(withParameter('grpc-timeout=hush'))).toContain("'grpc-timeout' cannot be a header name");
  });
});

describe('1.2 the headers of a view', () => {
  test('replace those of the connection string, in whatever case they are written', async () => {
    const server = await ScriptedServer.start();
    const spark = sessionOf(server, {}, ';x-team=a');
    await spark.withHeaders({ 'X-Team': 'b' }).version();
    expect(server.calls[0]?.headers).toHaveProperty('x-team', 'b');
    await spark.close();
    server.close();
  });
});

describe('1.2 the connection', () => {
  test('asks DNS for addresses, and not for a policy of retries', async () => {
    const server = await ScriptedServer.start();
    const [texts, addresses] = [jest.spyOn(dns, 'resolveTxt'), jest.spyOn(dns, 'lookup')];
    const spark = SparkSession.builder()
      .remote(`sc://localhost:${String(server.port)}`)
      .build();
    await expect(spark.version()).resolves.toBe('4.0.1');
    expect(addresses).toHaveBeenCalled();
    expect(texts).not.toHaveBeenCalled();
    jest.restoreAllMocks();
    await spark.close();
    server.close();
  });
});
