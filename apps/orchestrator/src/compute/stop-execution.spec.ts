import { randomUUID } from 'node:crypto';
import {
  AnalysisError,
  ConnectionUnavailableError,
  DEFAULT_RETRY_POLICY,
  OperationCanceledError,
  OperationNotFoundError,
  PermissionDeniedError,
  ProtocolError,
  SessionChangedError,
  SessionClosedError,
  SparkConnectError,
  SparkSession,
} from 'spark-connect-js';
import { stopExecution, tellsOfItsEnd } from './stop-execution';

/** Nothing listens there: the port is reserved. */
const NOWHERE = 'sc://127.0.0.1:1';

describe('the end of an execution', () => {
  it.each([
    ['it was interrupted', new OperationCanceledError('x')],
    ['Spark does not know it', new OperationNotFoundError('x')],
    ['the session is another one', new SessionChangedError('x')],
    ['the session is closed', new SessionClosedError('x')],
    ['its plan failed', new AnalysisError('x', { errorClass: 'UNRESOLVED_COLUMN' })],
    ['a task failed', new SparkConnectError('x', { exceptionClasses: ['org.apache.spark.SparkException'] })],
  ])('is known when %s', (_what, error) => {
    expect(tellsOfItsEnd(error)).toBe(true);
  });

  it.each([
    ['the server is away', new ConnectionUnavailableError('x')],
    ['this user may not ask', new PermissionDeniedError('x')],
    ['the answer makes no sense', new ProtocolError('x')],
    ['something between fails', new SparkConnectError('x', { grpcCode: 13 })],
    ['it is no error of Spark', new TypeError('x')],
  ])('is not known when %s', (_what, error) => {
    expect(tellsOfItsEnd(error)).toBe(false);
  });
});

it('does not take a server that is away for an execution that has ended', async () => {
  const spark = SparkSession.builder()
    .remote(NOWHERE)
    .clientSettings({ retryPolicy: { ...DEFAULT_RETRY_POLICY, maxRetries: 0 } })
    .build();
  try {
    await expect(stopExecution(spark, randomUUID())).rejects.toMatchObject({
      code: 'CONNECTION_UNAVAILABLE',
    });
  } finally {
    await spark.close();
  }
});
