import { status } from '@grpc/grpc-js';
import { convertFailure } from '../errors/convert-failure';
import { GrpcFailure, grpcFailureOf } from '../errors/grpc-failure';
import { isSparkConnectError } from '../errors/spark-connect-error';
import type { FetchErrorDetailsRequest } from '../generated/spark/connect/base_pb';
import type { SparkSession } from '../session/spark-session';
import { ScriptedServer } from '../testing/scripted-server';
import { sessionOf } from '../testing/scripted-session';

const CONTEXT = { sessionId: 's', operationId: 'o' };

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

/** The error of a call that fails like this. */
async function errorAfter(...failures: typeof server.analyzeFailures): Promise<unknown> {
  server.analyzeFailures.push(...failures);
  return spark.version().catch((caught: unknown) => caught);
}

const detailRequests = () => server.requests<FetchErrorDetailsRequest>('FetchErrorDetails');

describe('1.5 the details of the trailer', () => {
  const refused = {
    code: status.INTERNAL,
    message: '[TABLE_OR_VIEW_NOT_FOUND] The table cannot be found. SQLSTATE: 42P01',
    reason: 'org.apache.spark.sql.catalyst.ExtendedAnalysisException',
    metadata: {
      classes:
        '["org.apache.spark.sql.catalyst.ExtendedAnalysisException","org.apache.spark.sql.AnalysisException","java.lang.Exception"]',
      errorClass: 'TABLE_OR_VIEW_NOT_FOUND',
      sqlState: '42P01',
      messageParameters: '{"relationName":"`t`"}',
      stackTrace: 'at x',
    },
  };

  test('become the error: class, SQLSTATE, parameters, exception classes, stack', async () => {
    const error = await errorAfter(refused);
    expect(isSparkConnectError(error)).toBe(true);
    expect(error).toMatchObject({
      name: 'AnalysisError',
      code: 'ANALYSIS',
      message: refused.message,
      grpcCode: status.INTERNAL,
      errorClass: 'TABLE_OR_VIEW_NOT_FOUND',
      sqlState: '42P01',
      messageParameters: { relationName: '`t`' },
      exceptionClasses: [
        'org.apache.spark.sql.catalyst.ExtendedAnalysisException',
        'org.apache.spark.sql.AnalysisException',
        'java.lang.Exception',
      ],
      serverStack: 'at x',
      sessionId: spark.sessionId,
    });
  });

  test('are read as far as they go where the server has cut them', async () => {
    const { messageParameters, ...metadata } = refused.metadata;
    const cut = {
      ...metadata,
      classes: metadata.classes.slice(0, -20),
      messageParameters: messageParameters.slice(0, -4),
    };
    await expect(errorAfter({ ...refused, metadata: cut })).resolves.toMatchObject({
      code: 'ANALYSIS',
      messageParameters: {},
    });
  });

  test('are not needed: the class is in the brackets of the message, too', () => {
    const failure = new GrpcFailure(status.INTERNAL, '[DIVIDE_BY_ZERO] x', undefined, undefined);
    expect(convertFailure(failure, CONTEXT)).toMatchObject({
      code: 'EXECUTION_FAILED',
      errorClass: 'DIVIDE_BY_ZERO',
    });
  });

  test('may be garbled: the plain status still tells the failure', () => {
    const metadata = { get: () => [Buffer.from([0xff, 0xff])] };
    const failure = grpcFailureOf(
      Object.assign(new Error('x'), { code: status.INTERNAL, details: 'plain', metadata }) as never,
    );
    expect(convertFailure(failure, CONTEXT)).toMatchObject({ message: 'plain', code: 'EXECUTION_FAILED' });
  });
});

describe('1.5 FetchErrorDetails', () => {
  const cut = { code: status.INTERNAL, message: 'x'.repeat(2_048), metadata: { errorId: 'e1' } };
  const ofIO = { message: 'disk full', errorTypeHierarchy: ['java.io.IOException'] };

  test('brings the whole chain, each link with what it knows', async () => {
    server.errorDetails = {
      rootErrorIdx: 1,
      errors: [
        { ...ofIO, stackTrace: [{ declaringClass: 'A', methodName: 'b', lineNumber: 3 }] },
        {
          message: 'the query failed',
          errorTypeHierarchy: ['org.apache.spark.sql.streaming.StreamingQueryException'],
          causeIdx: 2,
          sparkThrowable: { errorClass: 'STREAM_FAILED', sqlState: 'XXKST', messageParameters: { id: 'q' } },
        },
        {
          message: 'no such table',
          errorTypeHierarchy: ['org.apache.spark.sql.AnalysisException'],
          causeIdx: 0,
        },
      ],
    };
    await expect(errorAfter(cut)).resolves.toMatchObject({
      code: 'STREAMING_QUERY',
      message: 'the query failed',
      errorClass: 'STREAM_FAILED',
      sqlState: 'XXKST',
      messageParameters: { id: 'q' },
      cause: {
        code: 'ANALYSIS',
        message: 'no such table',
        cause: { code: 'EXECUTION_FAILED', message: 'disk full', serverStack: 'A.b(Unknown:3)' },
      },
    });
    expect(detailRequests()).toMatchObject([{ errorId: 'e1', sessionId: spark.sessionId }]);
  });

  test('restores a message that the status cut at 2048 characters', async () => {
    server.errorDetails = { rootErrorIdx: 0, errors: [{ ...ofIO, message: 'y'.repeat(5_000) }] };
    await expect(errorAfter(cut)).resolves.toMatchObject({ message: 'y'.repeat(5_000) });
  });

  test('takes nothing away that the trailer told', async () => {
    server.errorDetails = { rootErrorIdx: 0, errors: [ofIO] };
    const metadata = { errorId: 'e1', errorClass: 'STREAM_FAILED', stackTrace: 'at x' };
    await expect(errorAfter({ ...cut, metadata })).resolves.toMatchObject({
      code: 'STREAMING_QUERY',
      errorClass: 'STREAM_FAILED',
      serverStack: 'at x',
    });
  });

  test.each([
    ['goes in a circle', 0],
    ['points at itself', 1],
    ['points nowhere', 7],
    ['is negative', -1],
  ])('a cause index that %s ends the chain', async (_what, causeIdx) => {
    server.errorDetails = {
      rootErrorIdx: 0,
      errors: [
        { ...ofIO, message: 'first', causeIdx: 1 },
        { ...ofIO, message: 'second', causeIdx },
      ],
    };
    const error = await errorAfter(cut);
    expect(error).toMatchObject({ message: 'first', cause: { message: 'second' } });
    expect((error as { cause: Error }).cause.cause).toBeUndefined();
  });

  test('that knows the error no longer leaves the error as it is', async () => {
    server.errorDetails = { errors: [] };
    await expect(errorAfter(cut)).resolves.toMatchObject({ code: 'EXECUTION_FAILED', message: cut.message });
  });

  test('that fails, or is not answered in time, leaves the error as it is', async () => {
    server.failuresOf('FetchErrorDetails').push({ code: status.INTERNAL, message: 'gone' });
    await expect(errorAfter(cut)).resolves.toMatchObject({ message: cut.message });
    server.silent.add('FetchErrorDetails');
    const hasty = sessionOf(server, { errorDetailsDeadlineMs: 30 });
    server.analyzeFailures.push(cut);
    await expect(hasty.version()).rejects.toMatchObject({ message: cut.message });
    await hasty.close();
  });

  test('is not asked for without an errorId, nor of a server that is away', async () => {
    await errorAfter({ code: status.INTERNAL, message: 'x' });
    const away = { code: status.UNAVAILABLE, message: 'away', metadata: { errorId: 'e1' } };
    await errorAfter(away, away, away, away);
    expect(detailRequests()).toEqual([]);
  });
});

describe('1.5 the code of an error', () => {
  test.each([
    [status.UNAVAILABLE, 'gone', 'CONNECTION_UNAVAILABLE'],
    [status.DEADLINE_EXCEEDED, 'late', 'DEADLINE_EXCEEDED'],
    [status.CANCELLED, 'canceled', 'OPERATION_CANCELED'],
    [status.UNAUTHENTICATED, 'Invalid authentication token', 'UNAUTHENTICATED'],
    [status.PERMISSION_DENIED, 'no', 'PERMISSION_DENIED'],
    [status.UNIMPLEMENTED, 'unknown service', 'NOT_SPARK_CONNECT'],
    [status.RESOURCE_EXHAUSTED, 'Received message larger than max (5 vs 4)', 'MESSAGE_TOO_LARGE'],
    [status.RESOURCE_EXHAUSTED, 'gRPC message exceeds maximum size 4: 5', 'MESSAGE_TOO_LARGE'],
    [status.RESOURCE_EXHAUSTED, 'too many requests', 'EXECUTION_FAILED'],
    [status.INTERNAL, '[OPERATION_CANCELED] Operation has been canceled.', 'OPERATION_CANCELED'],
    [status.INTERNAL, '[INVALID_HANDLE.OPERATION_ABANDONED] x', 'OPERATION_NOT_FOUND'],
    [status.INTERNAL, '[DIVIDE_BY_ZERO] x', 'EXECUTION_FAILED'],
    [status.INTERNAL, 'a message without a class', 'EXECUTION_FAILED'],
  ])('of gRPC status %p with "%s" is %s', (grpcCode, message, code) => {
    const error = convertFailure(new GrpcFailure(grpcCode, message, undefined, undefined), CONTEXT);
    expect(error).toMatchObject({ code, grpcCode, operationId: 'o', sessionId: 's' });
  });

  test('follows the error class before the exception class', async () => {
    const metadata = {
      errorClass: 'INVALID_HANDLE.SESSION_CLOSED',
      classes: '["org.apache.spark.sql.AnalysisException"]',
    };
    await expect(errorAfter({ code: status.INTERNAL, message: 'x', metadata })).resolves.toMatchObject({
      code: 'SESSION_CLOSED',
    });
  });
});

describe('1.5 the sentence of an error that is not of Spark says cause and cure', () => {
  const SERVER = { ...CONTEXT, server: 'spark.example:15002', call: 'Config' };

  test.each([
    [status.UNAVAILABLE, 'x', /^spark\.example:15002 cannot be reached \(x\)\. Check .*use_ssl/],
    [status.DEADLINE_EXCEEDED, 'x', /did not answer Config in time \(x\)\. .*deadlineMs/],
    [status.UNAUTHENTICATED, 'x', /wants a token \(x\)\. Give token=.*spark\.connect\.authenticate\.token/],
    [status.PERMISSION_DENIED, 'x', /does not allow.*user_id/],
    [status.UNIMPLEMENTED, 'x', /is no Spark Connect server \(x\).*15002/],
    [
      status.RESOURCE_EXHAUSTED,
      'Received message larger than max (5 vs 4)',
      /grpc_max_message_size.*maxInboundMessageSize/,
    ],
  ])('for gRPC status %p', (grpcCode, message, sentence) => {
    const error = convertFailure(new GrpcFailure(grpcCode, message, undefined, undefined), SERVER);
    expect(error.message).toMatch(sentence);
    expect(error.message).not.toContain('\n');
  });

  test("and Spark's own words are left alone", () => {
    const failure = new GrpcFailure(status.UNAVAILABLE, '[SOME_CLASS] words of Spark', undefined, undefined);
    expect(convertFailure(failure, SERVER).message).toBe('[SOME_CLASS] words of Spark');
  });
});
