import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import type {
  InterruptRequest,
  ReattachExecuteRequest,
  ReleaseExecuteRequest,
} from '../generated/spark/connect/base_pb';
import type { SparkSession } from '../session/spark-session';
import type { ScriptedFailure } from '../testing/scripted-failure';
import { ScriptedServer } from '../testing/scripted-server';
import { sendIds, sessionOf } from '../testing/scripted-session';

const invalidHandle = (kind: string): ScriptedFailure => ({
  code: status.INTERNAL,
  message: `[INVALID_HANDLE.${kind}] The handle is invalid.`,
  metadata: { errorClass: `INVALID_HANDLE.${kind}`, sqlState: 'HY000' },
});

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

const reattaches = () => server.requests<ReattachExecuteRequest>('ReattachExecute');
const releases = () => server.requests<ReleaseExecuteRequest>('ReleaseExecute').map(({ release }) => release);

describe('ending an execution from this side', () => {
  it('interrupts by operation id on abort, then releases', async () => {
    const operationId = randomUUID();
    const controller = new AbortController();
    server.interruptedIds.push([operationId]);
    server.play((stream) => {
      sendIds(stream, 'r1', 0, [0]);
    });
    const result = spark.range(5).collect({ signal: controller.signal, operationId });
    await server.until(() => server.methods().includes('ReleaseExecute'));
    controller.abort();
    await expect(result).rejects.toMatchObject({ code: 'OPERATION_CANCELED', operationId });
    await server.untilReleased();
    const interrupts = server.requests<InterruptRequest>('Interrupt');
    expect(interrupts.map(({ interrupt }) => interrupt.value)).toEqual([operationId]);
  });

  it('repeats an interrupt that overtook the plan', async () => {
    const controller = new AbortController();
    server.interruptedIds.push([], [], ['found']);
    server.play(() => undefined);
    const result = spark.range(5).collect({ signal: controller.signal });
    await server.until(() => server.methods().includes('ExecutePlan'));
    controller.abort();
    await expect(result).rejects.toMatchObject({ code: 'OPERATION_CANCELED' });
    expect(server.methods().filter((method) => method === 'Interrupt')).toHaveLength(3);
  });

  it('sends nothing when it was aborted before it began', async () => {
    await expect(spark.range(5).collect({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'OPERATION_CANCELED',
    });
    expect(server.calls).toEqual([]);
  });

  it('keeps the deadline of an action', async () => {
    server.interruptedIds.push(['found']);
    server.play(() => undefined);
    await expect(spark.range(5).collect({ deadlineMs: 30 })).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    });
    await server.untilReleased();
  });
});

describe('adopting an execution of an earlier process', () => {
  it('reattaches by id and never executes', async () => {
    const operationId = randomUUID();
    server.play(
      (stream) => {
        stream.end();
      },
      (stream) => {
        stream.complete('r9');
      },
    );
    await expect(spark.reattach(operationId)).resolves.toEqual({ operationId, rows: [] });
    expect(server.methods()).not.toContain('ExecutePlan');
    expect(reattaches().map((request) => [request.operationId, request.lastResponseId])).toEqual([
      [operationId, undefined],
      [operationId, undefined],
    ]);
  });

  it('says that the server does not know it', async () => {
    server.play((stream) => {
      stream.fail(invalidHandle('OPERATION_NOT_FOUND'));
    });
    await expect(spark.reattach(randomUUID())).rejects.toMatchObject({ code: 'OPERATION_NOT_FOUND' });
    expect(server.methods()).not.toContain('ExecutePlan');
  });

  it('leaves progress unreleased, so that the whole buffer is there for the next process', async () => {
    const seen: number[] = [];
    server.play((stream) => {
      const value = { stages: [{ stageId: 7n, numTasks: 4n, numCompletedTasks: 1n }], numInflightTasks: 2n };
      stream.send('r1', { responseType: { case: 'executionProgress', value } });
      stream.complete('r2');
    });
    await spark.range(5).write.save('/t', { onProgress: (progress) => seen.push(progress.numInflightTasks) });
    await server.untilReleased();
    expect(seen).toEqual([2]);
    expect(releases().map((release) => release.case)).toEqual(['releaseAll']);
  });
});

describe('the execution request', () => {
  it('carries the id and the tags of the caller', async () => {
    const operationId = randomUUID();
    server.play((stream) => {
      stream.complete('r1');
    });
    await spark.range(5).collect({ operationId, tags: ['a', 'b'] });
    const [request] = server.requests('ExecutePlan');
    expect(request).toMatchObject({ operationId, tags: ['a', 'b'] });
  });
});
