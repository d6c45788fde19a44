import { status } from '@grpc/grpc-js';
import { DEFAULT_RETRY_POLICY, RetryState, isRetryable } from '../channel/retry-policy';
import { GrpcFailure, grpcFailureOf } from '../errors/grpc-failure';
import type { ReattachExecuteRequest } from '../generated/spark/connect/base_pb';
import type { SparkSession } from '../session/spark-session';
import { UNAVAILABLE, serviceErrorOf, type ScriptedFailure } from '../testing/scripted-failure';
import { ScriptedServer, type StreamScript } from '../testing/scripted-server';
import { FAST_RETRIES, sendIds, sessionOf } from '../testing/scripted-session';

/** As policies of users see it: a number, as the API shows no enum of grpc-js. */
const ABORTED: number = status.ABORTED;

const failure = (code: status, message = '', retryDelayMs?: number) =>
  new GrpcFailure(code, message, undefined, retryDelayMs);
const failing =
  (scripted: ScriptedFailure): StreamScript =>
  (stream) => {
    stream.fail(scripted);
  };
const cut = failing(UNAVAILABLE);
const complete: StreamScript = (stream) => {
  stream.complete('last');
};

describe('1.4 what is retried', () => {
  test.each([
    [failure(status.UNAVAILABLE), true],
    [failure(status.INTERNAL), false],
    [failure(status.INTERNAL, '[INVALID_CURSOR.DISCONNECTED] x'), true],
    [failure(status.INTERNAL, '[INVALID_CURSOR.NOT_REATTACHABLE] x'), false],
    [failure(status.RESOURCE_EXHAUSTED), false],
    [failure(status.RESOURCE_EXHAUSTED, '', 10), true],
    [failure(status.DEADLINE_EXCEEDED), false],
    [failure(status.CANCELLED), false],
    [failure(status.UNAUTHENTICATED), false],
    [failure(status.UNAVAILABLE, 'No connection established. Last error: Protocol error'), false],
    [failure(status.UNAVAILABLE, 'No connection established. Last error: self-signed certificate'), false],
    [new Error('UNAVAILABLE'), false],
  ])('%p: %p', (error, expected) => {
    expect(isRetryable(error)).toBe(expected);
  });

  test('a policy may decide otherwise, knowing the verdict of the rule', () => {
    const policy = {
      isRetryable: ({ grpcCode }: { grpcCode: number }, byDefault: boolean) =>
        byDefault || grpcCode === ABORTED,
    };
    expect(isRetryable(failure(status.ABORTED), policy)).toBe(true);
    expect(isRetryable(failure(status.UNAVAILABLE), policy)).toBe(true);
    expect(isRetryable(failure(status.INTERNAL), policy)).toBe(false);
  });
});

describe('1.4 how long a retry waits', () => {
  const unavailable = failure(status.UNAVAILABLE);

  test('as in the official clients: 15 times, 50 ms by 4 up to 60 s, jitter from 2 s on', () => {
    const state = new RetryState(DEFAULT_RETRY_POLICY, () => 0.5);
    const waits = Array.from({ length: 16 }, () => state.nextDelayMs(unavailable));
    const long = Array.from({ length: 9 }, () => 60_250);
    expect(waits).toEqual([50, 200, 800, 3_450, 13_050, 51_450, ...long, undefined]);
  });

  test('the counter starts anew after a response', () => {
    const state = new RetryState({ ...DEFAULT_RETRY_POLICY, maxRetries: 1 });
    expect(state.nextDelayMs(unavailable)).toBe(50);
    expect(state.nextDelayMs(unavailable)).toBeUndefined();
    state.reset();
    expect(state.nextDelayMs(unavailable)).toBe(50);
  });

  test('longer when the server asks for it by RetryInfo, and not shorter', () => {
    const state = new RetryState(DEFAULT_RETRY_POLICY, () => 0);
    expect(state.nextDelayMs(failure(status.UNAVAILABLE, '', 1_234))).toBe(1_234);
    expect(state.nextDelayMs(failure(status.UNAVAILABLE, '', 1))).toBe(200);
  });

  test.each([
    [1_500, 1_500],
    [600_000, 600_000],
    [86_400_000, 600_000],
  ])('RetryInfo of %p ms counts as %p: ten minutes at most', (asked, expected) => {
    const error = serviceErrorOf({ ...UNAVAILABLE, retryDelayMs: asked });
    expect(grpcFailureOf(error as Parameters<typeof grpcFailureOf>[0]).retryDelayMs).toBe(expected);
  });
});

describe('1.4 retries', () => {
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
  const reattaches = () => server.requests<ReattachExecuteRequest>('ReattachExecute');
  const batch = (responseId: string, value: number): StreamScript => {
    return (stream) => {
      sendIds(stream, responseId, value, [value]);
      stream.fail(UNAVAILABLE);
    };
  };

  test('of an execution survive bursts of UNAVAILABLE, each response with a counter of its own', async () => {
    server.play(batch('r1', 0), cut, cut, batch('r2', 1), cut, cut, complete);
    await expect(ids()).resolves.toEqual([0, 1]);
    const after = reattaches().map((request) => request.lastResponseId);
    expect(after).toEqual(['r1', 'r1', 'r1', 'r2', 'r2', 'r2']);
  });

  test('of an execution end when they are used up, with the failure and a release', async () => {
    server.play(cut, cut, cut, cut);
    await expect(ids()).rejects.toMatchObject({
      code: 'CONNECTION_UNAVAILABLE',
      grpcCode: status.UNAVAILABLE,
    });
    await server.untilReleased();
    expect(reattaches()).toHaveLength(3);
  });

  test('of an execution wait as long as the server asks, whatever the status', async () => {
    server.play(failing({ code: status.RESOURCE_EXHAUSTED, message: 'busy', retryDelayMs: 30 }), complete);
    const startedAt = performance.now();
    await expect(ids()).resolves.toEqual([]);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(29);
  });

  test('take a cursor lost to another stream of ours (INVALID_CURSOR.DISCONNECTED) for a broken connection', async () => {
    server.play(failing({ code: status.INTERNAL, message: '[INVALID_CURSOR.DISCONNECTED] x' }), complete);
    await expect(ids()).resolves.toEqual([]);
    expect(reattaches()).toHaveLength(1);
  });

  test('are not made for a final failure', async () => {
    server.play(failing({ code: status.INTERNAL, message: '[DIVIDE_BY_ZERO] x' }));
    await expect(ids()).rejects.toMatchObject({ code: 'EXECUTION_FAILED' });
    expect(reattaches()).toEqual([]);
  });

  test('of calls that are answered at once follow the policy of the session', async () => {
    server.analyzeFailures.push(UNAVAILABLE, UNAVAILABLE, UNAVAILABLE);
    await expect(spark.version()).resolves.toBe('4.0.1');
    server.analyzeFailures.push(UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, UNAVAILABLE);
    await expect(spark.version()).rejects.toMatchObject({ code: 'CONNECTION_UNAVAILABLE' });
    expect(server.methods()).toHaveLength(8);
  });

  test('of a policy with a rule of its own follow that rule', async () => {
    const seen: number[] = [];
    const stubborn = sessionOf(server, {
      retryPolicy: {
        ...FAST_RETRIES,
        isRetryable: ({ grpcCode }) => {
          seen.push(grpcCode);
          return grpcCode === ABORTED;
        },
      },
    });
    server.analyzeFailures.push({ code: status.ABORTED, message: 'x' }, UNAVAILABLE);
    await expect(stubborn.version()).rejects.toMatchObject({ code: 'CONNECTION_UNAVAILABLE' });
    expect(seen).toEqual([status.ABORTED, status.UNAVAILABLE]);
    await stubborn.close();
  });

  test('that would begin after the deadline are not waited for', async () => {
    server.analyzeFailures.push({ ...UNAVAILABLE, retryDelayMs: 60_000 });
    const startedAt = performance.now();
    await expect(spark.version({ deadlineMs: 10_000 })).rejects.toMatchObject({
      code: 'CONNECTION_UNAVAILABLE',
    });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
