import { status } from '@grpc/grpc-js';
import type { ReattachExecuteRequest, ReleaseExecuteRequest } from '../generated/spark/connect/base_pb';
import type { SparkSession } from '../session/spark-session';
import type { ScriptedFailure } from '../testing/scripted-failure';
import { ScriptedServer } from '../testing/scripted-server';
import { sendIds, sessionOf } from '../testing/scripted-session';

const UNAVAILABLE: ScriptedFailure = { code: status.UNAVAILABLE, message: 'connection lost' };
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

const ids = async () => (await spark.range(5).collect()).map((row) => Number(row['id']));
const executions = () => server.requests('ExecutePlan');
const reattaches = () => server.requests<ReattachExecuteRequest>('ReattachExecute');
const releases = () => server.requests<ReleaseExecuteRequest>('ReleaseExecute').map(({ release }) => release);

describe('a reattachable execution', () => {
  it('asks to be reattachable, releases data as it goes and everything at the end', async () => {
    server.play((stream) => {
      sendIds(stream, 'r1', 0, [0, 1]);
      sendIds(stream, 'r2', 2, [2]);
      stream.complete('r3');
    });
    await expect(ids()).resolves.toEqual([0, 1, 2]);
    await server.untilReleased();
    const [request] = executions();
    expect(request?.requestOptions[0]?.requestOption).toMatchObject({
      case: 'reattachOptions',
      value: { reattachable: true },
    });
    expect(releases().at(-1)?.case).toBe('releaseAll');
  });

  it('continues after the last response when a stream ends without result_complete', async () => {
    server.play(
      (stream) => {
        sendIds(stream, 'r1', 0, [0, 1]);
        stream.end();
      },
      (stream) => {
        stream.end();
      },
      (stream) => {
        sendIds(stream, 'r2', 2, [2, 3]);
        stream.complete('r3');
      },
    );
    await expect(ids()).resolves.toEqual([0, 1, 2, 3]);
    expect(executions()).toHaveLength(1);
    expect(reattaches().map((request) => request.lastResponseId)).toEqual(['r1', 'r1']);
    expect(new Set(reattaches().map((request) => request.operationId))).toEqual(
      new Set([executions()[0]?.operationId]),
    );
  });

  it('resumes after bursts of UNAVAILABLE, and starts counting anew after each response', async () => {
    const cut = (stream: { fail: (failure: ScriptedFailure) => void }) => {
      stream.fail(UNAVAILABLE);
    };
    server.play(
      (stream) => {
        sendIds(stream, 'r1', 0, [0]);
        cut(stream);
      },
      cut,
      cut,
      (stream) => {
        sendIds(stream, 'r2', 1, [1]);
        cut(stream);
      },
      cut,
      cut,
      (stream) => {
        stream.complete('r3');
      },
    );
    await expect(ids()).resolves.toEqual([0, 1]);
    expect(executions()).toHaveLength(1);
    expect(reattaches().map((request) => request.lastResponseId)).toEqual([
      'r1',
      'r1',
      'r1',
      'r2',
      'r2',
      'r2',
    ]);
  });

  it('gives up when the retries are used up, and still releases', async () => {
    server.play(
      ...Array.from({ length: 4 }, () => (stream: { fail: (failure: ScriptedFailure) => void }) => {
        stream.fail(UNAVAILABLE);
      }),
    );
    await expect(ids()).rejects.toMatchObject({
      code: 'CONNECTION_UNAVAILABLE',
      grpcCode: status.UNAVAILABLE,
    });
    await server.untilReleased();
    expect(server.methods().filter((method) => method === 'ReattachExecute')).toHaveLength(3);
  });

  it('sends the plan again under the same id while nothing has been received and the server does not know it', async () => {
    server.play(
      (stream) => {
        stream.fail(UNAVAILABLE);
      },
      (stream) => {
        stream.fail(invalidHandle('OPERATION_NOT_FOUND'));
      },
      (stream) => {
        stream.complete('r1');
      },
    );
    await expect(ids()).resolves.toEqual([]);
    expect(executions()).toHaveLength(2);
    expect(executions()[0]?.operationId).toBe(executions()[1]?.operationId);
  });

  it('never sends the plan again after a response has been seen', async () => {
    server.play(
      (stream) => {
        sendIds(stream, 'r1', 0, [0]);
        stream.fail(UNAVAILABLE);
      },
      (stream) => {
        stream.fail(invalidHandle('OPERATION_NOT_FOUND'));
      },
    );
    await expect(ids()).rejects.toMatchObject({ code: 'OPERATION_NOT_FOUND', sqlState: 'HY000' });
    expect(executions()).toHaveLength(1);
  });

  it('waits as long as the server asks', async () => {
    server.play(
      (stream) => {
        stream.fail({ code: status.RESOURCE_EXHAUSTED, message: 'busy', retryDelayMs: 30 });
      },
      (stream) => {
        stream.complete('r1');
      },
    );
    const startedAt = Date.now();
    await expect(ids()).resolves.toEqual([]);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(28);
  });

  it('takes a cursor lost to another stream of ours for a broken connection', async () => {
    server.play(
      (stream) => {
        stream.fail({ code: status.INTERNAL, message: '[INVALID_CURSOR.DISCONNECTED] disconnected' });
      },
      (stream) => {
        stream.complete('r1');
      },
    );
    await expect(ids()).resolves.toEqual([]);
  });

  it('replaces a stream that has fallen silent', async () => {
    await spark.close();
    spark = sessionOf(server, { streamIdleTimeoutMs: 30 });
    server.play(
      () => undefined,
      (stream) => {
        stream.complete('r1');
      },
    );
    await expect(ids()).resolves.toEqual([]);
    expect(reattaches()).toHaveLength(1);
  });

  it('refuses a gap in the rows', async () => {
    server.play((stream) => {
      sendIds(stream, 'r1', 0, [0]);
      sendIds(stream, 'r2', 5, [5]);
      stream.complete('r3');
    });
    await expect(ids()).rejects.toMatchObject({ code: 'PROTOCOL' });
    await server.untilReleased();
  });

  it('releases the operation when the reader leaves early', async () => {
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
