import { status } from '@grpc/grpc-js';
import { ScriptedServer } from '../testing/scripted-server';
import { sessionOf } from '../testing/scripted-session';
import { convertFailure } from './convert-failure';
import { GrpcFailure, grpcFailureOf } from './grpc-failure';
import { isSparkConnectError } from './spark-connect-error';

const CONTEXT = { sessionId: 's', operationId: 'o' };

let server: ScriptedServer;

beforeEach(async () => {
  server = await ScriptedServer.start();
});

afterEach(() => {
  server.close();
});

describe('a failure of the server', () => {
  it('keeps class, SQLSTATE, parameters and stack of the trailer', async () => {
    const spark = sessionOf(server);
    server.analyzeFailures.push({
      code: status.INTERNAL,
      message: '[TABLE_OR_VIEW_NOT_FOUND] The table cannot be found.',
      reason: 'org.apache.spark.sql.catalyst.ExtendedAnalysisException',
      metadata: {
        classes:
          '["org.apache.spark.sql.catalyst.ExtendedAnalysisException","org.apache.spark.sql.AnalysisException","java.lang.Exception"]',
        errorClass: 'TABLE_OR_VIEW_NOT_FOUND',
        sqlState: '42P01',
        messageParameters: '{"relationName":"`t`"}',
        stackTrace: 'at x',
      },
    });
    const error: unknown = await spark.version().catch((caught: unknown) => caught);
    expect(isSparkConnectError(error)).toBe(true);
    expect(error).toMatchObject({
      name: 'AnalysisError',
      code: 'ANALYSIS',
      grpcCode: status.INTERNAL,
      errorClass: 'TABLE_OR_VIEW_NOT_FOUND',
      sqlState: '42P01',
      messageParameters: { relationName: '`t`' },
      serverStack: 'at x',
    });
    await spark.close();
  });

  it('brings the whole chain of the server where it still has it', async () => {
    const spark = sessionOf(server);
    server.errorDetails = {
      rootErrorIdx: 0,
      errors: [
        {
          message: 'the query failed',
          errorTypeHierarchy: ['org.apache.spark.sql.streaming.StreamingQueryException'],
          causeIdx: 1,
          sparkThrowable: { errorClass: 'STREAM_FAILED', sqlState: 'XXKST', messageParameters: { id: 'q' } },
        },
        {
          message: 'disk full',
          errorTypeHierarchy: ['java.io.IOException'],
          stackTrace: [{ declaringClass: 'A', methodName: 'b', lineNumber: 3 }],
        },
      ],
    };
    server.analyzeFailures.push({ code: status.INTERNAL, message: 'cut', metadata: { errorId: 'e1' } });
    await expect(spark.version()).rejects.toMatchObject({
      code: 'STREAMING_QUERY',
      message: 'the query failed',
      errorClass: 'STREAM_FAILED',
      messageParameters: { id: 'q' },
      cause: { message: 'disk full', serverStack: 'A.b(Unknown:3)' },
    });
    await spark.close();
  });
});

describe('convertFailure', () => {
  it.each([
    [status.UNAVAILABLE, 'gone', 'CONNECTION_UNAVAILABLE'],
    [status.DEADLINE_EXCEEDED, 'late', 'DEADLINE_EXCEEDED'],
    [status.CANCELLED, 'canceled', 'OPERATION_CANCELED'],
    [status.INTERNAL, '[OPERATION_CANCELED] Operation has been canceled.', 'OPERATION_CANCELED'],
    [status.INTERNAL, '[INVALID_HANDLE.OPERATION_ABANDONED] x', 'OPERATION_NOT_FOUND'],
    [status.INTERNAL, '[DIVIDE_BY_ZERO] x', 'EXECUTION_FAILED'],
    [status.INTERNAL, 'a message without a class', 'EXECUTION_FAILED'],
  ])('reads gRPC status %p with "%s" as %s', (grpcCode, message, code) => {
    const error = convertFailure(new GrpcFailure(grpcCode, message, undefined, undefined), CONTEXT);
    expect(error).toMatchObject({ code, grpcCode, operationId: 'o', sessionId: 's' });
  });

  it('survives a garbled trailer', () => {
    const metadata = { get: () => [Buffer.from([0xff, 0xff])] };
    const failure = grpcFailureOf(
      Object.assign(new Error('x'), { code: status.INTERNAL, details: 'plain', metadata }) as never,
    );
    expect(convertFailure(failure, CONTEXT)).toMatchObject({ message: 'plain', code: 'EXECUTION_FAILED' });
  });
});
