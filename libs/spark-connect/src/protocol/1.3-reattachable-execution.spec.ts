import { status } from '@grpc/grpc-js';
import type { ReattachExecuteRequest, ReleaseExecuteRequest } from '../generated/spark/connect/base_pb';
import type { SparkSession } from '../session/spark-session';
import { UNAVAILABLE, invalidHandle } from '../testing/scripted-failure';
import { ScriptedServer, type ScriptedStream, type StreamScript } from '../testing/scripted-server';
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

const ids = async () => (await spark.range(5).collect()).map((row) => Number(row['id']));
const executions = () => server.requests('ExecutePlan');
const reattaches = () => server.requests<ReattachExecuteRequest>('ReattachExecute');
const releases = () => server.requests<ReleaseExecuteRequest>('ReleaseExecute').map(({ release }) => release);

const cut: StreamScript = (stream) => {
  stream.fail(UNAVAILABLE);
};
const end: StreamScript = (stream) => {
  stream.end();
};
const unknown: StreamScript = (stream) => {
  stream.fail(invalidHandle('OPERATION_NOT_FOUND'));
};
const complete: StreamScript = (stream) => {
  stream.complete('last');
};
/** Sends one batch and goes on as told. */
const batch =
  (responseId: string, startOffset: number, values: readonly number[], then: StreamScript): StreamScript =>
  (stream: ScriptedStream) => {
    sendIds(stream, responseId, startOffset, values);
    return then(stream);
  };

describe('1.3 reattachable execution', () => {
  test('1: the plan is sent with a UUID of this side and the wish to be reattachable', async () => {
    server.play(complete);
    await ids();
    expect(executions()[0]?.operationId).toMatch(/^[0-9a-f-]{36}$/);
    expect(executions()[0]?.requestOptions[0]?.requestOption).toMatchObject({
      case: 'reattachOptions',
      value: { reattachable: true },
    });
  });

  test('2: data is released as it is read, up to the response that was read', async () => {
    server.play((stream) => {
      sendIds(stream, 'r1', 0, [0, 1]);
      void server
        .until(() => releases().length > 0)
        .then(() => {
          stream.complete('r2');
        });
    });
    await expect(ids()).resolves.toEqual([0, 1]);
    expect(releases()[0]).toMatchObject({ case: 'releaseUntil', value: { responseId: 'r1' } });
  });

  test('2: what carries no data stays with the server until the end, so that another process can adopt all of it', async () => {
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

  test('2: a release that fails is no failure of the execution', async () => {
    server.failuresOf('ReleaseExecute').push(invalidHandle('OPERATION_NOT_FOUND'));
    server.play(batch('r1', 0, [0], complete));
    await expect(ids()).resolves.toEqual([0]);
  });

  test('3: a stream that ends without result_complete is continued by ReattachExecute after the last response id', async () => {
    server.play(batch('r1', 0, [0, 1], end), end, batch('r2', 2, [2, 3], complete));
    await expect(ids()).resolves.toEqual([0, 1, 2, 3]);
    expect(executions()).toHaveLength(1);
    expect(reattaches().map((request) => request.lastResponseId)).toEqual(['r1', 'r1']);
    expect(new Set(reattaches().map((request) => request.operationId))).toEqual(
      new Set([executions()[0]?.operationId]),
    );
  });

  test('3: a stream that ends before any response is continued without a last response id', async () => {
    server.play(end, batch('r1', 0, [0], complete));
    await expect(ids()).resolves.toEqual([0]);
    expect(executions()).toHaveLength(1);
    expect(reattaches().map((request) => request.lastResponseId)).toEqual([undefined]);
  });

  test('3: a stream that broke is continued after the last response id', async () => {
    server.play(batch('r1', 0, [0], cut), batch('r2', 1, [1], complete));
    await expect(ids()).resolves.toEqual([0, 1]);
    expect(executions()).toHaveLength(1);
    expect(reattaches().map((request) => request.lastResponseId)).toEqual(['r1']);
  });

  test('4: after result_complete everything is released and nothing more is read', async () => {
    server.play(batch('r1', 0, [0], complete));
    await expect(ids()).resolves.toEqual([0]);
    await server.untilReleased();
    expect(releases().at(-1)?.case).toBe('releaseAll');
    expect(reattaches()).toEqual([]);
  });

  test.each(['OPERATION_NOT_FOUND', 'SESSION_NOT_FOUND'])(
    '5: the plan is sent again under the same id while nothing has been received and the server answers %s',
    async (kind) => {
      const lost: StreamScript = (stream) => {
        stream.fail(invalidHandle(kind));
      };
      server.play(cut, lost, complete);
      await expect(ids()).resolves.toEqual([]);
      expect(executions()).toHaveLength(2);
      expect(executions()[0]?.operationId).toBe(executions()[1]?.operationId);
    },
  );

  test('5: a plan that seemed lost and had arrived after all is reattached to', async () => {
    const exists: StreamScript = (stream) => {
      stream.fail(invalidHandle('OPERATION_ALREADY_EXISTS'));
    };
    server.play(cut, unknown, exists, batch('r1', 0, [0], complete));
    await expect(ids()).resolves.toEqual([0]);
    expect(server.methods().filter((name) => name !== 'ReleaseExecute')).toEqual([
      'ExecutePlan',
      'ReattachExecute',
      'ExecutePlan',
      'ReattachExecute',
    ]);
  });

  test('5: the plan is never sent again after a response has been seen', async () => {
    server.play(batch('r1', 0, [0], cut), unknown);
    await expect(ids()).rejects.toMatchObject({ code: 'OPERATION_NOT_FOUND', sqlState: 'HY000' });
    expect(executions()).toHaveLength(1);
  });

  test('5: an operation the server gave up (OPERATION_ABANDONED) is not sent again', async () => {
    server.play(cut, (stream) => {
      stream.fail(invalidHandle('OPERATION_ABANDONED'));
    });
    await expect(ids()).rejects.toMatchObject({ code: 'OPERATION_NOT_FOUND' });
    expect(executions()).toHaveLength(1);
  });

  test('6: after a final error everything is released', async () => {
    server.play((stream) => {
      stream.fail({ code: status.INTERNAL, message: '[DIVIDE_BY_ZERO] Division by zero.' });
    });
    await expect(ids()).rejects.toMatchObject({ errorClass: 'DIVIDE_BY_ZERO' });
    await server.untilReleased();
  });

  test('6: a reader who leaves early releases everything', async () => {
    server.play(async (stream) => {
      sendIds(stream, 'r1', 0, [0, 1]);
      await stream.canceled();
    });
    for await (const row of spark.range(5).toLocalIterator()) {
      expect(row).toEqual({ id: 0n });
      break;
    }
    await server.untilReleased();
  });
});

describe('1.3 an execution that needs no result buffer', () => {
  test('is sent as not reattachable, and repeated as a whole under another id', async () => {
    server.play(cut, (stream) => {
      const status = {
        statusMessage: 'idle',
        isDataAvailable: false,
        isTriggerActive: false,
        isActive: true,
      };
      const resultType = { case: 'status', value: status } as const;
      const value = { queryId: { id: 'q', runId: 'r' }, resultType };
      stream.send('r1', { responseType: { case: 'streamingQueryCommandResult', value } });
      stream.end();
    });
    await expect(spark.streams.attach('q', 'r').status()).resolves.toMatchObject({ isActive: true });
    const [first, second] = executions();
    expect(first?.requestOptions[0]?.requestOption).toMatchObject({ value: { reattachable: false } });
    expect(first?.operationId).not.toBe(second?.operationId);
    expect(releases()).toEqual([]);
  });
});
