import { randomUUID } from 'node:crypto';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type {
  ExecutePlanResponseSchema,
  InterruptRequest,
  ReattachExecuteRequest,
  ReleaseExecuteRequest,
} from '../generated/spark/connect/base_pb';
import type { SparkSession } from '../session/spark-session';
import { StreamingQuery } from '../streaming/streaming-query';
import { invalidHandle } from '../testing/scripted-failure';
import { ScriptedServer, type StreamScript } from '../testing/scripted-server';
import { arrowOfIds, sendIds, sessionOf } from '../testing/scripted-session';

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

const executions = () => server.requests('ExecutePlan');
const reattaches = () => server.requests<ReattachExecuteRequest>('ReattachExecute');
const releases = () => server.requests<ReleaseExecuteRequest>('ReleaseExecute').map(({ release }) => release);

const complete: StreamScript = (stream) => {
  stream.complete('last');
};
const answering =
  (response: MessageInitShape<typeof ExecutePlanResponseSchema>): StreamScript =>
  (stream) => {
    stream.send('r1', response);
    stream.complete('r2');
  };

describe('1.3 adopting an execution of an earlier process', () => {
  test('reattaches by id and never executes', async () => {
    const operationId = randomUUID();
    server.play((stream) => {
      stream.end();
    }, complete);
    await expect(spark.reattach(operationId)).resolves.toEqual({ operationId, rows: [] });
    expect(executions()).toEqual([]);
    expect(reattaches().map((request) => [request.operationId, request.lastResponseId])).toEqual([
      [operationId, undefined],
      [operationId, undefined],
    ]);
  });

  test('goes on after the response the earlier process consumed, wherever that was', async () => {
    server.play((stream) => {
      sendIds(stream, 'r8', 40, [40, 41]);
      stream.complete('last');
    });
    const { rows } = await spark.reattach(randomUUID(), { lastResponseId: 'r7' });
    expect(rows).toEqual([{ id: 40n }, { id: 41n }]);
    expect(reattaches()[0]?.lastResponseId).toBe('r7');
  });

  test('says that the server does not know it', async () => {
    server.play((stream) => {
      stream.fail(invalidHandle('OPERATION_NOT_FOUND'));
    });
    await expect(spark.reattach(randomUUID())).rejects.toMatchObject({ code: 'OPERATION_NOT_FOUND' });
    expect(executions()).toEqual([]);
  });

  test('of a SQL statement gives its result', async () => {
    const relation = { relType: { case: 'localRelation', value: { data: arrowOfIds([7]) } } } as const;
    server.play(answering({ responseType: { case: 'sqlCommandResult', value: { relation } } }), (stream) => {
      sendIds(stream, 'r1', 0, [7]);
      stream.complete('r2');
    });
    const { dataFrame, rows } = await spark.reattach(randomUUID());
    expect(rows).toEqual([]);
    await expect(dataFrame?.collect()).resolves.toEqual([{ id: 7n }]);
    expect(executions()[0]?.plan?.opType).toMatchObject({
      case: 'root',
      value: { relType: { case: 'localRelation' } },
    });
  });

  test('of a checkpoint gives the DataFrame that begins there', async () => {
    const value = { relation: { relationId: 'checkpoint-1' } };
    server.play(answering({ responseType: { case: 'checkpointCommandResult', value } }), complete);
    const { dataFrame } = await spark.reattach(randomUUID());
    await dataFrame?.releaseCheckpoint();
    expect(executions()[0]?.plan?.opType).toMatchObject({
      value: { commandType: { value: { relation: { relationId: 'checkpoint-1' } } } },
    });
  });

  test('of a start gives the streaming query', async () => {
    const value = { queryId: { id: 'i', runId: 'r' }, name: 'q' };
    server.play(answering({ responseType: { case: 'writeStreamOperationStartResult', value } }));
    const { streamingQuery } = await spark.reattach(randomUUID());
    expect(streamingQuery).toBeInstanceOf(StreamingQuery);
    expect(streamingQuery).toMatchObject({ id: 'i', runId: 'r', name: 'q' });
  });
});

describe('1.3 adopting a large result', () => {
  test('gives its rows one by one, and what is consumed is told and released', async () => {
    const consumed: string[] = [];
    server.play((stream) => {
      sendIds(stream, 'r8', 40, [40, 41]);
      sendIds(stream, 'r9', 42, [42]);
      void server
        .until(() => releases().length > 0)
        .then(() => {
          stream.complete('last');
        });
    });
    const rows: unknown[] = [];
    const options = { lastResponseId: 'r7', onConsumed: (id: string) => void consumed.push(id) };
    for await (const row of spark.reattachToLocalIterator(randomUUID(), options)) rows.push(row);
    expect(rows).toEqual([{ id: 40n }, { id: 41n }, { id: 42n }]);
    expect(consumed).toEqual(['r8', 'r9']);
    await server.untilReleased();
  });

  test('and leaving it early leaves it to the next process', async () => {
    server.play(async (stream) => {
      sendIds(stream, 'r1', 0, [0, 1]);
      await stream.canceled();
    });
    for await (const row of spark.reattachToLocalIterator(randomUUID())) {
      expect(row).toEqual({ id: 0n });
      break;
    }
    await spark.close();
    expect(releases()).toEqual([]);
  });
});

describe('1.3 an abort of an adopted execution', () => {
  const silent: StreamScript = () => undefined;
  const interrupts = () => server.requests<InterruptRequest>('Interrupt');

  async function abortWhenAdopted(onAbort?: 'interrupt' | 'detach'): Promise<void> {
    const controller = new AbortController();
    server.play(silent);
    const result = spark.reattach(randomUUID(), { signal: controller.signal, onAbort });
    await server.until(() => reattaches().length > 0);
    controller.abort();
    await expect(result).rejects.toMatchObject({
      code: 'OPERATION_CANCELED',
      message: expect.stringMatching(onAbort === 'detach' ? /goes on/ : /aborted/) as string,
    });
    await spark.close();
  }

  test.each([undefined, 'interrupt' as const])('interrupts and releases it (%s)', async (onAbort) => {
    server.interruptedIds.push(['found']);
    await abortWhenAdopted(onAbort);
    expect(interrupts()).toHaveLength(1);
    expect(releases().map((release) => release.case)).toEqual(['releaseAll']);
  });

  test('only stops waiting where that is asked for', async () => {
    await abortWhenAdopted('detach');
    expect([interrupts(), releases()]).toEqual([[], []]);
  });

  test('and so does a deadline, which says what became of it', async () => {
    await spark.version();
    for (const [onAbort, words] of [
      ['detach', /was left running/],
      ['interrupt', /was interrupted/],
    ] as const) {
      server.play(silent);
      await expect(spark.reattach(randomUUID(), { deadlineMs: 30, onAbort })).rejects.toMatchObject({
        code: 'DEADLINE_EXCEEDED',
        message: expect.stringMatching(words) as string,
      });
      expect(interrupts().length > 0).toBe(onAbort === 'interrupt');
    }
  });
});
