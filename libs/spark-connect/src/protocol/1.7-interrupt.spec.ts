import { status } from '@grpc/grpc-js';
import { randomUUID } from 'node:crypto';
import { InterruptRequest_InterruptType, type InterruptRequest } from '../generated/spark/connect/base_pb';
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

const interrupts = () => server.requests<InterruptRequest>('Interrupt');

describe('1.7 interrupt', () => {
  test('an abort interrupts by operation id and by nothing else, then releases', async () => {
    const operationId = randomUUID();
    const controller = new AbortController();
    server.interruptedIds.push([operationId]);
    server.play((stream) => {
      sendIds(stream, 'r1', 0, [0]);
    });
    const result = spark.range(5).collect({ signal: controller.signal, operationId, tags: ['t'] });
    await server.until(() => server.methods().includes('ReleaseExecute'));
    controller.abort();
    await expect(result).rejects.toMatchObject({ code: 'OPERATION_CANCELED', operationId });
    await server.untilReleased();
    expect(interrupts()).toMatchObject([
      {
        interruptType: InterruptRequest_InterruptType.OPERATION_ID,
        interrupt: { case: 'operationId', value: operationId },
      },
    ]);
  });

  test('an interrupt that overtook the plan is repeated until the operation is found', async () => {
    const controller = new AbortController();
    server.interruptedIds.push([], [], ['found']);
    server.play(() => undefined);
    const result = spark.range(5).collect({ signal: controller.signal });
    await server.until(() => server.methods().includes('ExecutePlan'));
    controller.abort();
    await expect(result).rejects.toMatchObject({ code: 'OPERATION_CANCELED' });
    expect(interrupts()).toHaveLength(3);
  });

  test('a deadline that passes interrupts by operation id, too', async () => {
    server.interruptedIds.push(['found']);
    server.play(() => undefined);
    await spark.version();
    await expect(spark.range(5).collect({ deadlineMs: 30 })).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    });
    await server.untilReleased();
    expect(interrupts()).toHaveLength(1);
  });

  test('an operation somebody else interrupted ends as canceled', async () => {
    server.play((stream) => {
      stream.fail({
        code: status.INTERNAL,
        message: '[OPERATION_CANCELED] Operation has been canceled. SQLSTATE: HY008',
      });
    });
    await expect(spark.range(5).collect()).rejects.toMatchObject({
      code: 'OPERATION_CANCELED',
      errorClass: 'OPERATION_CANCELED',
    });
  });

  test('ids, tags and ALL travel as what they are', async () => {
    const operationId = randomUUID();
    server.interruptedIds.push([operationId]);
    await expect(spark.interruptOperation(operationId)).resolves.toEqual([operationId]);
    await spark.interruptTag('t');
    await spark.interruptAllIncludingStreams();
    expect(interrupts().map(({ interruptType, interrupt }) => [interruptType, interrupt.value])).toEqual([
      [InterruptRequest_InterruptType.OPERATION_ID, operationId],
      [InterruptRequest_InterruptType.TAG, 't'],
      [InterruptRequest_InterruptType.ALL, undefined],
    ]);
  });

  test('a poll of a streaming query carries no tags, which would become tags of the query', async () => {
    server.play((stream) => {
      stream.end();
    });
    await spark.streams
      .attach('q', 'r')
      .exception()
      .catch(() => undefined);
    expect(server.requests('ExecutePlan').map(({ tags }) => tags)).toEqual([[]]);
  });
});
