import { status } from '@grpc/grpc-js';
import { randomUUID } from 'node:crypto';
import type { AnalyzePlanRequest, ConfigRequest } from '../generated/spark/connect/base_pb';
import { SparkSession } from '../session/spark-session';
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

const complete = (): void => {
  server.play((stream) => {
    stream.complete('r1');
  });
};

describe('1.1 what a server would refuse is refused here, with a TypeError and before anything is sent', () => {
  test('a session id that is no UUID', () => {
    expect(() => SparkSession.builder().remote('sc://127.0.0.1/;session_id=7').build()).toThrow(TypeError);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['of an action', () => spark.range(1).collect({ operationId: 'mine' })],
    ['of a reattach', () => spark.reattach('mine')],
    ['of an interrupt', () => spark.interruptOperation('mine')],
  ])('an operation id that is no UUID, %s', async (_what, call) => {
    const refused = expect(call()).rejects;
    await refused.toThrow(new TypeError("an operation id must be a UUID: 'mine'"));
    expect([...server.calls, ...server.handshakes]).toEqual([]);
  });

  test.each(['', 'a,b'])("the tag '%s'", async (tag) => {
    const message = new TypeError(`a tag must not be empty nor have a comma: '${tag}'`);
    await expect(spark.range(1).collect({ tags: ['fine', tag] })).rejects.toThrow(message);
    await expect(spark.interruptTag(tag)).rejects.toThrow(message);
    expect([...server.calls, ...server.handshakes]).toEqual([]);
  });

  test.each([Number.NaN, -1])('a deadline of %p milliseconds', async (deadlineMs) => {
    await expect(spark.range(1).collect({ deadlineMs })).rejects.toThrow(TypeError);
  });
});

describe('1.1 the execution request', () => {
  test('carries the operation id and the tags of the caller', async () => {
    const operationId = randomUUID();
    complete();
    await spark.range(5).collect({ operationId, tags: ['a', 'b'] });
    expect(server.requests('ExecutePlan')).toMatchObject([{ operationId, tags: ['a', 'b'] }]);
  });

  test('carries an id of its own making where the caller gives none, and another one each time', async () => {
    complete();
    complete();
    await spark.range(5).collect();
    await spark.range(5).collect();
    const ids = server.requests('ExecutePlan').map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
  });

  test('carries the plan of a SQL statement as a command, its values bound', async () => {
    server.play((stream) => {
      const value = { relation: { relType: { case: 'range', value: { end: 1n, step: 1n } } } } as const;
      stream.send('r1', { responseType: { case: 'sqlCommandResult', value } });
      stream.complete('r2');
    });
    const result = await spark.sql('SELECT :a', { a: 5n });
    const literal = { exprType: { value: { literalType: { case: 'long', value: 5n } } } };
    const sql = { case: 'sql', value: { query: 'SELECT :a', namedArguments: { a: literal } } };
    const command = { commandType: { case: 'sqlCommand', value: { input: { relType: sql } } } };
    expect(server.requests('ExecutePlan')[0]?.plan?.opType).toMatchObject({
      case: 'command',
      value: command,
    });
    expect(result.relation.relType.case).toBe('range');
  });
});

describe('1.1 the first request of a session', () => {
  test('asks for the version, once for all views, however many calls begin at the same time', async () => {
    await Promise.all([spark.version(), spark.withSchedulerPool('p').version(), spark.conf.get('k')]);
    await spark.version();
    expect(server.handshakes).toHaveLength(1);
  });

  test('is followed by the confs of the builder, sent once and before the request itself', async () => {
    const configured = SparkSession.builder()
      .remote(`sc://127.0.0.1:${String(server.port)}`)
      .config('spark.sql.session.timeZone', 'UTC')
      .build();
    expect(server.calls).toEqual([]);
    await Promise.all([configured.version(), configured.withSchedulerPool('p').version()]);
    await configured.version();
    expect(server.methods()).toEqual(['Config', 'AnalyzePlan', 'AnalyzePlan', 'AnalyzePlan']);
    expect(server.requests<ConfigRequest>('Config')[0]?.operation?.opType).toMatchObject({
      case: 'set',
      value: { pairs: [{ key: 'spark.sql.session.timeZone', value: 'UTC' }] },
    });
    await configured.close();
  });

  test('is made again with the next call when it failed, and not by the calls that waited for it', async () => {
    server.handshakeFailures.push({ code: status.INVALID_ARGUMENT, message: 'not now' });
    const both = await Promise.allSettled([spark.version(), spark.version()]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(server.handshakes).toHaveLength(1);
    await expect(spark.version()).resolves.toBe('4.0.1');
    expect(server.requests<AnalyzePlanRequest>('AnalyzePlan')).toHaveLength(1);
  });

  test('is made with the patience of the next call when the first call lost its own', async () => {
    server.silent.add('handshake');
    const controller = new AbortController();
    const first = spark.version({ signal: controller.signal });
    const firstEnd = expect(first).rejects.toMatchObject({ code: 'OPERATION_CANCELED' });
    await server.until(() => server.handshakes.length === 1);
    const second = spark.version();
    server.silent.clear();
    controller.abort();
    await firstEnd;
    await expect(second).resolves.toBe('4.0.1');
  });
});
